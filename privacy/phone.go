package privacy

import "strings"

// phoneGaps may stand once between the groups of a telephone number.
const phoneGaps = " .-/_"

// official are numbers of administrations that do not begin with 08 (each is printed on their sites).
var official = map[string]bool{"537679906": true, "520447100": true, "537273727": true, "522547054": true}

// phone finds telephone numbers: 05, 06 and 07 with ten digits, +212 and 00212, and foreign ones behind a + or the
// 00 of a near country. Numbers that begin with 08 are special services (numbering plan of the ANRT), not persons.
func (s *scan) phone(i int) (Kind, int) {
	if !s.tokens[i].numeric() || s.inside(i) {
		return "", 0
	}
	digits := s.tokens[i].digits
	plus := s.tokens[i].from > 0 && s.text[s.tokens[i].from-1] == '+'
	switch {
	case plus && digits == "212", digits == "00212":
		return s.subscriber(i + 1)
	case digits == "00" && i+1 < len(s.tokens) && s.tokens[i+1].digits == "212" && s.parts(i+1, phoneGaps):
		return s.subscriber(i + 2)
	case strings.HasPrefix(digits, "00212"):
		return s.moroccan(i, len("00212"), len("00212")+9)
	case strings.HasPrefix(digits, "212") && (plus || len(digits) == 12):
		return s.moroccan(i, len("212"), len("212")+9)
	case plus:
		return s.foreign(i, 8)
	case strings.HasPrefix(digits, "00") && len(digits) < 15 && near(digits[2:]):
		return s.foreign(i, 11)
	case digits[0] == '0':
		return s.moroccan(i, 1, 10)
	case digits[0] >= '6' && digits[0] <= '7' && s.told(i, calling, 3) != 0:
		return s.moroccan(i, 0, 9)
	}
	return "", 0
}

// inside reports whether token i goes on with a number or a word before it.
func (s *scan) inside(i int) bool {
	if s.joined(i) {
		return s.tokens[i-1].means&calling == 0 && s.tokens[i-1].word != "num"
	}
	gap := s.gap(i)
	return i > 0 && s.tokens[i-1].numeric() && (gap == "-" || gap == "." || gap == "/")
}

// subscriber is the rest of a number after the country's: nine digits, perhaps behind a 0 or (0).
func (s *scan) subscriber(i int) (Kind, int) {
	if i >= len(s.tokens) || strings.Trim(s.gap(i), phoneGaps+"()") != "" {
		return "", 0
	}
	if s.tokens[i].digits == "0" && strings.Contains(s.gap(i+1), ")") {
		i++
	}
	if i < len(s.tokens) && strings.HasPrefix(s.tokens[i].digits, "0") {
		return s.moroccan(i, 1, 10)
	}
	return s.moroccan(i, 0, 9)
}

// moroccan is a number of count digits from token i on, of which prefix stand before the nine of the subscriber.
func (s *scan) moroccan(i, prefix, count int) (Kind, int) {
	end, all := s.number(i, count, phoneGaps)
	if end == 0 || s.slashed(i, end) {
		return "", 0
	}
	switch nine := all[prefix:]; {
	case official[nine], nine[0] == '8':
		return "", end
	case nine[0] >= '5' && nine[0] <= '7':
		return Phone, end
	}
	return "", 0
}

// slashed reports a reference of a file: groups parted by slashes that are longer than those of a telephone.
func (s *scan) slashed(i, end int) bool {
	for j := i + 1; j < end; j++ {
		if s.gap(j) == "/" && len(s.tokens[j].digits) != 2 {
			return true
		}
	}
	return false
}

// foreign is the longest number from token i on with least to 15 digits (ITU E.164).
func (s *scan) foreign(i, least int) (Kind, int) {
	for count := 15; count >= least; count-- {
		if end, _ := s.number(i, count, phoneGaps); end > 0 {
			return Phone, end
		}
	}
	return "", 0
}

// near reports the codes of countries where most Moroccans abroad live.
func near(digits string) bool {
	for _, code := range []string{"33", "34", "39", "32", "31", "49", "44", "41"} {
		if strings.HasPrefix(digits, code) {
			return true
		}
	}
	return false
}
