package privacy

import (
	"strings"
	"unicode/utf8"
)

// The longest local part and domain of an address (RFC 5321).
const (
	maxLocal  = 64
	maxDomain = 255
)

// findEmails finds addresses for e-mail: with a sign, which spaces may surround, or with the word for it.
func (s *scan) findEmails() {
	for i, t := range s.tokens {
		if len(s.emails) > 0 && t.from < s.emails[len(s.emails)-1].To {
			continue
		}
		if found, ok := s.email(i); ok {
			s.emails = append(s.emails, found)
		}
	}
}

// email is the address whose domain begins with token i.
func (s *scan) email(i int) (Span, bool) {
	if i == 0 {
		return Span{}, false
	}
	at, spoken := i, false
	switch gap := s.gap(i); {
	case strings.Trim(gap, " []()") == "@":
	case i >= 2 && isAt(s.tokens[i-1].word):
		at, spoken = i-1, true
	default:
		return Span{}, false
	}
	bracketed := strings.ContainsAny(s.gap(at), "([")
	points := !spoken || bracketed || s.tokens[at].word != "at"
	to := s.domain(i, points && spoken)
	if to == 0 {
		return Span{}, false
	}
	from := s.local(s.tokens[at-1].to)
	if from < 0 {
		return Span{}, false
	}
	return Span{Email, from, to}, true
}

func isAt(word string) bool {
	return word == "at" || word == "arobase" || word == "arobas" || word == "arrobase"
}

// local is where the local part begins that ends at byte to, -1 where there is none.
func (s *scan) local(to int) int {
	from := to
	for from > 0 && to-from < maxLocal && isLocal(s.text[from-1]) {
		from--
	}
	for from < to && (strings.IndexByte("._%+-", s.text[from]) >= 0 || !utf8.RuneStart(s.text[from])) {
		from++
	}
	if from == to {
		return -1
	}
	return from
}

// isLocal reports a byte of a local part. Bytes of letters and digits beyond ASCII count: people type them.
func isLocal(b byte) bool {
	return isLatin(b) || (b >= '0' && b <= '9') || b >= 0x80 || strings.IndexByte("._%+-", b) >= 0
}

// domain is the byte after the domain that begins with token i; 0 where none does. Where points may be spoken, the
// word for one parts its labels as well.
func (s *scan) domain(i int, spoken bool) (to int) {
	start := s.tokens[i].from
	for j := i + 1; j < len(s.tokens) && s.tokens[j].from-start < maxDomain; j++ {
		switch gap := s.gap(j); {
		case gap == "" || gap == "-":
			continue
		case gap == ".":
		case spoken && (s.tokens[j].word == "point" || s.tokens[j].word == "dot") && j+1 < len(s.tokens):
			j++
		default:
			return to
		}
		if t := s.tokens[j]; !t.numeric() && t.to-t.from >= 2 && isLatin(s.text[t.from]) {
			to = t.to
		}
	}
	return to
}
