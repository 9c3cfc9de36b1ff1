package privacy

import "strings"

// How far an address goes: words from the one that tells of living to its first, words of names after a word such as
// "street", and words in all.
const (
	addressStart = 6
	addressNames = 4
	addressWords = 18
	longestHouse = 5 // digits of a number in an address
)

// address finds where a person says to live: behind "I live", "my address", the words from the first part of a
// street or a house to the last, if there is a number among them. A town alone tells nobody's home.
func (s *scan) address(i int) (Kind, int) {
	if !s.opensAddress(i) || !s.livingBefore(i) {
		return "", 0
	}
	end, numbers, streets, names := i, 0, 0, 0
	for j := i; j < len(s.tokens) && j < i+addressWords; j++ {
		t := s.tokens[j]
		part := t.means&street != 0 || t.numeric()
		if j > i && s.leavesAddress(j, part, names) {
			break
		}
		switch {
		case t.numeric():
			numbers++
			names = addressNames // a name after a number belongs to something else, but behind a street's word
		case part:
			streets++
			names = 0
		default:
			names++
		}
		if streets == 0 && t.numeric() {
			names = 0
		}
		end = j + 1
	}
	if numbers == 0 || streets == 0 {
		return "", 0
	}
	return Address, end
}

// opensAddress reports whether token i can begin an address: a part of a street or a house, or a number before one.
func (s *scan) opensAddress(i int) bool {
	t := s.tokens[i]
	if !t.numeric() {
		return t.means&street != 0
	}
	return len(t.digits) <= longestHouse && i+1 < len(s.tokens) && s.tokens[i+1].means&street != 0
}

// livingBefore reports whether a word that tells of living stands before token i, with little between: the name of a
// town at the most.
func (s *scan) livingBefore(i int) bool {
	const mostOthers = 2
	others := 0
	for back := i - 1; back >= 0 && back >= i-addressStart; back-- {
		t := s.tokens[back]
		switch {
		case ends(s.gap(back + 1)):
			return false
		case t.means&living != 0:
			return true
		case t.means&filler != 0:
		case t.numeric() || t.means&ending != 0 || others == mostOthers:
			return false
		default:
			others++
		}
	}
	return false
}

// leavesAddress reports whether token j stands behind the address: after the end of a sentence, after a comma where
// no part of an address follows, a word that begins something else, or more names than a street has.
func (s *scan) leavesAddress(j int, part bool, names int) bool {
	gap := s.gap(j)
	switch {
	case strings.ContainsAny(gap, "?!؟\n;؛()"):
		return true
	case strings.Contains(gap, ". ") && s.tokens[j-1].to-s.tokens[j-1].from > len("appt"):
		return true
	case part:
		return len(s.tokens[j].digits) > longestHouse
	}
	return strings.ContainsAny(gap, ",،") || s.tokens[j].means&ending != 0 || names >= addressNames
}
