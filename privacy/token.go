package privacy

import (
	"strings"
	"unicode"

	"murshid/language"
)

// token is a run of letters or a run of digits.
type token struct {
	from, to int    // bytes of the text
	digits   string // Western digits; empty for a word
	word     string // folded; empty for a number
	means    meaning
}

func (t token) numeric() bool { return t.digits != "" }

// tokenize cuts a text into words and numbers; letters next to digits are tokens of their own, except in Darija
// with Latin letters, where single digits are letters (lwra9, 3afak).
func tokenize(tokens []token, text string) []token {
	at, from := other, 0
	for i, r := range text {
		next := classOf(r)
		if next == mark && at == letters {
			next = at
		}
		if next == at {
			continue
		}
		tokens = appendRun(tokens, text, run{at, from, i})
		at, from = next, i
	}
	tokens = appendRun(tokens, text, run{at, from, len(text)})
	for i := range tokens {
		t := &tokens[i]
		if t.digits = western(text[t.from:t.to]); t.digits == "" {
			t.word = language.Fold(text[t.from:t.to])
			t.means = meaningOf(t.word)
		}
	}
	return tokens
}

// run is a stretch of one class.
type run struct {
	class    class
	from, to int
}

// appendRun appends a run as a token, or joins it to the last one where a digit is a letter.
func appendRun(tokens []token, text string, r run) []token {
	if r.class != letters && r.class != digits {
		return tokens
	}
	last := len(tokens) - 1
	if last >= 0 && tokens[last].to == r.from && spelled(text, tokens[last], r) {
		tokens[last].to = r.to
		if back := last - 1; back >= 0 && tokens[back].to == tokens[last].from && isLatin(text[tokens[back].to-1]) {
			tokens[back].to = r.to
			return tokens[:last]
		}
		return tokens
	}
	return append(tokens, token{from: r.from, to: r.to})
}

// spelled reports whether the run goes on with the word that the token begins: after one digit that is a letter, or
// as such a digit at the end of a word.
func spelled(text string, t token, r run) bool {
	if r.class == letters {
		inside := t.from > 0 && isLatin(text[t.from-1])
		long := r.to-r.from >= 2 || inside
		return long && isLatin(text[r.from]) && digitLetters(text[t.from:t.to], inside)
	}
	const stem = 3
	ended := r.to == len(text) || !isLatin(text[r.to])
	return ended && t.to-t.from >= stem && isLatin(text[r.from-1]) && digitLetters(text[r.from:r.to], false)
}

// digitLetters reports a digit that Darija writes for a letter, inside a word also doubled, or a word that already
// holds some.
func digitLetters(run string, inside bool) bool {
	if strings.Trim(run[:1], "2345679") != "" {
		return false
	}
	return len(run) == 1 || (inside && len(run) == 2 && run[0] == run[1])
}

func isLatin(b byte) bool { return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') }

// class is what a character is to the tokens.
type class byte

const (
	other class = iota
	letters
	digits
	mark // goes with what stands before it
)

func classOf(r rune) class {
	switch {
	case r < 0x80:
		switch {
		case r >= '0' && r <= '9':
			return digits
		case (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z'):
			return letters
		}
		return other
	case value(r) >= 0:
		return digits
	case r == 'ª', r == 'º':
		return other
	case unicode.IsLetter(r):
		return letters
	case unicode.Is(unicode.Mn, r):
		return mark
	}
	return other
}

// value is what a digit of the three sets that Moroccans type stands for, -1 for anything else.
func value(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r - '0'
	case r >= '٠' && r <= '٩':
		return r - '٠'
	case r >= '۰' && r <= '۹':
		return r - '۰'
	}
	return -1
}

// western gives a run of digits in Western ones; "" for anything else.
func western(run string) string {
	plain := true
	for _, r := range run {
		if value(r) < 0 {
			return ""
		}
		plain = plain && r < 0x80
	}
	if plain {
		return run
	}
	var b strings.Builder
	for _, r := range run {
		b.WriteByte(byte('0' + value(r)))
	}
	return b.String()
}

// gap is what stands between token i and the one before it; none before the first.
func (s *scan) gap(i int) string {
	if i <= 0 || i >= len(s.tokens) {
		return "\n"
	}
	return s.text[s.tokens[i-1].to:s.tokens[i].from]
}

// joined reports whether token i is written onto the one before it.
func (s *scan) joined(i int) bool {
	return i > 0 && i < len(s.tokens) && s.tokens[i-1].to == s.tokens[i].from
}

// written is the text of token i.
func (s *scan) written(i int) string { return s.text[s.tokens[i].from:s.tokens[i].to] }

// number is the digits of the tokens from token i on, parted by one of the separators each, until they have count
// digits. It gives the token after them, or 0 where no border of a number falls there.
func (s *scan) number(i, count int, separators string) (end int, digits string) {
	var b [40]byte
	all := b[:0]
	for ; i < len(s.tokens) && s.tokens[i].numeric(); i++ {
		if len(all) > 0 && !s.parts(i, separators) {
			return 0, ""
		}
		all = append(all, s.tokens[i].digits...)
		switch {
		case len(all) == count && !s.joined(i+1):
			return i + 1, string(all)
		case len(all) >= count:
			return 0, ""
		}
	}
	return 0, ""
}

// parts reports whether token i is parted from the one before by one separator.
func (s *scan) parts(i int, separators string) bool {
	gap := s.gap(i)
	return len(gap) == 1 && strings.Contains(separators, gap)
}
