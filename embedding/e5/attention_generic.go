package e5

import (
	"math"
	"math/bits"
	"unsafe"
)

func genericScores(queries int) scoresFunc {
	return func(q *float32, qs int, kt *float32, tp int, p *float32) {
		qs /= 4
		keys, ps := unsafe.Slice(kt, headDim*tp), unsafe.Slice(p, queries*tp)
		rows := unsafe.Slice(q, (queries-1)*qs+headDim)
		for i := range queries {
			out := ps[i*tp:][:tp]
			clear(out)
			for d := range headDim {
				f := rows[i*qs+d]
				for s, k := range keys[d*tp:][:tp] {
					out[s] += f * k
				}
			}
		}
	}
}

func genericSoftmax(p *float32, n16 int, lastmask int, scale float32) {
	ps := unsafe.Slice(p, n16*16)[:(n16-1)*16+bits.Len(uint(lastmask))]
	top := ps[0]
	for _, v := range ps {
		top = max(top, v)
	}
	var sum float32
	for i, v := range ps {
		ps[i] = exp32((v - top) * scale)
		sum += ps[i]
	}
	inv := 1 / sum
	for i := range ps {
		ps[i] *= inv
	}
}

// exp32 is eˣ for x ≤ 0 by the same polynomial as the assembly (Cephes expf).
func exp32(x float32) float32 {
	const magic = 3 << 22
	if x < -87 {
		return 0
	}
	n := math.Float32frombits(math.Float32bits(x*math.Log2E+magic)) - magic
	r := x - n*0.693359375 + n*2.12194440e-4
	p := float32(1.9875691500e-4)
	p = p*r + 1.3981999507e-3
	p = p*r + 8.3334519073e-3
	p = p*r + 4.1665795894e-2
	p = p*r + 1.6666665459e-1
	p = p*r + 5.0000001201e-1
	p = p*r*r + r + 1
	return math.Float32frombits(math.Float32bits(p) + uint32(int32(n))<<23)
}

func genericAttend(queries int) attendFunc {
	return func(p *float32, tp int, v *float32, vs int, n int, o *float32, os int) {
		vs, os = vs/4, os/4
		values, ps := unsafe.Slice(v, (n-1)*vs+headDim), unsafe.Slice(p, queries*tp)
		out := unsafe.Slice(o, (queries-1)*os+headDim)
		for i := range queries {
			var sum [headDim]float32
			for s := range n {
				f := ps[i*tp+s]
				for d, x := range values[s*vs:][:headDim] {
					sum[d] += f * x
				}
			}
			copy(out[i*os:], sum[:])
		}
	}
}
