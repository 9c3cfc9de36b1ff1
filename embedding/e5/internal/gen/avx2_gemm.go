package main

// avx2Tile is the largest number of tokens of one gemm call: four accumulators
// of the 16 registers.
const avx2Tile = 4

// avx2Gemm returns the AVX2 gemm kernels' assembly.
func avx2Gemm() []byte {
	f := &avx2File{emitter: newAssembly()}
	pool := newConstantPool(f.emitter, "kd")
	pool.put("nib", eight(nibbleMask)...)
	pool.put("ones", eight(0x00010001)...) // 16-bit ones: VPMADDWD with them adds pairs
	pool.close()
	f.pool = pool
	for _, nin := range inputs {
		for tokens := 1; tokens <= avx2Tile; tokens++ {
			f.gemm(nin, tokens)
		}
	}
	return f.Bytes()
}

// gemm goes twice over the group: eight of its 16 rows a time.
func (f *avx2File) gemm(nin, tokens int) {
	f.text("TEXT ·avx2Gemm%dx%d(SB), NOSPLIT, $0-56", nin, tokens)
	f.load(gemmArgs...)
	f.op("MOVQ $2, R10")
	f.text("half:")
	f.ops("MOVQ AX, R11", "MOVQ BX, R12", "MOVQ CX, R13", "MOVQ DX, R15", "VMOVUPS (SI), Y0")
	for t := 1; t < tokens; t++ {
		f.op("VMOVAPS Y0, Y%d", t)
	}
	f.op("MOVQ $%d, R9", nin/blockLen)
	f.text("loop:")
	f.unpackWeights()
	for t := range tokens {
		f.gemmToken(nin, t)
	}
	f.op("ADDQ $%d, R11", packedBlock)
	f.op("ADDQ $%d, R12", blockLen)
	f.ops("ADDQ $4, R13", "ADDQ $4, R15", "DECQ R9", "JNZ loop", "MOVQ DI, R11")
	for t := range tokens {
		f.op("VMOVUPS Y%d, (R11)", t)
		f.op("ADDQ R8, R11")
	}
	f.ops("ADDQ $32, AX", "ADDQ $32, SI", "ADDQ $32, DI", "DECQ R10", "JNZ half")
	f.end()
}

// unpackWeights splits a block's nibbles: low ones to Y4–Y7, high to Y8–Y11.
func (f *avx2File) unpackWeights() {
	for j := range 4 {
		f.op("VMOVDQU %d(R11), Y%d", 64*j, 4+j)
		f.op("VPSRLW $4, Y%d, Y%d", 4+j, 8+j)
		f.op("VPAND %s, Y%d, Y%d", f.pool.at("nib"), 4+j, 4+j)
		f.op("VPAND %s, Y%d, Y%d", f.pool.at("nib"), 8+j, 8+j)
	}
}

// gemmToken adds the block's products for one token. The 16-bit sums cannot
// overflow: 8 · 2 · 15 · 127 is below 2¹⁵.
func (f *avx2File) gemmToken(nin, t int) {
	nblk := nin / blockLen
	f.op("VPBROADCASTD %d(R12), Y12", t*nin)
	f.op("VPMADDUBSW Y12, Y4, Y13")
	for j := 1; j < 8; j++ {
		tmp := 12
		if j%2 == 1 {
			tmp = 14
		}
		f.op("VPBROADCASTD %d(R12), Y%d", t*nin+4*j, tmp)
		f.op("VPMADDUBSW Y%d, Y%d, Y%d", tmp, 4+j, tmp)
		f.op("VPADDW Y%d, Y13, Y13", tmp)
	}
	f.op("VPMADDWD %s, Y13, Y13", f.pool.at("ones"))
	f.op("VPBROADCASTD %d(R15), Y12", t*nblk*4)
	f.ops("VPADDD Y12, Y13, Y13", "VCVTDQ2PS Y13, Y13")
	f.op("VBROADCASTSS %d(R13), Y14", t*nblk*4)
	f.op("VMULPS %d(R11), Y14, Y14", scalesAt)
	f.op("VFMADD231PS Y13, Y14, Y%d", t)
}
