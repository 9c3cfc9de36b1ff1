package e5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// guard follows each output in tests; a kernel that writes too far changes it.
const guard = float32(12345.5)

// random returns a source that gives the same numbers in every run.
func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// normals returns an aligned slice of n values, followed by a guard.
func normals(r *rand.Rand, n int, scale float64) []float32 {
	values := aligned[float32](n + 16)
	for i := range values[:n] {
		values[i] = float32(r.NormFloat64() * scale)
	}
	for i := n; i < len(values); i++ {
		values[i] = guard
	}
	return values
}

// untouched returns n guards.
func untouched(n int) []float32 {
	values := aligned[float32](n)
	for i := range values {
		values[i] = guard
	}
	return values
}

// guarded fails when the values behind the first n are not the guard's.
func guarded(t *testing.T, values []float32, n int) {
	t.Helper()
	for i, v := range values[n:] {
		if v != guard {
			t.Fatalf("wrote %g at %d, %d behind the end", v, n+i, i)
		}
	}
}

// near fails when got and want differ by more than the tolerance, relative to
// the largest of want.
func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	top := 1e-30
	for _, v := range want {
		top = max(top, math.Abs(float64(v)))
	}
	for i, v := range want {
		if d := math.Abs(float64(got[i]-v)) / top; !(d <= tolerance) {
			t.Fatalf("%s, element %d: got %g, want %g", what, i, got[i], v)
		}
	}
}

// eachSet runs a test for every kernel set of this machine.
func eachSet(t *testing.T, test func(t *testing.T, set *kernelSet)) {
	t.Parallel()
	for _, set := range kernelSets() {
		t.Run(set.name, func(t *testing.T) {
			t.Parallel()
			test(t, set)
		})
	}
}

// gemmCase is a random group of weights and quantised rows, and the product as
// float64 arithmetic on the unpacked numbers gives it.
type gemmCase struct {
	packed  []byte
	bias    []float32
	q       []int8
	scales  []float32
	offsets []int32
	want    []float64 // tokens × 16
}

func newGemmCase(r *rand.Rand, nin, tokens int) *gemmCase {
	nblk := nin / blockLen
	c := &gemmCase{
		bias: normals(r, groupRows, 1), q: aligned[int8](tokens * nin),
		scales: normals(r, tokens*nblk, .02), offsets: aligned[int32](tokens * nblk),
		want: make([]float64, tokens*groupRows),
	}
	for i := range c.q {
		c.q[i] = int8(r.IntN(255) - 127)
		c.offsets[i/blockLen] -= 8 * int32(c.q[i])
	}
	rows := make([][]byte, groupRows)
	for row := range rows {
		rows[row] = make([]byte, nblk*q4Block)
		for i := range rows[row] {
			rows[row][i] = byte(r.Uint32())
		}
		for b := range nblk { // scales between 2⁻⁷ and 2⁻⁵, either sign
			rows[row][b*q4Block+1] = byte(r.IntN(2)<<7 | 0x20 | r.IntN(8))
		}
		for t := range tokens {
			c.want[t*groupRows+row] = float64(c.bias[row]) + c.dot(rows[row], t, nblk)
		}
	}
	c.packed = pack(rows, nblk)
	return c
}

// dot is one row of the file times one token.
func (c *gemmCase) dot(row []byte, token, nblk int) (sum float64) {
	for b := range nblk {
		var values, zero [blockLen]float32
		addBlock(&values, &zero, (*[q4Block]byte)(row[b*q4Block:]))
		at := token*nblk + b
		for k, v := range values {
			sum += float64(v) * float64(c.q[at*blockLen+k]) * float64(c.scales[at])
		}
	}
	return sum
}

func (c *gemmCase) run(gemm gemmFunc, y []float32, stride int) {
	gemm(&c.packed[0], &c.q[0], &c.scales[0], &c.offsets[0], &c.bias[0], &y[0], 4*stride)
}

// TestGemm takes every tile size of every set, both widths, against float64
// arithmetic and against the plain Go kernels.
func TestGemm(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(1)
		const stride = 48
		for _, nin := range []int{hidden, inner} {
			kernels := map[int][]gemmFunc{hidden: set.gemm384, inner: set.gemm1536}[nin]
			if len(kernels) != set.tile()+1 {
				t.Fatalf("%d kernels of width %d, tile %d", len(kernels)-1, nin, set.tile())
			}
			for tokens := 1; tokens <= set.tile(); tokens++ {
				c := newGemmCase(r, nin, tokens)
				got, plain := untouched(tokens*stride), make([]float32, tokens*stride)
				c.run(kernels[tokens], got, stride)
				c.run(genericGemm(nin, tokens), plain, stride)
				for token := range tokens {
					what := fmt.Sprintf("%d wide, tile of %d, token %d", nin, tokens, token)
					y := got[token*stride:][:stride]
					want := make([]float32, groupRows)
					for i := range want {
						want[i] = float32(c.want[token*groupRows+i])
					}
					near(t, what, y, want, 1e-5)
					near(t, what+" against plain Go", y, plain[token*stride:][:groupRows], 1e-5)
					guarded(t, y, groupRows)
				}
			}
		}
	})
}

func TestQuantize(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(2)
		for _, nblk := range []int{1, 2, 3, hidden / blockLen, inner / blockLen, 5 * inner / blockLen} {
			x := normals(r, nblk*blockLen, math.Exp(float64(r.IntN(20)-10)))
			if nblk > 2 {
				clear(x[blockLen : 2*blockLen]) // a block of zeros
				x[2*blockLen] = 1e6             // one outlier
			}
			q, scales, offsets := aligned[int8](nblk*blockLen+64), normals(r, nblk, 0), aligned[int32](nblk+16)
			set.quantize(&x[0], &q[0], &scales[0], &offsets[0], nblk)
			guarded(t, scales, nblk)
			for b := range nblk {
				var want [blockLen]int8
				scale, offset := quantizeBlock(x[b*blockLen:][:blockLen], want[:])
				if got := [blockLen]int8(q[b*blockLen:]); got != want || offsets[b] != offset {
					t.Fatalf("%d blocks, block %d: %v (%d), want %v (%d)", nblk, b, got, offsets[b], want, offset)
				}
				near(t, "scale", scales[b:], []float32{scale}, 1e-6)
			}
			if q[nblk*blockLen] != 0 || offsets[nblk] != 0 {
				t.Fatal("wrote behind the last block")
			}
		}
	})
}

// TestQuantizeBlock checks the reference kernel itself: the value is found again
// within half a step.
func TestQuantizeBlock(t *testing.T) {
	t.Parallel()
	r := random(3)
	for range 200 {
		x := normals(r, blockLen, math.Exp(float64(r.IntN(40)-20)))[:blockLen]
		q := make([]int8, blockLen)
		scale, offset := quantizeBlock(x, q)
		sum := int32(0)
		for i, v := range x {
			sum += int32(q[i])
			if d := math.Abs(float64(v) - float64(q[i])*float64(scale)); d > .5001*float64(scale) {
				t.Fatalf("%g became %d × %g", v, q[i], scale)
			}
		}
		if offset != -8*sum {
			t.Fatalf("offset %d for the sum %d", offset, sum)
		}
	}
}

func TestAddNorm(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		r := random(4)
		const eps = 1e-12
		for range 20 {
			x, y := normals(r, hidden, 3), normals(r, hidden, 1)
			gamma, beta := normals(r, hidden, 1), normals(r, hidden, 1)
			for _, add := range []bool{false, true} {
				got := slices.Clone(x)
				var sum *float32
				if add {
					sum = &y[0]
				}
				set.addNorm(&got[0], sum, &gamma[0], &beta[0], eps)
				near(t, fmt.Sprint("sum ", add), got, layerNorm(x, y, gamma, beta, add), 2e-6)
				guarded(t, got, hidden)
			}
		}
	})
}

// layerNorm is the definition in float64.
func layerNorm(x, y, gamma, beta []float32, add bool) []float32 {
	var mean, variance float64
	v := make([]float64, hidden)
	for i := range v {
		v[i] = float64(x[i])
		if add {
			v[i] += float64(y[i])
		}
		mean += v[i] / hidden
	}
	for _, f := range v {
		variance += (f - mean) * (f - mean) / hidden
	}
	out := make([]float32, hidden)
	for i, f := range v {
		out[i] = float32((f-mean)/math.Sqrt(variance+1e-12)*float64(gamma[i]) + float64(beta[i]))
	}
	return out
}

func TestGELU(t *testing.T) {
	eachSet(t, func(t *testing.T, set *kernelSet) {
		for _, n16 := range []int{1, 2, 3, inner / 16, 1000} {
			x := normals(random(5), n16*16, 0)
			for i := range x[:n16*16] {
				x[i] = float32(i-n16*8) / float32(n16*8) * 12
			}
			want := make([]float32, n16*16)
			for i := range want {
				v := float64(x[i])
				want[i] = float32(.5 * v * (1 + math.Erf(v/math.Sqrt2)))
			}
			set.gelu(&x[0], n16)
			near(t, fmt.Sprint(n16, " groups"), x, want, 1e-6)
			guarded(t, x, n16*16)
		}
	})
}
