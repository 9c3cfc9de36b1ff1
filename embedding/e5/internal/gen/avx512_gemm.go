package main

// vnniTile is the largest number of tokens of one gemm call: twelve
// accumulators, the rest of the 32 registers for weights and products.
const vnniTile = 12

// gemm: Z0… accumulate one token each; Z12–Z19 hold a block of weights, one
// byte each; Z20 its scales; four tokens' integer products at a time.
func (f *avx512File) gemm(nin, tokens int) {
	nblk := nin / blockLen
	f.text("// func vnniGemm%dx%d(w *byte, aq *int8, ad *float32, as *int32, bias *float32, y *float32, ystride int)", nin, tokens)
	f.text("TEXT ·vnniGemm%dx%d(SB), NOSPLIT, $0-56", nin, tokens)
	f.load(gemmArgs...)
	f.op("VPBROADCASTD %s, Z31", f.pool.at("nib"))
	f.op("VMOVUPS (SI), Z0")
	for t := 1; t < tokens; t++ {
		f.op("VMOVAPS Z0, Z%d", t)
	}
	f.op("MOVQ $%d, R9", nblk)
	f.text("loop:")
	f.unpackWeights()
	for t := 0; t < tokens; t += 4 {
		f.gemmTokens(nin, t, min(t+4, tokens))
	}
	f.op("ADDQ $%d, AX", packedBlock)
	f.op("ADDQ $%d, BX", blockLen)
	f.ops("ADDQ $4, CX", "ADDQ $4, DX", "DECQ R9", "JNZ loop")
	for t := range tokens {
		f.op("VMOVUPS Z%d, (DI)", t)
		if t < tokens-1 {
			f.op("ADDQ R8, DI")
		}
	}
	f.end()
}

// unpackWeights splits a block's nibbles: low ones to Z12–Z15, high to Z16–Z19.
func (f *avx512File) unpackWeights() {
	for j := range 4 {
		f.op("VMOVDQU32 %d(AX), Z%d", 64*j, 12+j)
	}
	for j := range 4 {
		f.op("VPSRLW $4, Z%d, Z%d", 12+j, 16+j)
		f.op("VPANDD Z31, Z%d, Z%d", 12+j, 12+j)
		f.op("VPANDD Z31, Z%d, Z%d", 16+j, 16+j)
	}
	f.op("VMOVUPS %d(AX), Z20", scalesAt)
}

// gemmTokens adds the block's products for tokens from…to-1, at most four. Two
// banks of registers take turns, so that the next four need not wait.
func (f *avx512File) gemmTokens(nin, from, to int) {
	nblk := nin / blockLen
	bank := 21
	if from/4%2 == 1 {
		bank = 25
	}
	for t := from; t < to; t++ {
		f.op("VPBROADCASTD %d(DX), Z%d", t*nblk*4, bank+t-from)
	}
	for j := range 8 {
		for t := from; t < to; t++ {
			f.op("VPDPBUSD.BCST %d(BX), Z%d, Z%d", t*nin+4*j, 12+j, bank+t-from)
		}
	}
	for t := from; t < to; t++ {
		sum, scale := bank+t-from, 29+t&1
		f.op("VCVTDQ2PS Z%d, Z%d", sum, sum)
		f.op("VMULPS.BCST %d(CX), Z20, Z%d", t*nblk*4, scale)
		f.op("VFMADD231PS Z%d, Z%d, Z%d", sum, scale, t)
	}
}
