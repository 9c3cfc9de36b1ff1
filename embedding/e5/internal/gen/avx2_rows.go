package main

// quantize takes one block of 32 values a turn.
func (f *avx2File) quantize() {
	f.text("TEXT ·avx2Quantize(SB), NOSPLIT, $0-40")
	f.load(quantizeArgs...)
	f.with("VMOVUPS", "abs", "Y15")
	f.with("VMOVSS", "i127", "X14")
	f.with("VMOVSS", "c127", "X13")
	f.op("VXORPS Y12, Y12, Y12")
	f.with("VMOVDQU", "perm", "Y11")
	f.text("qloop:")
	for i := range 4 {
		f.op("VMOVUPS %d(AX), Y%d", 32*i, i)
		f.op("VANDPS Y15, Y%d, Y%d", i, 4+i)
	}
	f.ops("VMAXPS Y5, Y4, Y4", "VMAXPS Y7, Y6, Y6", "VMAXPS Y6, Y4, Y4")
	f.reduce("VMAXPS", 4, 5)
	f.ops("VMULSS X14, X4, X6", "VMOVSS X6, (CX)", "VUCOMISS X12, X4", "JEQ qzero", "VDIVSS X4, X13, X5", "JMP qgo")
	f.text("qzero:")
	f.op("VXORPS X5, X5, X5")
	f.text("qgo:")
	f.op("VBROADCASTSS X5, Y5")
	for i := range 4 {
		f.op("VMULPS Y5, Y%d, Y%d", i, i)
		f.op("VCVTPS2DQ Y%d, Y%d", i, i)
	}
	f.ops("VPADDD Y0, Y1, Y6", "VPADDD Y2, Y3, Y7", "VPADDD Y6, Y7, Y6")
	f.reduce("VPADDD", 6, 7)
	f.ops("VPSLLD $3, X6, X6", "VPSUBD X6, X12, X6", "VMOVD X6, (DX)")
	f.ops("VPACKSSDW Y1, Y0, Y0", "VPACKSSDW Y3, Y2, Y2", "VPACKSSWB Y2, Y0, Y0", "VPERMD Y0, Y11, Y0", "VMOVDQU Y0, (BX)")
	f.ops("ADDQ $128, AX", "ADDQ $32, BX", "ADDQ $4, CX", "ADDQ $4, DX", "DECQ R9", "JNZ qloop")
	f.end()
}

// normVectors is the number of 8-value vectors of a row.
const normVectors = hidden / 8

// addNorm goes over the row three times: sum, variance, result.
func (f *avx2File) addNorm() {
	f.text("TEXT ·avx2AddNorm(SB), NOSPLIT, $0-36")
	f.load(normArgs...)
	f.zero(4)
	f.ops("TESTQ BX, BX", "JZ noy")
	for i := range normVectors {
		f.op("VMOVUPS %d(AX), Y4", 32*i)
		f.op("VADDPS %d(BX), Y4, Y4", 32*i)
		f.op("VMOVUPS Y4, %d(AX)", 32*i)
		f.op("VADDPS Y4, Y%d, Y%d", i%4, i%4)
	}
	f.op("JMP sum")
	f.text("noy:")
	for i := range normVectors {
		f.op("VADDPS %d(AX), Y%d, Y%d", 32*i, i%4, i%4)
	}
	f.text("sum:")
	f.sumPartials()
	f.op("VBROADCASTSS X0, Y15")
	f.with("VMULPS", "i384", "Y15, Y15")
	f.deviation()
	for i := range normVectors {
		v, gamma := i%8, 8+i%4
		f.op("VMOVUPS %d(AX), Y%d", 32*i, v)
		f.op("VSUBPS Y15, Y%d, Y%d", v, v)
		f.op("VMULPS Y14, Y%d, Y%d", v, v)
		f.op("VMOVUPS %d(CX), Y%d", 32*i, gamma)
		f.op("VFMADD213PS %d(DX), Y%d, Y%d", 32*i, gamma, v)
		f.op("VMOVUPS Y%d, %d(AX)", v, 32*i)
	}
	f.end()
}

// sumPartials adds Y0–Y3 up into lane 0.
func (f *avx2File) sumPartials() {
	f.ops("VADDPS Y1, Y0, Y0", "VADDPS Y3, Y2, Y2", "VADDPS Y2, Y0, Y0")
	f.reduce("VADDPS", 0, 1)
}

// deviation leaves 1/√(variance + eps) in Y14; Y15 holds the mean.
func (f *avx2File) deviation() {
	f.zero(4)
	for i := range normVectors {
		v := 4 + i%4
		f.op("VMOVUPS %d(AX), Y%d", 32*i, v)
		f.op("VSUBPS Y15, Y%d, Y%d", v, v)
		f.op("VFMADD231PS Y%d, Y%d, Y%d", v, v, i%4)
	}
	f.sumPartials()
	f.with("VMULSS", "i384", "X0, X0")
	f.ops("VADDSS eps+32(FP), X0, X0", "VSQRTSS X0, X0, X0")
	f.with("VMOVSS", "one", "X1")
	f.ops("VDIVSS X0, X1, X0", "VBROADCASTSS X0, Y14")
}

// gelu computes x/2 · (1 + erf(x/√2)).
func (f *avx2File) gelu() {
	f.text("TEXT ·avx2GELU(SB), NOSPLIT, $0-16")
	f.ops("MOVQ x+0(FP), AX", "MOVQ n16+8(FP), R9", "SHLQ $1, R9")
	f.text("gl:")
	f.op("VMOVUPS (AX), Y0")
	f.with("VMULPS", "rs2", "Y0, Y1")
	f.with("VANDPS", "abs", "Y1, Y1")
	f.with("VMOVUPS", "one", "Y2")
	f.op("VMOVAPS Y2, Y6")
	f.with("VFMADD231PS", "erp", "Y1, Y2")
	f.op("VDIVPS Y2, Y6, Y2")
	f.with("VMOVUPS", "a5", "Y3")
	for _, a := range []string{"a4", "a3", "a2", "a1"} {
		f.with("VFMADD213PS", a, "Y2, Y3")
	}
	f.ops("VMULPS Y2, Y3, Y3", "VMULPS Y1, Y1, Y1")
	f.with("VXORPS", "sign", "Y1, Y1")
	f.exp(1, 4, 5)
	f.op("VFNMADD213PS Y6, Y5, Y3") // erf of |x|/√2
	f.with("VANDPS", "sign", "Y0, Y4")
	f.ops("VORPS Y4, Y3, Y3", "VADDPS Y6, Y3, Y3")
	f.with("VMULPS", "half", "Y0, Y0")
	f.ops("VMULPS Y3, Y0, Y0", "VMOVUPS Y0, (AX)", "ADDQ $32, AX", "DECQ R9", "JNZ gl")
	f.end()
}
