package e5

import "sync"

const (
	// minShare is the fewest tokens a second thread is worth.
	minShare = 8
	// rowsInCache is the number of input rows that stay in the fast caches
	// while the weights stream by.
	rowsInCache = 48
)

// forward runs one window through the model; the result is in w.x, a row a
// token. The number of threads does not change a bit of it: every row is
// computed by the same operations in the same order.
func (e *Engine) forward(w *workspace, ids []int32, threads int) {
	threads = max(1, min(threads, maxThreads, len(ids)/minShare))
	phases := newPhases(threads)
	run := func(thread int) {
		phases.run(thread, func(phase, unit int) {
			r := rows{engine: e, workspace: w, ids: ids, probs: w.attention[thread],
				from: len(ids) * unit / threads, to: len(ids) * (unit + 1) / threads}
			r.compute(phase)
		})
	}
	var wg sync.WaitGroup
	for thread := 1; thread < threads; thread++ {
		wg.Go(func() { run(thread) })
	}
	run(0)
	wg.Wait()
	if threads > 1 {
		e.scheduler.report(phases.slept.Load())
	}
}

// rows are the tokens from…to-1 of a window on their way through a phase.
type rows struct {
	engine    *Engine
	workspace *workspace
	ids       []int32   // of the whole window
	probs     []float32 // for attention
	from, to  int
}

// compute takes the rows from one layer's attention, for which the keys and
// values of all rows must be there, to the next layer's.
func (r *rows) compute(phase int) {
	weights := r.engine.weights
	if phase == 0 {
		weights.embedWords(r.ids, r.workspace.x, r.from, r.to)
		r.addNorm(r.workspace.x, nil, weights.embedNorm)
	} else {
		r.attention(phase - 1)
		r.feedForward(&weights.layers[phase-1])
	}
	if phase < layers {
		r.project(phase)
	}
}

// project computes queries, keys and values of a layer. Layers take turns with
// two buffers: other rows may still read those of the layer before.
func (r *rows) project(layer int) {
	w := r.workspace
	qkv := w.qkv[layer%2]
	r.quantize(w.x, hidden)
	r.multiply(&r.engine.weights.layers[layer].attentionIn, qkv)
	r.transposeKeys(qkv, w.keys[layer%2])
}

func (r *rows) attention(layer int) {
	w, l := r.workspace, &r.engine.weights.layers[layer]
	r.attend(w.qkv[layer%2], w.keys[layer%2])
	r.quantize(w.context, hidden)
	r.multiply(&l.attentionOut, w.sum)
	r.addNorm(w.x, w.sum, l.attentionNorm)
}

func (r *rows) feedForward(l *layer) {
	w := r.workspace
	r.quantize(w.x, hidden)
	r.multiply(&l.forwardIn, w.mid)
	r.engine.kernels.gelu(&w.mid[r.from*inner], (r.to-r.from)*inner/16)
	r.quantize(w.mid, inner)
	r.multiply(&l.forwardOut, w.sum)
	r.addNorm(w.x, w.sum, l.forwardNorm)
}

// addNorm adds sum (nil: nothing) to x and normalises each row.
func (r *rows) addNorm(x, sum []float32, n norm) {
	add, eps := r.engine.kernels.addNorm, r.engine.weights.eps
	for t := r.from; t < r.to; t++ {
		var y *float32
		if sum != nil {
			y = &sum[t*hidden]
		}
		add(&x[t*hidden], y, &n.gamma[0], &n.beta[0], eps)
	}
}

// quantize prepares rows of x as the input of multiply. Rows have their own
// part of the buffers, wide enough for the widest.
func (r *rows) quantize(x []float32, width int) {
	w, block := r.workspace, r.from*inner/blockLen
	r.engine.kernels.quantize(&x[r.from*width], &w.quantised[r.from*inner],
		&w.scales[block], &w.offsets[block], (r.to-r.from)*width/blockLen)
}

// multiply computes y = bias + weights · the quantised rows.
func (r *rows) multiply(l *linear, y []float32) {
	for from := r.from; from < r.to; from += rowsInCache {
		r.multiplyRows(l, y, from, min(from+rowsInCache, r.to))
	}
}

// multiplyRows streams the weights once past some rows, in tiles of equal size.
func (r *rows) multiplyRows(l *linear, y []float32, from, to int) {
	w, kernels := r.workspace, r.engine.kernels
	gemm := kernels.gemm384
	if l.in == inner {
		gemm = kernels.gemm1536
	}
	nblk, n := l.in/blockLen, to-from
	tiles := (n + kernels.tile() - 1) / kernels.tile()
	start := r.from * (inner / blockLen) // where quantize put the rows
	for g := range l.out / groupRows {
		group := &l.packed[g*nblk*packedBlock]
		for i := range tiles {
			a, b := from+n*i/tiles, from+n*(i+1)/tiles
			at := start + (a-r.from)*nblk
			gemm[b-a](group, &w.quantised[at*blockLen], &w.scales[at], &w.offsets[at],
				&l.bias[g*groupRows], &y[a*l.out+g*groupRows], 4*l.out)
		}
	}
}
