package privacy

import "strings"

// Rest is what a masked text says besides personal data: the words in square brackets go, and with them what merely
// led to them, such as «né le» or "I live at". A search for the words in brackets would find the wrong procedures.
func Rest(masked string) string {
	if !strings.ContainsRune(masked, '[') {
		return masked
	}
	s := scan{text: masked, tokens: tokenize(nil, masked)}
	var b strings.Builder
	from := 0
	for i := range s.tokens {
		end := s.markAt(i)
		if end == 0 {
			continue
		}
		if first := s.tokens[s.leadIn(i)].from; first > from {
			b.WriteString(strings.TrimRight(masked[from:first], " ["))
			b.WriteByte(' ')
		}
		from = end
	}
	b.WriteString(masked[from:])
	rest := strings.Join(strings.Fields(b.String()), " ")
	return strings.Trim(rest, " ,،:;/-")
}

// kinds are all kinds, as they stand in a masked text.
var kinds = []Kind{CIN, Passport, Residence, Social, Phone, Email, RIB, IBAN, Card, Code, Birth, Address}

// markAt gives the byte after the mark of a kind that begins with token i, 0 where there is none.
func (s *scan) markAt(i int) (end int) {
	from := s.tokens[i].from
	if from == 0 || s.text[from-1] != '[' {
		return 0
	}
	for _, k := range kinds {
		if strings.HasPrefix(s.text[from:], string(k)+"]") {
			return from + len(k) + 1
		}
	}
	return 0
}

// leadIn gives the first of the words before token i that merely lead to it.
func (s *scan) leadIn(i int) int {
	first := i
	for back := i - 1; back >= 0 && back >= i-reach; back-- {
		gap := strings.TrimRight(s.gap(back+1), "[")
		if gap != " " && gap != "" && gap != ": " && gap != " : " || s.tokens[back].means&(filler|born|birth|dated|living) == 0 {
			break
		}
		first = back
	}
	return first
}
