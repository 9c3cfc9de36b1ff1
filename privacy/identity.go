package privacy

import "strings"

// parcel passes over a postal number (UPU S10): two letters, nine digits, two letters. It names a parcel.
func (s *scan) parcel(i int) (end int) {
	if !s.latin(i, 2) || i+2 >= len(s.tokens) || len(s.tokens[i+1].digits) != 9 || !s.latin(i+2, 2) {
		return 0
	}
	if !s.joined(i+1) && s.gap(i+1) != " " || !s.joined(i+2) && s.gap(i+2) != " " {
		return 0
	}
	return i + 3
}

// latin reports whether token i is at most count Latin letters.
func (s *scan) latin(i, count int) bool {
	if i >= len(s.tokens) {
		return false
	}
	t := s.tokens[i]
	return !t.numeric() && t.to-t.from <= count && isLatin(s.text[t.from]) && isLatin(s.text[t.to-1])
}

// prefixed is a number of a document: letters with digits behind them, and how they are written.
type prefixed struct {
	end    int  // token after it
	digits int  // how many
	glued  bool // nothing stands between letters and digits
	upper  bool
	means  meaning // of the letters as a word
}

// prefixed reads one or two Latin letters with four to seven digits behind them. The digits may stand in groups.
func (s *scan) prefixed(i int) (p prefixed, ok bool) {
	if !s.latin(i, 2) || s.joined(i) || i+1 >= len(s.tokens) {
		return p, false
	}
	first := i + 1
	if s.latin(first, 1) && s.latin(i, 1) && s.gap(first) == " " { // «A B 1 2 3 4 5 6»
		first++
	}
	const longestGap = 3
	gap := s.gap(first)
	if first >= len(s.tokens) || !s.tokens[first].numeric() || strings.Trim(gap, " -./_") != "" || len(gap) > longestGap {
		return p, false
	}
	for count := 7; count >= 4; count-- {
		if p.end, _ = s.number(first, count, " "); p.end > 0 {
			p.digits = count
			break
		}
	}
	if p.end == 0 || s.joined(p.end) {
		return p, false
	}
	written := s.text[s.tokens[i].from:s.tokens[i].to]
	p.glued, p.upper, p.means = s.joined(first), written == strings.ToUpper(written), s.tokens[i].means
	return p, true
}

// cin finds the number of a national identity card: one or two letters and five to seven digits, four on old cards.
// Where letters and digits stand apart, or are written as other things are, the words before must tell of a card.
func (s *scan) cin(i int) (Kind, int) {
	p, ok := s.prefixed(i)
	if !ok {
		return "", 0
	}
	told := s.told(i, identity, reach) != 0
	plain := s.tokens[p.end-1].digits
	switch {
	case !told && (p.means&foreignRef != 0 || p.digits == 4 || s.referenced(p.end)):
		return "", 0
	case !p.upper && !p.glued && (p.digits == 4 || p.means&foreignRef != 0):
		return "", 0
	case p.digits == 4 && isYear(plain), !p.glued && s.amount(p.end):
		return "", 0
	case !p.glued && p.means&particle != 0 && (!told || (!p.upper && strings.HasSuffix(plain, "000"))):
		return "", 0
	case !told && !p.glued && len(plain) < 4: // groups of digits
		return "", 0
	}
	return CIN, p.end
}

// referenced reports whether the number that ends before token end goes on like the reference of a file.
func (s *scan) referenced(end int) bool {
	gap := s.gap(end)
	return end < len(s.tokens) && s.tokens[end].numeric() && (gap == "/" || gap == "-")
}

// passport finds two letters and seven digits; the nearest word tells whether that is an identity card instead.
// Behind the word "passport" foreign numbers count too.
func (s *scan) passport(i int) (Kind, int) {
	const length = 7
	told := s.told(i, identity|passports, reach)
	p, ok := s.prefixed(i)
	switch {
	case !ok || p.digits != length || s.tokens[i].to-s.tokens[i].from != 2:
		return s.foreignPassport(i)
	case told == identity, told == 0 && p.means&foreignRef != 0, s.referenced(p.end):
		return "", 0
	case !p.glued && told == 0 && (p.means&particle != 0 || s.amount(p.end)):
		return "", 0
	}
	return Passport, p.end
}

// foreignPassport is a run of seven to ten letters and digits near the word "passport".
func (s *scan) foreignPassport(i int) (Kind, int) {
	const near, least, most, leastDigits = 4, 7, 10, 5
	if s.joined(i) || s.told(i, identity|passports|calling, near) != passports {
		return "", 0
	}
	end, length, count := i, 0, 0
	for ; end < len(s.tokens) && (end == i || s.joined(end)) && length <= most; end++ {
		if t := s.tokens[end]; t.numeric() {
			count += len(t.digits)
		} else if !s.latin(end, 2) {
			return "", 0
		}
		length += max(len(s.tokens[end].digits), len(s.tokens[end].word))
	}
	if length < least || length > most || count < leastDigits || s.amount(end) || s.referenced(end) || s.dated(i) {
		return "", 0
	}
	if end == i+1 && (length > 9 || s.tokens[i].digits[0] == '0') { // only digits
		return "", 0
	}
	return Passport, end
}

func (s *scan) dated(i int) bool {
	end, _ := s.dateAt(i)
	return end > 0
}

// residence finds the number of a residence card: letters and digits behind the words for it, or the form that
// nothing else has (a capital, six digits, a capital).
func (s *scan) residence(i int) (Kind, int) {
	const near = 6
	told := s.told(i, identity|passports|residing, near)&residing != 0
	if s.tokens[i].numeric() {
		return s.numberedResidence(i, told)
	}
	if !s.latin(i, 1) || s.joined(i) || !s.joined(i+1) {
		return "", 0
	}
	length := len(s.tokens[i+1].digits)
	end := i + 2
	if s.joined(end) && s.latin(end, 1) && !s.joined(end+1) {
		end++
	}
	form := length == 6 && end == i+3 && s.written(i) == strings.ToUpper(s.written(i))
	if length < 5 || length > 7 || s.joined(end) || (!told && !form) {
		return "", 0
	}
	return Residence, end
}

// numberedResidence is an old number with the year behind it.
func (s *scan) numberedResidence(i int, told bool) (Kind, int) {
	if !told || s.told(i, identity, reach) == 0 || i+1 >= len(s.tokens) {
		return "", 0
	}
	if n := len(s.tokens[i].digits); n < 5 || n > 7 || s.gap(i+1) != "/" || len(s.tokens[i+1].digits) != 4 {
		return "", 0
	}
	return Residence, i + 2
}

// social finds the number of a person at a social security: nine digits, or seven to ten in one, behind its name.
func (s *scan) social(i int) (Kind, int) {
	const length, least, most = 9, 7, 10
	digits := s.tokens[i].digits
	if digits == "" || s.inside(i) || digits[0] == '0' || s.told(i, social, reach) == 0 {
		return "", 0
	}
	end, _ := s.number(i, length, " -")
	if end == 0 && len(digits) >= least && len(digits) <= most {
		end = i + 1
	}
	if end == 0 || s.joined(end) || s.amount(end) || s.referenced(end) {
		return "", 0
	}
	return Social, end
}
