package privacy

import "strings"

// ibanLength are the lengths of an IBAN by country (ISO 13616 registry), of the countries where most Moroccans live.
var ibanLength = map[string]int{"ma": 28, "fr": 27, "es": 24, "it": 27, "be": 16, "nl": 18, "de": 22, "gb": 22, "ch": 21,
	"lu": 20, "pt": 25, "se": 24, "no": 15, "dk": 18, "tn": 24, "ae": 23, "sa": 24}

// iban finds two letters of a country, two check digits and as much after them as that country has.
func (s *scan) iban(i int) (Kind, int) {
	want := ibanLength[s.tokens[i].word]
	if want == 0 || !s.joined(i+1) || len(s.tokens[i+1].digits) < 2 {
		return "", 0
	}
	length := len("MA")
	for j := i + 1; j < len(s.tokens) && length < want; j++ {
		t := s.tokens[j]
		if gap := s.gap(j); gap != "" && gap != " " && gap != "-" || !t.numeric() && !isLatin(s.text[t.from]) {
			return "", 0
		}
		if length += max(len(t.digits), len(t.word)); length == want && !s.joined(j+1) {
			return IBAN, j + 1
		}
	}
	return "", 0
}

// rib finds the 24 digits of a Moroccan bank account, however they are grouped.
func (s *scan) rib(i int) (Kind, int) {
	const length, first = 24, 3
	if len(s.tokens[i].digits) < first {
		return "", 0
	}
	end, _ := s.number(i, length, " -.")
	if end == 0 {
		return "", 0
	}
	return RIB, end
}

// card finds 16 digits in one or in groups of four: a payment card where the check digit is right (ISO 7812), else
// a code. Fifteen digits are a card of the 34 and 37 series.
func (s *scan) card(i int) (Kind, int) {
	digits := s.tokens[i].digits
	if digits == "" || s.joined(i) {
		return "", 0
	}
	if strings.HasPrefix(digits, "34") || strings.HasPrefix(digits, "37") {
		if end, all := s.number(i, 15, " -"); end > 0 && luhn(all) {
			return Card, end
		}
	}
	if len(digits) != 4 && len(digits) != 16 {
		return "", 0
	}
	end, all := s.number(i, 16, " -")
	switch {
	case end == 0 || (end != i+1 && end != i+4):
		return "", 0
	case luhn(all) && all[0] >= '3' && all[0] <= '6':
		return Card, end
	case end == i+4 && isYear(all[:4]) && isYear(all[12:]): // a list of years
		return "", end
	}
	return Code, end
}

// luhn reports whether the check digit of ISO/IEC 7812 is right.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
