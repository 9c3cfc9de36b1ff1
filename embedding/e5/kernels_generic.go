package e5

import (
	"math"
	"sync"
	"unsafe"
)

// genericTile is the largest number of tokens of the plain Go gemm.
const genericTile = 8

// genericKernels is the set in plain Go: the reference of the others, and what
// runs on machines without assembly kernels.
func genericKernels() *kernelSet {
	set := &kernelSet{
		name:     "plain Go",
		gemm384:  make([]gemmFunc, genericTile+1),
		gemm1536: make([]gemmFunc, genericTile+1),
		quantize: genericQuantize,
		addNorm:  genericAddNorm,
		gelu:     genericGELU,
		scores4:  genericScores(4),
		scores1:  genericScores(1),
		softmax:  genericSoftmax,
		attend4:  genericAttend(4),
		attend1:  genericAttend(1),
	}
	for t := 1; t <= genericTile; t++ {
		set.gemm384[t] = genericGemm(hidden, t)
		set.gemm1536[t] = genericGemm(inner, t)
	}
	return set
}

func genericQuantize(x *float32, q *int8, d *float32, s *int32, nblk int) {
	xs, qs := unsafe.Slice(x, nblk*blockLen), unsafe.Slice(q, nblk*blockLen)
	ds, ss := unsafe.Slice(d, nblk), unsafe.Slice(s, nblk)
	for b := range nblk {
		ds[b], ss[b] = quantizeBlock(xs[b*blockLen:][:blockLen], qs[b*blockLen:][:blockLen])
	}
}

// quantizeBlock rounds to the nearest even, as the assembly does.
func quantizeBlock(xs []float32, qs []int8) (scale float32, offset int32) {
	const magic = 3 << 22 // adding 1.5·2²³ leaves the rounded integer in the low bits
	var top float32
	for _, v := range xs {
		top = max(top, float32(math.Abs(float64(v))))
	}
	var inv float32
	if top > 0 {
		inv = 127 / top
	}
	var sum int32
	for j, v := range xs {
		k := int32(math.Float32bits(v*inv+magic)) - 0x4B400000
		qs[j] = int8(k)
		sum += k
	}
	return top / 127, -8 * sum
}

func genericAddNorm(x *float32, y *float32, gam *float32, bet *float32, eps float32) {
	xs, g, b := unsafe.Slice(x, hidden), unsafe.Slice(gam, hidden), unsafe.Slice(bet, hidden)
	if y != nil {
		for i, v := range unsafe.Slice(y, hidden) {
			xs[i] += v
		}
	}
	var mean, variance float32
	for _, v := range xs {
		mean += v
	}
	mean /= hidden
	for _, v := range xs {
		variance += (v - mean) * (v - mean)
	}
	inv := float32(1 / math.Sqrt(float64(variance/hidden+eps)))
	for i := range xs {
		xs[i] = (xs[i]-mean)*inv*g[i] + b[i]
	}
}

const (
	geluLimit = 8   // beyond ±8 GELU is the identity or zero in float32
	geluSteps = 256 // table steps a unit
)

var geluTable = sync.OnceValue(func() []float32 {
	table := make([]float32, 2*geluLimit*geluSteps+1)
	for i := range table {
		x := float64(i)/geluSteps - geluLimit
		table[i] = float32(0.5 * x * (1 + math.Erf(x/math.Sqrt2)))
	}
	return table
})

func genericGELU(x *float32, n16 int) {
	table := geluTable()
	xs := unsafe.Slice(x, n16*16)
	for i, v := range xs {
		switch {
		case v <= -geluLimit:
			xs[i] = 0
		case v < geluLimit-0.01: // the rest, and NaN, stay as they are
			at := (v + geluLimit) * geluSteps
			k := int(at)
			xs[i] = table[k] + (at-float32(k))*(table[k+1]-table[k])
		}
	}
}

// genericGemm is the int8 × 4-bit product for the given number of tokens.
func genericGemm(nin, tokens int) gemmFunc {
	nblk := nin / blockLen
	return func(w *byte, aq *int8, ad *float32, as *int32, bias *float32, y *float32, ystride int) {
		ystride /= 4
		ws, bs := unsafe.Slice(w, nblk*packedBlock), unsafe.Slice(bias, groupRows)
		qs, ds, ss := unsafe.Slice(aq, tokens*nin), unsafe.Slice(ad, tokens*nblk), unsafe.Slice(as, tokens*nblk)
		ys := unsafe.Slice(y, (tokens-1)*ystride+groupRows)
		for t := range tokens {
			copy(ys[t*ystride:], bs)
		}
		for b := range nblk {
			block := (*[packedBlock]byte)(ws[b*packedBlock:])
			for r := range groupRows {
				row, scale := unpackRow(block, r)
				for t := range tokens {
					at := t*nblk + b
					sum := ss[at] + dot(&row, (*[blockLen]int8)(qs[at*blockLen:]))
					ys[t*ystride+r] += float32(sum) * scale * ds[at]
				}
			}
		}
	}
}

// unpackRow takes row r of a packed block apart: 32 weights 0…15, one scale.
func unpackRow(block *[packedBlock]byte, r int) (row [blockLen]int32, scale float32) {
	for k := range blockLen / 2 {
		v := block[(k>>2)*64+r*4+(k&3)]
		row[k], row[k+blockLen/2] = int32(v&15), int32(v>>4)
	}
	return row, float32At(block[packedScales+4*r:])
}

func dot(w *[blockLen]int32, q *[blockLen]int8) int32 {
	var s0, s1, s2, s3 int32
	for k := 0; k < blockLen; k += 4 {
		s0 += w[k] * int32(q[k])
		s1 += w[k+1] * int32(q[k+1])
		s2 += w[k+2] * int32(q[k+2])
		s3 += w[k+3] * int32(q[k+3])
	}
	return s0 + s1 + s2 + s3
}
