package privacy

import "strings"

// date passes over a date; it is personal where it is told as a date of birth. A date of anything else is passed
// over too, lest its figures are taken for a part of a number.
func (s *scan) date(i int) (Kind, int) {
	end, spaced := s.dateAt(i)
	switch {
	case end == 0:
		return "", 0
	case s.birthday(i):
		return Birth, end
	case spaced: // it may be anything
		return "", 0
	}
	return "", end
}

// dateAt gives the token after a date that begins at token i; spaced where only spaces part its figures.
func (s *scan) dateAt(i int) (end int, spaced bool) {
	if !s.tokens[i].numeric() || s.joined(i) || i+2 >= len(s.tokens) {
		return 0, false
	}
	if end := s.namedDate(i); end > 0 {
		return end, false
	}
	gap := s.gap(i + 1)
	longer := i+3 < len(s.tokens) && s.tokens[i+3].numeric() && s.gap(i+3) == gap && gap != " "
	if len(gap) != 1 || strings.IndexByte("/.- ", gap[0]) < 0 || s.gap(i+2) != gap || s.joined(i+3) || longer {
		return 0, false
	}
	a, b, c := s.tokens[i].digits, s.tokens[i+1].digits, s.tokens[i+2].digits
	if (within(a, 31) && within(b, 12) && isYear(c)) || (len(a) == 4 && isYear(a) && within(b, 12) && within(c, 31)) {
		return i + 3, gap == " "
	}
	return 0, false
}

// namedDate is a date with the name of its month: «1er janvier 2015», «12 مارس 1985».
func (s *scan) namedDate(i int) (end int) {
	m := i + 1
	if s.tokens[m].word == "er" {
		m++
	}
	y := m + 1
	if y < len(s.tokens) && s.tokens[y].word == "de" {
		y++
	}
	if y >= len(s.tokens) || s.tokens[m].means&month == 0 || !within(s.tokens[i].digits, 31) || !isYear(s.tokens[y].digits) {
		return 0
	}
	return y + 1
}

// within reports a number of one or two digits from 1 to most.
func within(digits string, most int) bool {
	if len(digits) == 0 || len(digits) > 2 {
		return false
	}
	n := int(digits[0] - '0')
	if len(digits) == 2 {
		n = n*10 + int(digits[1]-'0')
	}
	return n >= 1 && n <= most
}

// isYear reports two digits or a year in which somebody who lives can be born.
func isYear(digits string) bool {
	return len(digits) == 2 || (len(digits) == 4 && (strings.HasPrefix(digits, "19") || strings.HasPrefix(digits, "20")))
}

// birthday reports whether the words before token i tell of a birth: the verb with a place at the most between, or
// the words "date of birth". The date of a paper about a birth is none.
func (s *scan) birthday(i int) bool {
	const mostOthers = 2
	others := 0
	for back := i - 1; back >= 0 && back >= i-reach; back-- {
		gap := s.gap(back + 1)
		if ends(gap) || (others > 0 && strings.ContainsAny(gap, ",،;")) {
			return false
		}
		t := s.tokens[back]
		switch {
		case t.numeric():
			return others == 0 && s.birthEnds(back)
		case t.means&born != 0:
			return t.word != "ne" || others == 0 || s.written(back) != "ne" // "ne" alone is a negation as well
		case t.means&birth != 0:
			return s.told(back, dated, 2) != 0 || (others == 0 && s.told(back, certified, 4) == 0)
		case t.means&certified != 0:
			return false
		case t.means&(filler|ending) == 0:
			if others++; others > mostOthers {
				return false
			}
		}
	}
	return false
}

// birthEnds reports whether the last thing found is a date of birth that ends with token i.
func (s *scan) birthEnds(i int) bool {
	n := len(s.spans)
	return n > 0 && s.spans[n-1].Kind == Birth && s.spans[n-1].To == s.tokens[i].to
}
