package e5

import (
	"encoding/binary"
	"fmt"
	"math"
	"sync"
)

// The shape of multilingual-e5-small. The kernels are made for it.
const (
	hidden  = 384
	inner   = 1536
	layers  = 12
	heads   = 12
	headDim = hidden / heads
)

// Blocks of quantised values, in the file and packed for the kernels.
const (
	blockLen     = 32 // values that share one scale
	q4Block      = 18 // bytes in the file: scale (float16), 16 bytes of 4-bit values
	groupRows    = 16 // output rows packed together
	packedScales = 256
	packedBlock  = packedScales + 4*groupRows
)

// weights are the model's numbers as the forward pass needs them.
type weights struct {
	eps       float32
	word      []byte    // word embedding in the file: positions × 12 blocks
	position  []float32 // position embedding + type embedding, a row a position
	embedNorm norm
	layers    [layers]layer
}

// norm is one layer normalisation.
type norm struct{ gamma, beta []float32 }

// layer is one transformer layer.
type layer struct {
	attentionIn   linear // queries, keys and values in one
	attentionOut  linear
	attentionNorm norm
	forwardIn     linear // 384 → 1536
	forwardOut    linear // 1536 → 384
	forwardNorm   norm
}

// linear is one matrix with its bias.
type linear struct {
	in, out int
	packed  []byte
	bias    []float32
}

// tensors reads tensors and keeps the first error, which wraps ErrModel.
type tensors struct {
	file *modelFile
	err  error
}

func newWeights(f *modelFile) (*weights, error) {
	h := f.header
	if h.hidden != hidden || h.layers != layers || h.heads != heads || h.inner != inner {
		return nil, fmt.Errorf("%d layers of %d heads, %d and %d wide: %w", h.layers, h.heads, h.hidden, h.inner, ErrModel)
	}
	t := &tensors{file: f}
	w := &weights{eps: h.eps, embedNorm: t.norm("emb.ln")}
	w.word = t.quantised("emb.word", h.words*hidden)
	w.position = t.positions()
	if t.err != nil {
		return nil, t.err
	}
	return w, w.readLayers(f)
}

// readLayers packs the layers side by side: it is most of what Open does.
func (w *weights) readLayers(f *modelFile) error {
	var wg sync.WaitGroup
	var errs [layers]error
	for i := range w.layers {
		wg.Go(func() {
			t := &tensors{file: f}
			w.layers[i] = t.layer(fmt.Sprintf("l%d.", i))
			errs[i] = t.err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tensors) layer(p string) layer {
	return layer{
		attentionIn:   t.linear(hidden, hidden, p+"q", p+"k", p+"v"),
		attentionOut:  t.linear(hidden, hidden, p+"ao"),
		attentionNorm: t.norm(p + "aln"),
		forwardIn:     t.linear(hidden, inner, p+"fi"),
		forwardOut:    t.linear(inner, hidden, p+"fo"),
		forwardNorm:   t.norm(p + "oln"),
	}
}

// positions adds the one type embedding the model uses to all positions.
func (t *tensors) positions() []float32 {
	sum := t.floats("emb.pos", t.file.header.positions*hidden)
	kind := t.floats("emb.type", 2*hidden)
	for i := range sum {
		sum[i] += kind[i%hidden]
	}
	return sum
}

func (t *tensors) norm(name string) norm {
	return norm{gamma: t.floats(name+".w", hidden), beta: t.floats(name+".b", hidden)}
}

// linear stacks matrices of the same input.
func (t *tensors) linear(in, out int, names ...string) linear {
	l := linear{in: in, out: out * len(names)}
	var rows [][]byte
	for _, name := range names {
		data := t.quantised(name+".w", in*out)
		for row := in / blockLen * q4Block; len(data) > 0; data = data[row:] {
			rows = append(rows, data[:row])
		}
		l.bias = append(l.bias, t.floats(name+".b", out)...)
	}
	if t.err == nil {
		l.packed = pack(rows, in/blockLen)
	}
	return l
}

// quantised returns a tensor of 4-bit blocks as it lies in the file.
func (t *tensors) quantised(name string, values int) []byte {
	return t.read(name, q4Type, values)
}

// floats returns a tensor's values. All are finite, or the result is nil.
func (t *tensors) floats(name string, values int) []float32 {
	list := float32s(t.read(name, float32Type, values))
	for _, v := range list {
		if f := float64(v); t.err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
			t.err = fmt.Errorf("tensor %q holds %g: %w", name, f, ErrModel)
		}
	}
	if t.err != nil {
		return nil
	}
	return list
}

func (t *tensors) read(name string, kind dtype, values int) []byte {
	if t.err != nil {
		return nil
	}
	data, err := t.file.tensor(name, kind, values)
	t.err = err
	return data
}

// pack re-orders rows of blocks for the kernels, without changing a bit of the
// weights: groups of 16 rows; in each group block after block; in each block
// four runs of 64 bytes, run k holding bytes 4k…4k+3 of every row, so that one
// 32-bit lane is one row; then the 16 scales as float32.
func pack(rows [][]byte, nblk int) []byte {
	out := alignedBytes(len(rows) / groupRows * nblk * packedBlock)
	for at := 0; len(rows) >= groupRows; rows = rows[groupRows:] {
		for b := range nblk {
			dst := (*[packedBlock]byte)(out[at:])
			for r, row := range rows[:groupRows] {
				packRow(dst, r, (*[q4Block]byte)(row[b*q4Block:]))
			}
			at += packedBlock
		}
	}
	return out
}

func packRow(dst *[packedBlock]byte, r int, block *[q4Block]byte) {
	for k := range 4 {
		copy(dst[k*64+r*4:], block[2+4*k:6+4*k])
	}
	scale := float16At(block[:2])
	binary.LittleEndian.PutUint32(dst[packedScales+4*r:], math.Float32bits(scale))
}

// embedWords writes the sum of word, position and type embedding of the ids
// from…to-1 into their rows of x.
func (w *weights) embedWords(ids []int32, x []float32, from, to int) {
	const row = hidden / blockLen * q4Block
	for t := from; t < to; t++ {
		out, position := x[t*hidden:][:hidden], w.position[t*hidden:][:hidden]
		blocks := w.word[int(ids[t])*row:][:row]
		for b := 0; b < hidden; b += blockLen {
			addBlock((*[blockLen]float32)(out[b:]), (*[blockLen]float32)(position[b:]), (*[q4Block]byte)(blocks))
			blocks = blocks[q4Block:]
		}
	}
}

// addBlock writes base plus the values of one block.
func addBlock(out, base *[blockLen]float32, block *[q4Block]byte) {
	const half = blockLen / 2
	scale := float16At(block[:2])
	for j := range half {
		q := block[2+j]
		out[j] = float32(int(q&15)-8)*scale + base[j]
		out[j+half] = float32(int(q>>4)-8)*scale + base[j+half]
	}
}
