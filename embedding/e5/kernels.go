package e5

// The kernels are the loops where the time goes. Their arguments are raw
// pointers because most sets are written in assembly; strides are in bytes, as
// in the assembly, all other sizes are in elements. Names of arguments are
// short because the assembler refers to them.
//
// Layout of packed weights (see pack): groups of 16 output rows, each group a
// run of blocks of 32 input columns, each block 256 bytes of 4-bit weights and
// 16 scales.
type (
	// gemmFunc computes 16 outputs for a fixed number of tokens:
	// y = bias + Σ over blocks of scale(w) · ad · (Σ w·aq + as), where w is
	// stored as 0…15 and as = −8·Σ aq takes the offset out. ystride is the
	// distance between two tokens of y.
	gemmFunc func(w *byte, aq *int8, ad *float32, as *int32, bias *float32, y *float32, ystride int)

	// quantizeFunc writes nblk blocks of 32 values as int8 with one scale d
	// (largest magnitude / 127) and s = −8 · their sum.
	quantizeFunc func(x *float32, q *int8, d *float32, s *int32, nblk int)

	// addNormFunc adds y (nil: nothing) to the 384 values x and layer-normalises
	// them in place.
	addNormFunc func(x *float32, y *float32, gam *float32, bet *float32, eps float32)

	// geluFunc applies GELU in place to n16 groups of 16 values.
	geluFunc func(x *float32, n16 int)

	// scoresFunc computes q·k of one head for a fixed number of queries (qs
	// apart) and tp keys; kt holds the keys transposed, [32][tp]; p is
	// [queries][tp].
	scoresFunc func(q *float32, qs int, kt *float32, tp int, p *float32)

	// softmaxFunc turns n16 groups of 16 scores into probabilities in place,
	// after multiplying with scale. In the last group only the elements whose
	// bit is set in lastmask exist.
	softmaxFunc func(p *float32, n16 int, lastmask int, scale float32)

	// attendFunc computes o = p·v of one head for a fixed number of queries: n
	// rows of v (vs apart), rows of o are os apart.
	attendFunc func(p *float32, tp int, v *float32, vs int, n int, o *float32, os int)
)

// kernelSet is one implementation of all kernels.
type kernelSet struct {
	name              string
	gemm384, gemm1536 []gemmFunc // by number of tokens at once; entry 0 is unused
	quantize          quantizeFunc
	addNorm           addNormFunc
	gelu              geluFunc
	scores4, scores1  scoresFunc // four queries at once, one query
	softmax           softmaxFunc
	attend4, attend1  attendFunc
}

// tile is the largest number of tokens one gemm call takes.
func (k *kernelSet) tile() int { return len(k.gemm384) - 1 }
