// Package privacy finds personal data in what people write, so that it can be masked before a text is stored in the
// clear, searched or embedded.
//
// The forms are those of Morocco (numbering plan of the ANRT, CNIE, RIB, CNSS); loi 09-08 calls all of them
// personal. Many look like harmless numbers, so the words before a number decide: a date is masked where it is told
// as a date of birth, nine digits where they are a number of social security. What is public stays: short numbers
// and 08 numbers, postal numbers (UPU S10), laws, amounts, references of files, numbers of companies.
//
// The time is linear in the length of the text: no rule looks further than a fixed number of words.
package privacy

import "strings"

// Kind is a kind of personal data, in the word that stands in its place in a masked text.
type Kind string

// The kinds.
const (
	CIN       Kind = "CIN"       // number of a national identity card
	Passport  Kind = "passport"  // number of a passport
	Residence Kind = "residence" // number of a residence card of a foreigner
	Social    Kind = "social"    // number of a person at CNSS, AMO or CNOPS, or in the social register
	Phone     Kind = "phone"     // number of a telephone that is not an administration's
	Email     Kind = "e-mail"    // address for e-mail, also written with "at"
	RIB       Kind = "RIB"       // number of a Moroccan bank account
	IBAN      Kind = "IBAN"      // international number of a bank account
	Card      Kind = "card"      // number of a payment card
	Code      Kind = "code"      // 16 digits that are no payment card, such as those of an e-timbre: worth money
	Birth     Kind = "date"      // date of birth
	Address   Kind = "address"   // where a person says to live
)

// Span is a place in a text that holds personal data: the bytes From…To.
type Span struct {
	Kind     Kind
	From, To int
}

// Find gives the personal data in a text, in its order and without overlaps. The text may be as it was written or
// cleaned; digits may be Arabic-Indic.
func Find(text string) []Span {
	var buffer [64]token
	s := scan{text: text, tokens: tokenize(buffer[:0], text)}
	s.findEmails()
	for i := 0; i < len(s.tokens); {
		i = s.at(i)
	}
	return s.spans
}

// Mask replaces the personal data in a text by its kind in square brackets.
func Mask(text string) string {
	spans := Find(text)
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	from := 0
	for _, s := range spans {
		b.WriteString(text[from:s.From])
		b.WriteString("[" + string(s.Kind) + "]")
		from = s.To
	}
	b.WriteString(text[from:])
	return b.String()
}

// scan is a walk through the words and numbers of a text.
type scan struct {
	text   string
	tokens []token
	emails []Span // found beforehand, not yet passed by the walk
	spans  []Span
}

// detectors are asked in order; each gives the kind and the token after what it found, or zero. What is longer or
// better told by its form stands first, so that a bank number is not taken for a telephone.
var detectors = []func(*scan, int) (Kind, int){
	(*scan).iban,
	(*scan).rib,
	(*scan).residence,
	(*scan).passport,
	(*scan).date,
	(*scan).phone,
	(*scan).card,
	(*scan).social,
	(*scan).cin,
	(*scan).address,
}

// at looks for personal data that begins at token i, and gives the token to go on with.
func (s *scan) at(i int) int {
	if len(s.emails) > 0 && s.tokens[i].to > s.emails[0].From {
		return s.passEmail(i)
	}
	if end := s.parcel(i); end > 0 {
		return end
	}
	for _, detect := range detectors {
		kind, end := detect(s, i)
		if end == 0 {
			continue
		}
		if kind != "" {
			from := s.tokens[i].from
			if kind == Phone && from > 0 && s.text[from-1] == '+' {
				from--
			}
			s.spans = append(s.spans, Span{kind, from, s.tokens[end-1].to})
		}
		return end
	}
	return i + 1
}

// passEmail goes over an address for e-mail that begins at or before token i.
func (s *scan) passEmail(i int) int {
	found := s.emails[0]
	s.emails = s.emails[1:]
	if n := len(s.spans); n > 0 {
		found.From = max(found.From, s.spans[n-1].To) // what came before may reach into it
	}
	if found.From < found.To {
		s.spans = append(s.spans, found)
	}
	for i < len(s.tokens) && s.tokens[i].from < found.To {
		i++
	}
	return i
}
