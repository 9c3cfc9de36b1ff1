package e5

import (
	"sync"
	"unsafe"
)

// cacheLine is what buffers are aligned to: the width of an AVX-512 register.
const cacheLine = 64

// alignedBytes makes a zeroed slice that begins on a cache line.
func alignedBytes(n int) []byte {
	b := make([]byte, n+cacheLine)
	skip := int(-uintptr(unsafe.Pointer(&b[0])) & (cacheLine - 1))
	return b[skip : skip+n : skip+n]
}

// aligned makes a zeroed slice of four-byte or one-byte numbers on a cache line.
func aligned[T float32 | int32 | int8](n int) []T {
	var zero T
	b := alignedBytes(n * int(unsafe.Sizeof(zero)))
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// maxThreads is the most threads one text is worth.
const maxThreads = 2

// workspace is the memory of one forward pass over up to capacity tokens.
type workspace struct {
	capacity  int
	x         []float32    // the tokens' rows: input and output of each layer
	sum       []float32    // what is added to x
	context   []float32    // the attention's result
	mid       []float32    // the inner layer
	qkv       [2][]float32 // queries, keys, values; layers take turns, so one barrier a layer is enough
	keys      [2][]float32 // keys transposed: a row a dimension, width padded to 16
	quantised []int8       // a matrix product's input, with …
	scales    []float32    // … its scales and …
	offsets   []int32      // … −8 · sums, see quantizeFunc
	attention [maxThreads][]float32
}

func newWorkspace(tokens int) *workspace {
	n := padded(tokens)
	w := &workspace{
		capacity:  n,
		x:         aligned[float32](n * hidden),
		sum:       aligned[float32](n * hidden),
		context:   aligned[float32](n * hidden),
		mid:       aligned[float32](n * inner),
		quantised: aligned[int8](n * inner),
		scales:    aligned[float32](n * inner / blockLen),
		offsets:   aligned[int32](n * inner / blockLen),
	}
	for i := range w.qkv {
		w.qkv[i] = aligned[float32](n * 3 * hidden)
		w.keys[i] = aligned[float32](n * hidden)
	}
	for i := range w.attention {
		w.attention[i] = aligned[float32](4 * n)
	}
	return w
}

// padded rounds a number of keys up to whole vectors of the softmax.
func padded(tokens int) int { return (tokens + 15) &^ 15 }

// workspaces keeps the memory of past forward passes. It never holds more than
// ran at the same time.
type workspaces struct {
	mu   sync.Mutex
	free []*workspace
}

// take returns a workspace for so many tokens. Sizes are powers of two, so that
// a service that only sees questions stays small.
func (s *workspaces) take(tokens int) *workspace {
	s.mu.Lock()
	var w *workspace
	if n := len(s.free); n > 0 {
		w, s.free = s.free[n-1], s.free[:n-1]
	}
	s.mu.Unlock()
	if w != nil && w.capacity >= tokens {
		return w
	}
	size := 64
	for size < tokens {
		size *= 2
	}
	return newWorkspace(size)
}

func (s *workspaces) put(w *workspace) {
	s.mu.Lock()
	s.free = append(s.free, w)
	s.mu.Unlock()
}
