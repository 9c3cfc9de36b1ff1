package main

// quantize takes one block of 32 values a turn.
func (f *avx512File) quantize() {
	f.text("// func avx512Quantize(x *float32, q *int8, d *float32, s *int32, nblk int)")
	f.text("TEXT ·avx512Quantize(SB), NOSPLIT, $0-40")
	f.load(quantizeArgs...)
	f.op("VPBROADCASTD %s, Z15", f.pool.at("abs"))
	f.op("VMOVSS %s, X14", f.pool.at("i127"))
	f.op("VMOVSS %s, X13", f.pool.at("c127"))
	f.op("VXORPS X12, X12, X12")
	f.text("qloop:")
	f.ops("VMOVUPS (AX), Z0", "VMOVUPS 64(AX), Z1", "VPANDD Z15, Z0, Z2", "VPANDD Z15, Z1, Z3", "VMAXPS Z2, Z3, Z2")
	f.reduceLow("VMAXPS", 2, 3)
	f.ops("VMULSS X14, X2, X4", "VMOVSS X4, (CX)", "XORL R10, R10", "VUCOMISS X12, X2", "JEQ qzero", "VDIVSS X2, X13, X5", "JMP qgo")
	f.text("qzero:")
	f.op("VXORPS X5, X5, X5")
	f.text("qgo:")
	f.ops("VBROADCASTSS X5, Z5", "VMULPS Z5, Z0, Z0", "VMULPS Z5, Z1, Z1", "VCVTPS2DQ Z0, Z0", "VCVTPS2DQ Z1, Z1",
		"VPMOVSDB Z0, (BX)", "VPMOVSDB Z1, 16(BX)", "VPADDD Z0, Z1, Z0")
	f.reduceLow("VPADDD", 0, 3)
	f.ops("VPSLLD $3, X0, X0", "VPSUBD X0, X12, X0", "VMOVD X0, (DX)")
	f.ops("ADDQ $128, AX", "ADDQ $32, BX", "ADDQ $4, CX", "ADDQ $4, DX", "DECQ R9", "JNZ qloop")
	f.end()
}

// normRegisters hold one row: 24 registers of 16 values.
const normRegisters = hidden / 16

// addNorm keeps the whole row in registers, so each value is read once.
func (f *avx512File) addNorm() {
	f.text("// func avx512AddNorm(x *float32, y *float32, gam *float32, bet *float32, eps float32)")
	f.text("TEXT ·avx512AddNorm(SB), NOSPLIT, $0-36")
	f.load(normArgs...)
	for i := range normRegisters {
		f.op("VMOVUPS %d(AX), Z%d", 64*i, i)
	}
	f.ops("TESTQ BX, BX", "JZ noy")
	for i := range normRegisters {
		f.op("VADDPS %d(BX), Z%d, Z%d", 64*i, i, i)
	}
	f.text("noy:")
	f.mean()
	f.deviation()
	for i := range normRegisters {
		gamma := 24 + i%4
		f.op("VMULPS Z29, Z%d, Z%d", i, i)
		f.op("VMOVUPS %d(CX), Z%d", 64*i, gamma)
		f.op("VFMADD213PS %d(DX), Z%d, Z%d", 64*i, gamma, i)
		f.op("VMOVUPS Z%d, %d(AX)", i, 64*i)
	}
	f.end()
}

// mean subtracts the row's mean, with four partial sums.
func (f *avx512File) mean() {
	for j := range 4 {
		f.op("VMOVAPS Z%d, Z%d", j, 24+j)
	}
	for i := 4; i < normRegisters; i++ {
		f.op("VADDPS Z%d, Z%d, Z%d", i, 24+i%4, 24+i%4)
	}
	f.ops("VADDPS Z25, Z24, Z24", "VADDPS Z27, Z26, Z26", "VADDPS Z26, Z24, Z24")
	f.reduceAll("VADDPS", 24, 25)
	f.broadcast("i384", 28)
	f.op("VMULPS Z28, Z24, Z24")
	for i := range normRegisters {
		f.op("VSUBPS Z24, Z%d, Z%d", i, i)
	}
}

// deviation leaves 1/√(variance + eps) in Z29.
func (f *avx512File) deviation() {
	partial := func(i int) int {
		if i%4 == 0 {
			return 29
		}
		return 24 + i%4
	}
	for j := range 4 {
		f.op("VMULPS Z%d, Z%d, Z%d", j, j, partial(j))
	}
	for i := 4; i < normRegisters; i++ {
		f.op("VFMADD231PS Z%d, Z%d, Z%d", i, i, partial(i))
	}
	f.ops("VADDPS Z25, Z29, Z29", "VADDPS Z27, Z26, Z26", "VADDPS Z26, Z29, Z29")
	f.reduceAll("VADDPS", 29, 25)
	f.ops("VMULPS Z28, Z29, Z29", "VBROADCASTSS eps+32(FP), Z25", "VADDPS Z25, Z29, Z29", "VSQRTPS Z29, Z29")
	f.broadcast("one", 25)
	f.op("VDIVPS Z29, Z25, Z29")
}

// gelu computes x/2 · (1 + erf(x/√2)).
func (f *avx512File) gelu() {
	f.text("// func avx512GELU(x *float32, n16 int)")
	f.text("TEXT ·avx512GELU(SB), NOSPLIT, $0-16")
	f.ops("MOVQ x+0(FP), AX", "MOVQ n16+8(FP), R9")
	f.expConstants()
	for i, name := range []string{"rs2", "erp", "a5", "a4", "a3", "a2", "a1", "half"} {
		f.broadcast(name, 6+i)
	}
	f.op("VPBROADCASTD %s, Z14", f.pool.at("abs"))
	f.op("VPBROADCASTD %s, Z15", f.pool.at("sign"))
	f.text("gl:")
	f.ops("VMOVUPS (AX), Z0", "VMULPS Z6, Z0, Z1", "VPANDD Z14, Z1, Z1", "VMOVAPS Z25, Z2", "VFMADD231PS Z7, Z1, Z2", "VDIVPS Z2, Z25, Z2", "VMOVAPS Z8, Z3")
	for _, a := range []int{9, 10, 11, 12} {
		f.op("VFMADD213PS Z%d, Z2, Z3", a)
	}
	f.ops("VMULPS Z2, Z3, Z3", "VMULPS Z1, Z1, Z1", "VPXORD Z15, Z1, Z1")
	f.exp(1, 4, 5)
	f.op("VFNMADD213PS Z25, Z5, Z3") // erf of |x|/√2
	f.ops("VPANDD Z15, Z0, Z4", "VPORD Z4, Z3, Z3", "VADDPS Z25, Z3, Z3", "VMULPS Z13, Z0, Z0", "VMULPS Z3, Z0, Z0", "VMOVUPS Z0, (AX)")
	f.ops("ADDQ $64, AX", "DECQ R9", "JNZ gl")
	f.end()
}
