package main

// avx2File emits AVX2 kernels.
type avx2File struct {
	*emitter
	pool *constantPool
}

// avx2 returns the assembly of the AVX2 and FMA kernels other than gemm.
func avx2() []byte {
	e := newAssembly()
	f := &avx2File{emitter: e, pool: newConstantPool(e, "ke")}
	for _, c := range constants {
		f.pool.put(c.name, eight(float32bits(c.value))...)
	}
	f.pool.put("abs", eight(absMask)...)
	f.pool.put("sign", eight(signMask)...)
	f.pool.put("perm", 0, 4, 1, 5, 2, 6, 3, 7)
	f.pool.close()
	f.quantize()
	f.addNorm()
	f.gelu()
	f.scores(4)
	f.scores(1)
	f.softmax()
	f.attend(2)
	f.attend(1)
	return f.Bytes()
}

// end returns from the function.
func (f *avx2File) end() { f.ops("VZEROUPPER", "RET\n") }

// with writes an instruction whose first operand is a constant in memory.
func (f *avx2File) with(op, constant, rest string) {
	f.op("%s %s, %s", op, f.pool.at(constant), rest)
}

// zero clears the first n registers.
func (f *avx2File) zero(n int) {
	for y := range n {
		f.op("VXORPS Y%d, Y%d, Y%d", y, y, y)
	}
}

// reduce folds register y with op into lane 0 of its low part.
func (f *avx2File) reduce(op string, y, tmp int) {
	f.op("VEXTRACTF128 $1, Y%d, X%d", y, tmp)
	f.op("%s X%d, X%d, X%d", op, tmp, y, y)
	for _, order := range []string{"0x4e", "0xb1"} {
		f.op("VPSHUFD $%s, X%d, X%d", order, y, tmp)
		f.op("%s X%d, X%d, X%d", op, tmp, y, y)
	}
}

// exp computes e to the power x into p; x and n are overwritten.
func (f *avx2File) exp(x, n, p int) {
	f.op("VMAXPS %s, Y%d, Y%d", f.pool.at("minexp"), x, x)
	f.op("VMULPS %s, Y%d, Y%d", f.pool.at("log2e"), x, n)
	f.op("VROUNDPS $8, Y%d, Y%d", n, n)
	f.op("VFNMADD231PS %s, Y%d, Y%d", f.pool.at("ln2hi"), n, x)
	f.op("VFNMADD231PS %s, Y%d, Y%d", f.pool.at("ln2lo"), n, x)
	f.op("VMOVUPS %s, Y%d", f.pool.at("e0"), p)
	for _, k := range []string{"e1", "e2", "e3", "e4", "e5"} {
		f.op("VFMADD213PS %s, Y%d, Y%d", f.pool.at(k), x, p)
	}
	f.op("VMULPS Y%d, Y%d, Y%d", x, p, p)
	f.op("VFMADD213PS Y%d, Y%d, Y%d", x, x, p)
	f.op("VADDPS %s, Y%d, Y%d", f.pool.at("one"), p, p)
	f.op("VCVTPS2DQ Y%d, Y%d", n, n)
	f.op("VPSLLD $23, Y%d, Y%d", n, n)
	f.op("VPADDD Y%d, Y%d, Y%d", n, p, p)
}
