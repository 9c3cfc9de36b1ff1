package grounding

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"murshid/language"
)

// kind is what a token of a text is.
type kind uint8

const (
	word kind = iota
	number
	date
	reference // number of a law, name of a class: 52-05, A1
	phone     // groups of digits that are no number
	address   // stands where a link or mailbox was
	comma     // a pause inside a sentence
	stop      // the end of a sentence or of a list's entry
)

// token is a word, a number or a mark of a text.
type token struct {
	kind   kind
	text   string   // folded
	forms  []string // see wordForms
	bare   []string // see bareForms
	bones  []string // consonant skeletons that both scripts share
	thing  string   // heading of words/things.txt of which it is a part
	named  []string // headings of all things whose names begin here
	begins bool     // it is the first word of the thing
	plain  bool     // it stands in words/plain.txt
	value  float64  // of a number
	date   calendar
	taken  bool // part of a figure or of what qualifies it
}

// calendar is a date or a part of one; what it does not say is 0.
type calendar struct{ day, month, year int }

// within reports whether d says nothing that whole does not say.
func (d calendar) within(whole calendar) bool {
	same := func(a, b int) bool { return a == 0 || a == b }
	return same(d.day, whole.day) && same(d.month, whole.month) && same(d.year, whole.year)
}

var (
	slashDate  = regexp.MustCompile(`^(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d{2})`)
	isoDate    = regexp.MustCompile(`^((?:19|20)\d{2})-(0[1-9]|1[0-2])(?:-(\d{2}))?`)
	hyphened   = regexp.MustCompile(`^\d+(?:-\d+)+`)
	thousands  = regexp.MustCompile(`^[1-9]\d{0,2}(?:[ .,']\d{3})+(?:,\d{1,2})?`)
	groups     = regexp.MustCompile(`^\+?\d{2,4}(?:[ .]\d{2,4})+`)
	decimals   = regexp.MustCompile(`^\d+[.,]\d+`)
	digits     = regexp.MustCompile(`^\d+`)
	glued      = regexp.MustCompile(`^(?i:dhs?|mad|h|j|ans?|mois|jours?|cv|km|mm|cm|m2|ha|er|e|eme|ème|ième|nde)(?:[^\p{L}\d]|$)`)
	classes    = regexp.MustCompile(`^(?:[A-Z]{1,3}\d{1,3})(?:[^\p{L}\d]|$)`)
	prefixed   = regexp.MustCompile(`^[bfldwBFLDW]\d{2,}`)
	listMarker = regexp.MustCompile(`^(?:\d{1,2}[.)] |[-•–] ?)`)
)

// tokens cuts a cleaned line.
func tokens(line string) []token {
	var out []token
	for line = listMarker.ReplaceAllString(line, ""); line != ""; {
		r, size := utf8.DecodeRuneInString(line)
		switch {
		case r == ' ', r == '\'', r == '-' && inWord(out, line[size:]):
		case r == '+' && groups.MatchString(line), r >= '0' && r <= '9':
			var t token
			t, size = digitToken(line)
			out = append(out, t)
		case prefixed.MatchString(line): // «b500»
			out = append(out, newWord(line[:1]))
		case unicode.IsLetter(r):
			size = wordLength(line)
			out = append(out, wordToken(line[:size]))
		default:
			out = append(out, markToken(r))
		}
		line = line[size:]
	}
	return out
}

// inWord reports a hyphen between two words: «soixante-quinze».
func inWord(before []token, rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLetter(r) && len(before) > 0 && before[len(before)-1].kind == word
}

// digitToken reads what begins with a digit.
func digitToken(line string) (token, int) {
	if m := slashDate.FindStringSubmatch(line); m != nil && ends(line, len(m[0])) {
		return token{kind: date, text: m[0], date: calendar{atoi(m[1]), atoi(m[2]), atoi(m[3])}}, len(m[0])
	}
	if m := isoDate.FindStringSubmatch(line); m != nil && ends(line, len(m[0])) {
		return token{kind: date, text: m[0], date: calendar{atoi(m[3]), atoi(m[2]), atoi(m[1])}}, len(m[0])
	}
	if m := hyphened.FindString(line); m != "" {
		return token{kind: reference, text: m}, len(m)
	}
	if m := thousands.FindString(line); m != "" && ends(line, len(m)) {
		whole, fraction, _ := strings.Cut(m, ",")
		if len(fraction) == 3 || fraction == "" || strings.Contains(fraction, ",") {
			whole, fraction = m, ""
		}
		return numberToken(keepDigits(whole) + "." + fraction), len(m)
	}
	if m := groups.FindString(line); m != "" && ends(line, len(m)) {
		return token{kind: phone, text: keepDigits(m)}, len(m)
	}
	if m := decimals.FindString(line); m != "" && ends(line, len(m)) {
		return numberToken(strings.Replace(m, ",", ".", 1)), len(m)
	}
	m := digits.FindString(line)
	if rest := line[len(m):]; rest != "" && startsLatin(rest) && !glued.MatchString(rest) {
		size := wordLength(line)
		return newWord(line[:size]), size // «7it», «3am»
	}
	if len(m) > 9 {
		return token{kind: phone, text: m}, len(m)
	}
	if len(m) > 1 && m[0] == '0' {
		return token{kind: phone, text: m}, len(m)
	}
	return numberToken(m), len(m)
}

// ends reports that a number does not go on after its first bytes.
func ends(line string, size int) bool {
	rest := strings.TrimLeft(line[size:], " .,-/")
	gap := len(line) - size - len(rest)
	return rest == "" || rest[0] < '0' || rest[0] > '9' || gap > 1 || (gap == 1 && line[size] == ',')
}

func numberToken(text string) token {
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "."), 64)
	if err != nil {
		return token{kind: phone, text: text} // matched by no passage that has it otherwise
	}
	return token{kind: number, text: text, value: v}
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func keepDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// wordLength is the length of the word that a line begins with. Arabic letters and digits never make one word.
func wordLength(line string) int {
	arabic := -1
	for i, r := range line {
		switch {
		case r >= '0' && r <= '9':
			if arabic == 1 {
				return i
			}
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			is := 0
			if unicode.Is(unicode.Arabic, r) {
				is = 1
			}
			if arabic >= 0 && is != arabic {
				return i
			}
			arabic = is
		default:
			return i
		}
	}
	return len(line)
}

func startsLatin(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Latin, r)
}

func wordToken(text string) token {
	if classes.MatchString(text) {
		t := newWord(text)
		t.kind = reference
		return t
	}
	t := newWord(text)
	if text == notThat || text == "و"+notThat {
		t.text = notThat
	}
	if len(text) == 1 && text[0] >= 'B' && text[0] <= 'Z' { // «permis B»
		t.text = strings.ToUpper(text)
		t.forms, t.bare = []string{t.text}, []string{t.text}
	}
	return t
}

func newWord(text string) token {
	text = language.Fold(text)
	return token{kind: word, text: text, forms: wordForms(text), bare: bareForms(text), bones: skeletons(text)}
}

func markToken(r rune) token {
	switch {
	case r == '§':
		return token{kind: address}
	case r == '%':
		return newMark(word, "%")
	case r == '€', r == '$', r == '£':
		return newMark(word, string(r))
	case r == '×', r == '-', r == '–', r == '/', r == '+', r == '<', r == '>', r == '≤', r == '≥':
		return newMark(comma, string(r))
	case isStrongStop(r):
		return newMark(stop, string(r))
	}
	return newMark(comma, string(r))
}

func newMark(k kind, text string) token {
	return token{kind: k, text: text, forms: []string{text}, bare: []string{text}}
}

func isStrongStop(r rune) bool {
	switch r {
	case '.', ';', '!', '?', '؟', '؛', '\n', '•', '…':
		return true
	}
	return false
}
