package e5

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// charsmap is SentencePiece's precompiled normalisation: a double-array trie
// (Darts) of texts, and a pool of what each becomes, strings ended by NUL.
type charsmap struct {
	units []uint32
	pool  []byte
	plain [128]bool // ASCII characters that stay as they are
}

// newCharsmap reads the form of tokenizer.json: size of the trie, trie, pool.
func newCharsmap(data []byte) (*charsmap, error) {
	if len(data) < 8 {
		return nil, fmt.Errorf("charsmap of %d bytes: %w", len(data), ErrModel)
	}
	size := int64(binary.LittleEndian.Uint32(data))
	if size%4 != 0 || size == 0 || size > int64(len(data)-5) || data[len(data)-1] != 0 {
		return nil, fmt.Errorf("charsmap with a trie of %d bytes in %d: %w", size, len(data), ErrModel)
	}
	m := &charsmap{units: make([]uint32, size/4), pool: data[4+size:]}
	for i := range m.units {
		m.units[i] = binary.LittleEndian.Uint32(data[4+4*i:])
	}
	for c := range m.plain {
		_, mapped := m.transform(string(rune(c)))
		m.plain[c] = !mapped
	}
	return m, nil
}

// A unit of a Darts trie: the label in the low byte and top bit, a flag that a
// value hangs on the node, and the offset to the node's children.
const (
	labelMask = 1<<31 | 0xff
	leafFlag  = 1 << 8
	valueMask = 1<<31 - 1
)

func childOffset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }

// transform returns what the shortest known beginning of s becomes. That it is
// the shortest, and that the rest of s is then dropped, is how the reference
// tokenizer does it; the model was trained on its output.
func (m *charsmap) transform(s string) ([]byte, bool) {
	node := childOffset(m.units[0])
	for i := range len(s) {
		c := uint32(s[i])
		node ^= c
		if c == 0 || int64(node) >= int64(len(m.units)) {
			return nil, false
		}
		unit := m.units[node]
		if unit&labelMask != c {
			return nil, false
		}
		node ^= childOffset(unit)
		if unit&leafFlag != 0 {
			return m.value(node)
		}
	}
	return nil, false
}

// value returns the string that hangs on a node.
func (m *charsmap) value(node uint32) ([]byte, bool) {
	if int64(node) >= int64(len(m.units)) {
		return nil, false
	}
	at := int64(m.units[node] & valueMask)
	if at >= int64(len(m.pool)) {
		return nil, false
	}
	text := m.pool[at:]
	return text[:bytes.IndexByte(text, 0)], true // the pool ends with NUL
}
