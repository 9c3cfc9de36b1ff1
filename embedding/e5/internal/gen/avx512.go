package main

// avx512File emits the AVX-512 kernels.
type avx512File struct {
	*emitter
	pool *constantPool
}

// avx512 returns the AVX-512 kernels' assembly.
func avx512() []byte {
	e := newAssembly()
	f := &avx512File{emitter: e, pool: newConstantPool(e, "kc")}
	for _, c := range constants {
		f.pool.put(c.name, float32bits(c.value))
	}
	f.pool.put("abs", absMask)
	f.pool.put("nib", nibbleMask)
	f.pool.put("sign", signMask)
	f.pool.close()
	for _, nin := range inputs {
		for tokens := 1; tokens <= vnniTile; tokens++ {
			f.gemm(nin, tokens)
		}
	}
	f.quantize()
	f.addNorm()
	f.gelu()
	f.scores(4)
	f.scores(1)
	f.softmax()
	f.attend(4)
	f.attend(1)
	return f.Bytes()
}

// broadcast fills a register with a constant.
func (f *avx512File) broadcast(name string, z int) {
	f.op("VBROADCASTSS %s, Z%d", f.pool.at(name), z)
}

// end closes a loop and returns from the function.
func (f *avx512File) end() { f.ops("VZEROUPPER", "RET\n") }

// reduceLow folds register z with op into lane 0 of its low part.
func (f *avx512File) reduceLow(op string, z, tmp int) {
	f.op("VEXTRACTF64X4 $1, Z%d, Y%d", z, tmp)
	f.op("%s Y%d, Y%d, Y%d", op, tmp, z, z)
	f.op("VEXTRACTF128 $1, Y%d, X%d", z, tmp)
	f.op("%s X%d, X%d, X%d", op, tmp, z, z)
	for _, order := range []string{"0x4e", "0xb1"} {
		f.op("VPSHUFD $%s, X%d, X%d", order, z, tmp)
		f.op("%s X%d, X%d, X%d", op, tmp, z, z)
	}
}

// reduceAll folds register z with op into every lane.
func (f *avx512File) reduceAll(op string, z, tmp int) {
	for _, order := range []string{"0x4e", "0xb1"} {
		f.op("VSHUFF64X2 $%s, Z%d, Z%d, Z%d", order, z, z, tmp)
		f.op("%s Z%d, Z%d, Z%d", op, tmp, z, z)
	}
	for _, order := range []string{"0x4e", "0xb1"} {
		f.op("VPSHUFD $%s, Z%d, Z%d", order, z, tmp)
		f.op("%s Z%d, Z%d, Z%d", op, tmp, z, z)
	}
}

// zero clears the first n registers.
func (f *avx512File) zero(n int) {
	for z := range n {
		f.op("VPXORD Z%d, Z%d, Z%d", z, z, z)
	}
}

// expConstants loads what exp needs into Z16 to Z26.
func (f *avx512File) expConstants() {
	names := []string{"log2e", "ln2hi", "ln2lo", "e0", "e1", "e2", "e3", "e4", "minexp", "one", "e5"}
	for i, name := range names {
		f.broadcast(name, 16+i)
	}
}

// exp computes e to the power x into p; x and n are overwritten.
func (f *avx512File) exp(x, n, p int) {
	f.op("VMAXPS Z24, Z%d, Z%d", x, x)
	f.op("VMULPS Z16, Z%d, Z%d", x, n)
	f.op("VRNDSCALEPS $8, Z%d, Z%d", n, n)
	f.op("VFNMADD231PS Z17, Z%d, Z%d", n, x)
	f.op("VFNMADD231PS Z18, Z%d, Z%d", n, x)
	f.op("VMOVAPS Z19, Z%d", p)
	for _, k := range []int{20, 21, 22, 23, 26} {
		f.op("VFMADD213PS Z%d, Z%d, Z%d", k, x, p)
	}
	f.op("VMULPS Z%d, Z%d, Z%d", x, p, p)
	f.op("VFMADD213PS Z%d, Z%d, Z%d", x, x, p)
	f.op("VADDPS Z25, Z%d, Z%d", p, p)
	f.op("VSCALEFPS Z%d, Z%d, Z%d", n, p, p)
}
