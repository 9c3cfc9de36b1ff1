package main

// scores takes 16 keys a turn; each query has two accumulators.
func (f *avx512File) scores(queries int) {
	f.text("// func avx512Scores%d(q *float32, qs int, kt *float32, tp int, p *float32)", queries)
	f.text("TEXT ·avx512Scores%d(SB), NOSPLIT, $0-40", queries)
	f.load(scoresArgs...)
	f.ops("SHLQ $2, DX", "MOVQ DX, R9", "SHRQ $6, R9")
	if queries == 4 {
		f.fourRows()
	}
	f.text("sl:")
	f.op("MOVQ CX, SI")
	f.zero(2 * queries)
	for d := range headDim {
		key := 16 + d%2
		f.op("VMOVUPS (SI), Z%d", key)
		f.op("ADDQ DX, SI")
		for i, row := range rows[:queries] {
			f.op("VFMADD231PS.BCST %d(%s), Z%d, Z%d", 4*d, row, key, i*2+d%2)
		}
	}
	f.op("MOVQ DI, R8")
	for i := range queries {
		f.op("VADDPS Z%d, Z%d, Z%d", 2*i+1, 2*i, 2*i)
		f.op("VMOVUPS Z%d, (R8)", 2*i)
		f.op("ADDQ DX, R8")
	}
	f.ops("ADDQ $64, CX", "ADDQ $64, DI", "DECQ R9", "JNZ sl")
	f.end()
}

// softmax: the mask K1 says which scores of the last vector exist; the others
// are set far below every score first.
func (f *avx512File) softmax() {
	f.text("// func avx512Softmax(p *float32, n16 int, lastmask int, scale float32)")
	f.text("TEXT ·avx512Softmax(SB), NOSPLIT, $0-28")
	f.ops("MOVQ p+0(FP), AX", "MOVQ n16+8(FP), R9", "MOVQ lastmask+16(FP), R10", "VBROADCASTSS scale+24(FP), Z27")
	f.expConstants()
	f.ops("KMOVW R10, K1", "MOVQ AX, BX", "MOVQ R9, R11", "DECQ R11", "MOVQ R11, R12", "SHLQ $6, R12", "LEAQ (AX)(R12*1), SI")
	f.broadcast("minexp", 30)
	f.ops("VMULPS Z30, Z30, Z30", "VMULPS Z30, Z30, Z30") // 87⁴ = 5.7e7
	f.op("VPBROADCASTD %s, Z29", f.pool.at("sign"))
	f.ops("VPORD Z29, Z30, Z30", "VMOVAPS Z30, Z28", "VMOVUPS (SI), K1, Z28", "VMOVAPS Z28, Z31", "VMOVUPS Z28, (SI)")
	f.ops("TESTQ R11, R11", "JZ m2")
	f.text("m1:")
	f.ops("VMAXPS (BX), Z31, Z31", "ADDQ $64, BX", "DECQ R11", "JNZ m1")
	f.text("m2:")
	f.reduceAll("VMAXPS", 31, 28)
	f.ops("VPXORD Z15, Z15, Z15", "MOVQ AX, BX", "MOVQ R9, R11")
	f.text("s1:")
	f.ops("VMOVUPS (BX), Z0", "VSUBPS Z31, Z0, Z0", "VMULPS Z27, Z0, Z0")
	f.exp(0, 1, 2)
	f.ops("CMPQ R11, $1", "JNE s2", "VMOVAPS.Z Z2, K1, Z2")
	f.text("s2:")
	f.ops("VADDPS Z2, Z15, Z15", "VMOVUPS Z2, (BX)", "ADDQ $64, BX", "DECQ R11", "JNZ s1")
	f.reduceAll("VADDPS", 15, 14)
	f.ops("VDIVPS Z15, Z25, Z15", "MOVQ AX, BX", "MOVQ R9, R11")
	f.text("s3:")
	f.ops("VMULPS (BX), Z15, Z0", "VMOVUPS Z0, (BX)", "ADDQ $64, BX", "DECQ R11", "JNZ s3")
	f.end()
}

// attend takes one value row a turn for all queries.
func (f *avx512File) attend(queries int) {
	f.text("// func avx512Attend%d(p *float32, tp int, v *float32, vs int, n int, o *float32, os int)", queries)
	f.text("TEXT ·avx512Attend%d(SB), NOSPLIT, $0-56", queries)
	f.load(attendArgs...)
	f.op("SHLQ $2, BX")
	if queries == 4 {
		f.fourRows()
	}
	f.zero(2 * queries)
	f.text("pl:")
	f.ops("VMOVUPS (CX), Z16", "VMOVUPS 64(CX), Z17", "ADDQ DX, CX")
	for i, row := range rows[:queries] {
		f.op("VBROADCASTSS (%s), Z%d", row, 18+i)
		f.op("ADDQ $4, %s", row)
		f.op("VFMADD231PS Z16, Z%d, Z%d", 18+i, 2*i)
		f.op("VFMADD231PS Z17, Z%d, Z%d", 18+i, 2*i+1)
	}
	f.ops("DECQ R9", "JNZ pl")
	for i := range queries {
		f.op("VMOVUPS Z%d, (DI)", 2*i)
		f.op("VMOVUPS Z%d, 64(DI)", 2*i+1)
		f.op("ADDQ R8, DI")
	}
	f.end()
}
