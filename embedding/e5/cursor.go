package e5

import (
	"encoding/binary"
	"fmt"
	"math"
)

// cursor reads little-endian values one after another and never past the end:
// the first read that would sets err, and all later ones return zeros.
type cursor struct {
	data []byte
	at   int
	err  error
}

// take returns the next n bytes, or nil when there are not so many.
func (c *cursor) take(n int) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > len(c.data)-c.at {
		c.err = fmt.Errorf("%d bytes wanted at offset %d of %d: %w", n, c.at, len(c.data), ErrModel)
		return nil
	}
	c.at += n
	return c.data[c.at-n : c.at]
}

func (c *cursor) uint8() uint8 {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) uint64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// length reads a size: 32 bits, zero to most.
func (c *cursor) length(what string, most int) int {
	n := c.uint32()
	if c.err == nil && uint64(n) > uint64(most) {
		c.err = fmt.Errorf("%s is %d, at most %d expected: %w", what, n, most, ErrModel)
	}
	if c.err != nil {
		return 0
	}
	return int(n)
}

func (c *cursor) float32() float32 { return math.Float32frombits(c.uint32()) }

// float32At reads one value.
func float32At(b []byte) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

// float32s copies a run of values.
func float32s(b []byte) []float32 {
	values := make([]float32, len(b)/4)
	for i := range values {
		values[i] = float32At(b[4*i:])
	}
	return values
}

// float16At reads one half-precision value.
func float16At(b []byte) float32 {
	h := uint32(binary.LittleEndian.Uint16(b))
	sign, exponent, fraction := h>>15<<31, h>>10&31, h&1023
	switch exponent {
	case 0: // zero and subnormal numbers
		v := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31: // infinity, NaN
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
