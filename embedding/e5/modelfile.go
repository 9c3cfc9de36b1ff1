package e5

import (
	"fmt"
	"math"
)

// Bounds of a model file's header. They keep a damaged file from asking for
// absurd amounts of memory.
const (
	maxPieces   = 1 << 20
	maxTokens   = 1 << 13
	maxTensors  = 1 << 12
	maxNormRows = 1 << 20
)

// modelFile is a model file taken apart; all slices of bytes point into it.
//
// Its form, little-endian: a header; the vocabulary (offsets, scores, bytes); a
// normalisation table, which the charsmap makes superfluous; a directory of
// tensors; the tensors.
type modelFile struct {
	header   header
	pieceOff []byte // pieces + 1 offsets into pieceText, uint32
	scores   []byte // one float32 a piece
	text     []byte // the pieces, one after another
	tensors  map[string]tensor
}

// header is the fixed part of the model file.
type header struct {
	hidden, layers, heads, inner int
	words                        int // rows of the word embedding
	positions                    int // rows of the position embedding: the longest window
	eps                          float32
	pieces                       int // entries of the vocabulary
	begin, end, pad, unknown     int32
}

// dtype says how a tensor's values are stored.
type dtype uint8

const (
	float32Type dtype = 0
	q4Type      dtype = 1 // blocks of 32: one float16 scale, 16 bytes of 4-bit values
)

// tensor is a named array of the model file.
type tensor struct {
	kind   dtype
	values int
	data   []byte
}

// parseModelFile checks every offset and length; its errors wrap ErrModel.
func parseModelFile(data []byte) (*modelFile, error) {
	c := &cursor{data: data}
	if string(c.take(4)) != "E5S1" {
		return nil, fmt.Errorf("the file does not begin with E5S1: %w", ErrModel)
	}
	if v := c.uint32(); c.err == nil && v != 1 {
		return nil, fmt.Errorf("format version %d: %w", v, ErrModel)
	}
	f := &modelFile{header: readHeader(c)}
	textLen := c.uint64()
	if c.err == nil && textLen > math.MaxInt32 {
		return nil, fmt.Errorf("vocabulary of %d bytes: %w", textLen, ErrModel)
	}
	f.pieceOff = c.take(4 * (f.header.pieces + 1))
	f.scores = c.take(4 * f.header.pieces)
	f.text = c.take(int(textLen))
	c.length("normalisation table", maxNormRows)
	c.take(c.length("normalisation table's size", math.MaxInt32))
	f.tensors = readTensors(c)
	if c.err != nil {
		return nil, c.err
	}
	return f, f.header.check()
}

func readHeader(c *cursor) header {
	var h header
	h.hidden = c.length("hidden size", 1<<16)
	h.layers = c.length("number of layers", 1<<10)
	h.heads = c.length("number of heads", 1<<10)
	h.inner = c.length("inner size", 1<<16)
	h.words = c.length("number of words", maxPieces)
	h.positions = c.length("number of positions", maxTokens)
	c.uint32() // 2 in the known file; nothing depends on it
	h.eps = c.float32()
	if n := c.uint32(); c.err == nil && n != blockLen {
		c.err = fmt.Errorf("blocks of %d values: %w", n, ErrModel)
	}
	h.pieces = c.length("number of pieces", maxPieces)
	for _, id := range []*int32{&h.begin, &h.end, &h.pad, &h.unknown} {
		*id = int32(c.length("special token", maxPieces-1))
	}
	return h
}

// check looks at what the file says of itself, not at what the engine needs.
func (h header) check() error {
	switch {
	case h.pieces < 1 || h.words < h.pieces:
		return fmt.Errorf("%d pieces, %d words: %w", h.pieces, h.words, ErrModel)
	case h.positions < 3:
		return fmt.Errorf("%d positions: %w", h.positions, ErrModel)
	case !(h.eps > 0 && h.eps < 1):
		return fmt.Errorf("epsilon %g: %w", h.eps, ErrModel)
	}
	for _, id := range []int32{h.begin, h.end, h.pad, h.unknown} {
		if int(id) >= h.pieces {
			return fmt.Errorf("special token %d of %d pieces: %w", id, h.pieces, ErrModel)
		}
	}
	return nil
}

// readTensors reads the directory; offsets count from the file's beginning.
func readTensors(c *cursor) map[string]tensor {
	n := c.length("number of tensors", maxTensors)
	tensors := make(map[string]tensor, n)
	for range n {
		name := string(c.take(int(c.uint16())))
		t := tensor{kind: dtype(c.uint8()), values: c.length("tensor", math.MaxInt32)}
		offset, size := c.uint64(), c.uint64()
		if c.err != nil {
			return nil
		}
		end := uint64(len(c.data))
		if offset > end || size > end-offset || size != t.size() {
			c.err = fmt.Errorf("tensor %q: %d bytes at %d: %w", name, size, offset, ErrModel)
			return nil
		}
		t.data = c.data[offset : offset+size]
		tensors[name] = t
	}
	return tensors
}

// size is the number of bytes the tensor's values take; no tensor has as many
// as the value for an unknown type.
func (t tensor) size() uint64 {
	switch t.kind {
	case float32Type:
		return 4 * uint64(t.values)
	case q4Type:
		return uint64(t.values) / blockLen * q4Block
	}
	return math.MaxUint64
}

// tensor returns the data of a tensor of this type and number of values.
func (f *modelFile) tensor(name string, kind dtype, values int) ([]byte, error) {
	t, ok := f.tensors[name]
	if !ok || t.kind != kind || t.values != values {
		return nil, fmt.Errorf("tensor %q is missing or of another shape: %w", name, ErrModel)
	}
	return t.data, nil
}
