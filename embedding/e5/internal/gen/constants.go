package main

import (
	"fmt"
	"math"
)

// constant is one float32 the kernels read from memory.
type constant struct {
	name  string
	value float32
}

// constants serve exp (Cephes expf), erf (Abramowitz and Stegun 7.1.26),
// quantisation and the means over the hidden size. Their order is their place.
var constants = []constant{
	{"log2e", math.Log2E},
	{"ln2hi", 0.693359375},
	{"ln2lo", -2.12194440e-4},
	{"e0", 1.9875691500e-4},
	{"e1", 1.3981999507e-3},
	{"e2", 8.3334519073e-3},
	{"e3", 4.1665795894e-2},
	{"e4", 1.6666665459e-1},
	{"e5", 5.0000001201e-1},
	{"one", 1},
	{"minexp", -87},
	{"rs2", 0.70710678118654752},
	{"erp", 0.3275911},
	{"a1", 0.254829592},
	{"a2", -0.284496736},
	{"a3", 1.421413741},
	{"a4", -1.453152027},
	{"a5", 1.061405429},
	{"half", 0.5},
	{"i127", 1 / 127.0},
	{"c127", 127},
	{"i384", 1 / 384.0},
}

const (
	absMask    = 0x7fffffff // clears the sign of a float32
	signMask   = 0x80000000
	nibbleMask = 0x0f0f0f0f // the low four bits of each byte
)

// constantPool is a read-only symbol and where each constant lies in it.
type constantPool struct {
	e      *emitter
	symbol string
	size   int
	offset map[string]int
}

func newConstantPool(e *emitter, symbol string) *constantPool {
	return &constantPool{e: e, symbol: symbol, offset: map[string]int{}}
}

// put appends the words of one constant.
func (p *constantPool) put(name string, words ...uint32) {
	p.offset[name] = p.size
	for _, w := range words {
		p.e.text("DATA %s<>+%d(SB)/4, $0x%08x", p.symbol, p.size, w)
		p.size += 4
	}
}

// close ends the symbol; nothing can be put after it.
func (p *constantPool) close() {
	p.e.text("GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", p.symbol, p.size)
}

// at is the operand that reads a constant.
func (p *constantPool) at(name string) string {
	at, ok := p.offset[name]
	if !ok {
		panic("no constant " + name)
	}
	return fmt.Sprintf("%s<>+%d(SB)", p.symbol, at)
}

// eight returns a whole AVX2 register's worth of a constant.
func eight(word uint32) []uint32 {
	words := make([]uint32, 8)
	for i := range words {
		words[i] = word
	}
	return words
}

func float32bits(v float32) uint32 { return math.Float32bits(v) }
