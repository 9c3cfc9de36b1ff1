package e5

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// vocabulary finds the pieces that begin a text, and their scores.
type vocabulary struct {
	offsets []uint32 // of each piece in text; one more at the end
	text    []byte   // points into the model file
	scores  []float32
	index   vocabularyIndex

	longest      int     // bytes of the longest piece
	unknownScore float64 // what an unknown character costs
	header       header
}

// vocabularyIndex orders the pieces that may match text.
type vocabularyIndex struct {
	sorted []uint32 // ids of pieces in order of their bytes
	starts []uint32 // for each pair of first bytes: the first place in sorted not below it; 65537 entries
}

// pairs is the number of pairs of bytes.
const pairs = 1 << 16

// unknownPenalty is how far an unknown character's score lies below the worst
// piece's (SentencePiece's kUnkPenalty).
const unknownPenalty = 10

// newVocabulary checks the pieces and builds their index, or takes it from the
// cache (path "" = none).
func newVocabulary(f *modelFile, cachePath string) (*vocabulary, error) {
	v := &vocabulary{text: f.text, header: f.header}
	v.scores = float32s(f.scores)
	v.offsets = make([]uint32, f.header.pieces+1)
	for i := range v.offsets {
		v.offsets[i] = binary.LittleEndian.Uint32(f.pieceOff[4*i:])
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	v.index = v.cachedIndex(f, cachePath)
	return v, nil
}

// check validates offsets and scores, and takes what depends on all of them.
func (v *vocabulary) check() error {
	worst := math.Inf(1)
	for i, score := range v.scores {
		from, to := v.offsets[i], v.offsets[i+1]
		if from > to || int64(to) > int64(len(v.text)) {
			return fmt.Errorf("piece %d lies at %d to %d of %d: %w", i, from, to, len(v.text), ErrModel)
		}
		if math.IsNaN(float64(score)) || math.IsInf(float64(score), 0) {
			return fmt.Errorf("piece %d has no score: %w", i, ErrModel)
		}
		v.longest = max(v.longest, int(to-from))
		worst = min(worst, float64(score))
	}
	v.unknownScore = worst - unknownPenalty
	return nil
}

func (v *vocabulary) piece(id uint32) []byte {
	return v.text[v.offsets[id]:v.offsets[id+1]]
}

// control tells pieces that stand for no text: <s>, <pad>, </s>, <unk> and,
// last of all, <mask>. Their spellings in a text stay text.
func (v *vocabulary) control(id int) bool {
	h := v.header
	return id == int(h.begin) || id == int(h.pad) || id == int(h.end) || id == int(h.unknown) || id == h.pieces-1
}

// buildIndex sorts the pieces: by their first eight bytes as one number, which
// decides nearly always, then by all bytes.
func (v *vocabulary) buildIndex() vocabularyIndex {
	type entry struct {
		key uint64
		id  uint32
	}
	entries := make([]entry, 0, len(v.scores))
	for id := range v.scores {
		piece := v.piece(uint32(id))
		if len(piece) == 0 || v.control(id) {
			continue
		}
		var first [8]byte
		copy(first[:], piece)
		entries = append(entries, entry{binary.BigEndian.Uint64(first[:]), uint32(id)})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		if order := bytes.Compare(v.piece(a.id), v.piece(b.id)); order != 0 {
			return order
		}
		return int(a.id) - int(b.id)
	})
	x := vocabularyIndex{sorted: make([]uint32, len(entries)), starts: make([]uint32, pairs+1)}
	place := 0
	for pair := range x.starts {
		for place < len(entries) && int(entries[place].key>>48) < pair {
			place++
		}
		x.starts[pair] = uint32(place)
	}
	for i, e := range entries {
		x.sorted[i] = e.id
	}
	return x
}

// span is a run of places in the sorted index.
type span struct{ lo, hi uint32 }

// narrow takes the span of pieces that begin with word[:n] to those that begin
// with word[:n+1].
func (v *vocabulary) narrow(s span, word []byte, n int) span {
	c := word[n]
	switch {
	case n == 0:
		return span{v.index.starts[int(c)<<8], v.index.starts[(int(c)+1)<<8]}
	case n == 1 && c != 0: // a one-byte piece sorts with a second byte of zero
		pair := int(word[0])<<8 | int(c)
		return span{v.index.starts[pair], v.index.starts[pair+1]}
	}
	lo := v.search(s, n, int(c))
	return span{lo, v.search(span{lo, s.hi}, n, int(c)+1)}
}

// search returns the first place in s whose piece has at n a byte of at least c.
func (v *vocabulary) search(s span, n, c int) uint32 {
	for s.lo < s.hi {
		mid := (s.lo + s.hi) / 2
		piece := v.piece(v.index.sorted[mid])
		if len(piece) <= n || int(piece[n]) < c {
			s.lo = mid + 1
		} else {
			s.hi = mid
		}
	}
	return s.lo
}
