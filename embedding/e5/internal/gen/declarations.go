package main

import "fmt"

// Signatures of the kernels; their meaning stands in e5/kernels.go.
const (
	gemmSignature     = "(w *byte, aq *int8, ad *float32, as *int32, bias *float32, y *float32, ystride int)"
	quantizeSignature = "(x *float32, q *int8, d *float32, s *int32, nblk int)"
	normSignature     = "(x *float32, y *float32, gam *float32, bet *float32, eps float32)"
	geluSignature     = "(x *float32, n16 int)"
	scoresSignature   = "(q *float32, qs int, kt *float32, tp int, p *float32)"
	softmaxSignature  = "(p *float32, n16 int, lastmask int, scale float32)"
	attendSignature   = "(p *float32, tp int, v *float32, vs int, n int, o *float32, os int)"
)

func avx512Declarations() []byte {
	e := newGo()
	e.gemmDeclarations("vnniGemm", vnniTile)
	e.declare("avx512Quantize", quantizeSignature)
	e.declare("avx512AddNorm", normSignature)
	e.declare("avx512GELU", geluSignature)
	e.declare("avx512Scores4", scoresSignature)
	e.declare("avx512Scores1", scoresSignature)
	e.declare("avx512Softmax", softmaxSignature)
	e.declare("avx512Attend4", attendSignature)
	e.declare("avx512Attend1", attendSignature)
	return e.Bytes()
}

func avx2Declarations() []byte {
	e := newGo()
	e.gemmDeclarations("avx2Gemm", avx2Tile)
	e.declare("avx2Quantize", quantizeSignature)
	e.declare("avx2AddNorm", normSignature)
	e.declare("avx2GELU", geluSignature)
	e.declare("avx2Scores4", scoresSignature)
	e.declare("avx2Scores1", scoresSignature)
	e.declare("avx2Softmax", "(p *float32, n8 int, scale float32)")
	e.declare("avx2Attend2", attendSignature)
	e.declare("avx2Attend1", attendSignature)
	return e.Bytes()
}

func newGo() *emitter {
	e := &emitter{}
	e.text(header + "\npackage e5")
	return e
}

// declare writes the Go side of one assembly function.
func (e *emitter) declare(name, signature string) {
	e.text("\n//go:noescape\nfunc %s%s", name, signature)
}

// gemmDeclarations declares the kernels of every size and a table of them.
func (e *emitter) gemmDeclarations(name string, tile int) {
	for _, nin := range inputs {
		table := "nil"
		for tokens := 1; tokens <= tile; tokens++ {
			kernel := fmt.Sprintf("%s%dx%d", name, nin, tokens)
			e.declare(kernel, gemmSignature)
			table += ", " + kernel
		}
		e.text("\nvar %s%d = [...]gemmFunc{%s}", name, nin, table)
	}
}
