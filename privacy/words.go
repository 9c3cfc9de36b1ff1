package privacy

import (
	"embed"
	"fmt"
	"strings"

	"murshid/language"
)

// meaning is what a word tells about the numbers after it.
type meaning uint32

// The meanings; words.txt lists the words of each under its name.
const (
	identity   meaning = 1 << iota // an identity card
	passports                      // a passport
	residing                       // a residence card
	social                         // social security
	calling                        // a telephone
	born                           // a birth
	birth                          // a birth after the word for "date"
	dated                          // the word for "date"
	certified                      // a paper: its date is not a birth
	month                          // a name of a month
	living                         // where somebody lives
	street                         // a part of an address
	filler                         // may stand between such a word and its number
	ending                         // ends an address
	unit                           // after a number: an amount
	particle                       // one or two letters that are a word of their own
	foreignRef                     // one or two letters before the number of a company or a file
)

var headings = map[string]meaning{
	"identity": identity, "passports": passports, "residing": residing, "social": social, "calling": calling,
	"born": born, "birth": birth, "dated": dated, "certified": certified, "month": month, "living": living,
	"street": street, "filler": filler, "ending": ending, "unit": unit, "particle": particle, "reference": foreignRef,
}

//go:embed words.txt
var wordFile embed.FS

var meanings = mustMeanings()

func mustMeanings() map[string]meaning {
	file, err := wordFile.ReadFile("words.txt")
	if err != nil {
		panic(err) // compiled in
	}
	out, err := parseMeanings(string(file))
	if err != nil {
		panic(fmt.Sprintf("words.txt: %v", err)) // compiled in, and every test reads it
	}
	return out
}

// parseMeanings reads words under [headings]; lines that begin with # are notes.
func parseMeanings(file string) (map[string]meaning, error) {
	out := map[string]meaning{}
	var under meaning
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			name := strings.Trim(line, "[]")
			if under = headings[name]; under == 0 {
				return nil, fmt.Errorf("unknown heading %q", name)
			}
		default:
			for word := range strings.FieldsSeq(line) {
				out[language.Fold(word)] |= under
			}
		}
	}
	return out, nil
}

// meaningOf is what a folded word means, also with what Arabic writes onto its front: و ف ب ل ك and the article.
func meaningOf(word string) meaning {
	if m := meanings[word]; m != 0 {
		return m
	}
	const letter = len("و")
	if len(word) < 4*letter || word[0] < 0xD8 || word[0] > 0xDB {
		return 0
	}
	for _, front := range []string{"و", "ف", "ب", "ل", "ك"} {
		if rest, ok := strings.CutPrefix(word, front); ok {
			if m := meanings[rest]; m != 0 {
				return m
			}
			word = rest
			break
		}
	}
	for _, article := range []string{"ال", "ل"} {
		if rest, ok := strings.CutPrefix(word, article); ok {
			return meanings[rest]
		}
	}
	return 0
}

// reach is how many tokens before a number a word still tells about it.
const reach = 8

// told is the meaning, of those asked for, of the nearest word before token i that has one. A sentence's end stops
// the search.
func (s *scan) told(i int, asked meaning, within int) meaning {
	for back := i - 1; back >= 0 && back >= i-within; back-- {
		if ends(s.gap(back + 1)) {
			return 0
		}
		if m := s.tokens[back].means & asked; m != 0 {
			return m
		}
	}
	return 0
}

// ends reports whether a sentence ends in the gap.
func ends(gap string) bool {
	if gap == "" || gap == " " {
		return false
	}
	return strings.ContainsAny(gap, "?!؟\n") || strings.Contains(gap, ". ")
}

// amount reports whether what stands before token end is an amount of something.
func (s *scan) amount(end int) bool {
	return end < len(s.tokens) && s.tokens[end].means&unit != 0 && len(s.gap(end)) <= 1
}
