package e5

import (
	"slices"
	"sync"
	"unicode/utf8"
)

// wordMark stands before each word and for each space, as U+2581 does in
// SentencePiece vocabularies.
const wordMark = "\u2581"

// maxScratch is the most bytes of text whose scratch space is kept for later.
const maxScratch = 256 << 10

// tokenizer is SentencePiece's unigram tokenizer: of all ways to cut a word
// into pieces it takes the one whose scores add up to the most.
type tokenizer struct {
	vocabulary *vocabulary
	charsmap   *charsmap
	scratch    sync.Pool // of *scratch
}

// scratch is the memory of one encoding.
type scratch struct {
	normal []byte // the normalised text
	marked []byte // the same with word marks for spaces
	ends   []int  // of each character of a word
	paths  []path // best path to each of the ends
}

// path is the last step of the best way to a place in a word.
type path struct {
	score float64
	from  int // the character at which the last piece begins
	id    int32
}

func newTokenizer(v *vocabulary, m *charsmap) *tokenizer {
	return &tokenizer{vocabulary: v, charsmap: m, scratch: sync.Pool{New: func() any { return new(scratch) }}}
}

// encode appends the ids of the text, between those of <s> and </s>. Only the
// first limit bytes of the normalised text count (0 = all of them).
func (t *tokenizer) encode(ids []int32, text string, limit int) []int32 {
	s := t.scratch.Get().(*scratch)
	s.normal = t.charsmap.normalize(s.normal[:0], text, limit)
	s.marked = markWords(s.marked[:0], s.normal)
	ids = append(ids, t.vocabulary.header.begin)
	for rest := s.marked; len(rest) > 0; {
		n := wordLen(rest)
		ids = t.encodeWord(s, ids, rest[:n])
		rest = rest[n:]
	}
	if cap(s.normal) <= maxScratch {
		t.scratch.Put(s)
	}
	return append(ids, t.vocabulary.header.end)
}

// markWords puts one word mark for each run of spaces, and one in front.
func markWords(out, text []byte) []byte {
	if len(text) > 0 && text[0] != ' ' && !hasMark(text) {
		out = append(out, wordMark...)
	}
	for i, c := range text {
		switch {
		case c != ' ':
			out = append(out, c)
		case i == 0 || text[i-1] != ' ':
			out = append(out, wordMark...)
		}
	}
	return out
}

func hasMark(text []byte) bool {
	return len(text) >= len(wordMark) && string(text[:len(wordMark)]) == wordMark
}

// wordLen is the length of the first word: up to the next word mark.
func wordLen(text []byte) int {
	for i := 1; i < len(text); i++ {
		if text[i] == wordMark[0] && hasMark(text[i:]) {
			return i
		}
	}
	return len(text)
}

// encodeWord appends the ids of one word (Viterbi). Neighbouring unknown
// characters become one unknown piece.
func (t *tokenizer) encodeWord(s *scratch, ids []int32, word []byte) []int32 {
	s.split(word)
	for i := range len(s.ends) - 1 {
		t.extend(s, word, i)
	}
	start, unknown := len(ids), t.vocabulary.header.unknown
	for i := len(s.ends) - 1; i > 0; i = s.paths[i].from {
		id := s.paths[i].id
		if id == unknown && len(ids) > start && ids[len(ids)-1] == unknown {
			continue
		}
		ids = append(ids, id)
	}
	slices.Reverse(ids[start:])
	return ids
}

// split finds the characters of a word; ends[i] is where character i begins.
func (s *scratch) split(word []byte) {
	s.ends, s.paths = append(s.ends[:0], 0), append(s.paths[:0], path{})
	for at := 0; at < len(word); {
		_, n := utf8.DecodeRune(word[at:])
		at += n
		s.ends = append(s.ends, at)
		s.paths = append(s.paths, path{score: -1e300})
	}
}

// extend tries every piece that begins at character i.
func (t *tokenizer) extend(s *scratch, word []byte, i int) {
	v := t.vocabulary
	base, rest := s.paths[i].score, word[s.ends[i]:]
	if len(rest) > v.longest {
		rest = rest[:v.longest]
	}
	matched, candidates := 0, span{}
pieces:
	for to := i + 1; to < len(s.ends); to++ {
		size := s.ends[to] - s.ends[i]
		if size > len(rest) {
			break
		}
		for ; matched < size; matched++ {
			candidates = v.narrow(candidates, rest, matched)
			if candidates.lo >= candidates.hi {
				break pieces
			}
		}
		if id := v.index.sorted[candidates.lo]; len(v.piece(id)) == size {
			s.paths[to].offer(path{base + float64(v.scores[id]), i, int32(id)})
		}
	}
	s.paths[i+1].offer(path{base + v.unknownScore, i, v.header.unknown})
}

// offer keeps the better path; of equal ones the first.
func (p *path) offer(other path) {
	if other.score > p.score {
		*p = other
	}
}
