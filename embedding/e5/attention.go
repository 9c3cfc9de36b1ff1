package e5

import "math"

// rowQKV is the width of a token's queries, keys and values together.
const rowQKV = 3 * hidden

// transposeKeys writes the rows' keys as columns, four neighbours at a time.
func (r *rows) transposeKeys(qkv, keys []float32) {
	width := padded(len(r.ids))
	key := func(t int) *[hidden]float32 { return (*[hidden]float32)(qkv[t*rowQKV+hidden:]) }
	t := r.from
	for ; t+4 <= r.to; t += 4 {
		k0, k1, k2, k3 := key(t), key(t+1), key(t+2), key(t+3)
		for i := range hidden {
			*(*[4]float32)(keys[i*width+t:]) = [4]float32{k0[i], k1[i], k2[i], k3[i]}
		}
	}
	for ; t < r.to; t++ {
		for i, v := range key(t) {
			keys[i*width+t] = v
		}
	}
}

// attend computes the attention of the rows into the context, four queries at
// a time.
func (r *rows) attend(qkv, keys []float32) {
	k := r.engine.kernels
	for h := range heads {
		t := r.from
		for ; t+4 <= r.to; t += 4 {
			r.attendRows(qkv, keys, query{h, t, 4}, k.scores4, k.attend4)
		}
		for ; t < r.to; t++ {
			r.attendRows(qkv, keys, query{h, t, 1}, k.scores1, k.attend1)
		}
	}
}

// query is a number of tokens, from token on, that look at all in one head.
type query struct{ head, token, count int }

func (r *rows) attendRows(qkv, keys []float32, q query, scores scoresFunc, attend attendFunc) {
	const stride = 4 * rowQKV
	scale := float32(1 / math.Sqrt(headDim))
	width := padded(len(r.ids))
	last := 1<<(len(r.ids)-width+16) - 1 // the keys that exist in the last vector
	column := q.head * headDim

	scores(&qkv[q.token*rowQKV+column], stride, &keys[column*width], width, &r.probs[0])
	for i := range q.count {
		r.engine.kernels.softmax(&r.probs[i*width], width/16, last, scale)
	}
	attend(&r.probs[0], width, &qkv[2*hidden+column], stride, len(r.ids), &r.workspace.context[q.token*hidden+column], 4*hidden)
}
