package main

// scores takes eight keys a turn; each query has two accumulators.
func (f *avx2File) scores(queries int) {
	f.text("TEXT ·avx2Scores%d(SB), NOSPLIT, $0-40", queries)
	f.load(scoresArgs...)
	f.ops("SHLQ $2, DX", "MOVQ DX, R9", "SHRQ $5, R9")
	if queries == 4 {
		f.fourRows()
	}
	f.text("sl:")
	f.op("MOVQ CX, SI")
	f.zero(2 * queries)
	for d := range headDim {
		key := 8 + d%2
		f.op("VMOVUPS (SI), Y%d", key)
		f.op("ADDQ DX, SI")
		for i, row := range rows[:queries] {
			f.op("VBROADCASTSS %d(%s), Y%d", 4*d, row, 10+i)
			f.op("VFMADD231PS Y%d, Y%d, Y%d", key, 10+i, i*2+d%2)
		}
	}
	f.op("MOVQ DI, R8")
	for i := range queries {
		f.op("VADDPS Y%d, Y%d, Y%d", 2*i+1, 2*i, 2*i)
		f.op("VMOVUPS Y%d, (R8)", 2*i)
		f.op("ADDQ DX, R8")
	}
	f.ops("ADDQ $32, CX", "ADDQ $32, DI", "DECQ R9", "JNZ sl")
	f.end()
}

// softmax works on whole vectors of eight; its caller fills the tail.
func (f *avx2File) softmax() {
	f.text("TEXT ·avx2Softmax(SB), NOSPLIT, $0-20")
	f.ops("MOVQ p+0(FP), AX", "MOVQ n8+8(FP), R9", "VBROADCASTSS scale+16(FP), Y15", "MOVQ AX, BX", "MOVQ R9, R11", "VMOVUPS (AX), Y14")
	f.text("m1:")
	f.ops("VMAXPS (BX), Y14, Y14", "ADDQ $32, BX", "DECQ R11", "JNZ m1")
	f.reduce("VMAXPS", 14, 13)
	f.ops("VBROADCASTSS X14, Y14", "VXORPS Y12, Y12, Y12", "MOVQ AX, BX", "MOVQ R9, R11")
	f.text("s1:")
	f.ops("VMOVUPS (BX), Y0", "VSUBPS Y14, Y0, Y0", "VMULPS Y15, Y0, Y0")
	f.exp(0, 1, 2)
	f.ops("VADDPS Y2, Y12, Y12", "VMOVUPS Y2, (BX)", "ADDQ $32, BX", "DECQ R11", "JNZ s1")
	f.reduce("VADDPS", 12, 13)
	f.with("VMOVSS", "one", "X1")
	f.ops("VDIVSS X12, X1, X1", "VBROADCASTSS X1, Y1", "MOVQ AX, BX")
	f.text("s3:")
	f.ops("VMULPS (BX), Y1, Y0", "VMOVUPS Y0, (BX)", "ADDQ $32, BX", "DECQ R9", "JNZ s3")
	f.end()
}

// attend takes one value row a turn for all queries.
func (f *avx2File) attend(queries int) {
	f.text("TEXT ·avx2Attend%d(SB), NOSPLIT, $0-56", queries)
	f.load(attendArgs...)
	f.ops("SHLQ $2, BX", "LEAQ (AX)(BX*1), R10")
	f.zero(4 * queries)
	f.text("pl:")
	for j := range 4 {
		f.op("VMOVUPS %d(CX), Y%d", 32*j, 8+j)
	}
	f.op("ADDQ DX, CX")
	for i, row := range rows[:queries] {
		f.op("VBROADCASTSS (%s), Y%d", row, 12+i)
		f.op("ADDQ $4, %s", row)
		for j := range 4 {
			f.op("VFMADD231PS Y%d, Y%d, Y%d", 8+j, 12+i, 4*i+j)
		}
	}
	f.ops("DECQ R9", "JNZ pl")
	for i := range queries {
		for j := range 4 {
			f.op("VMOVUPS Y%d, %d(DI)", 4*i+j, 32*j)
		}
		f.op("ADDQ R8, DI")
	}
	f.end()
}
