package assistant

import (
	"embed"
	"fmt"
	"strings"

	"murshid/language"
)

// Rules are data: files of phrases that people use, under a [heading] for what they mean, one phrase a line. A word
// that ends with * stands for every word that begins so; ".." stands for up to three words. Lines that begin with #
// are notes.
//
//go:embed rules/*.txt
var ruleFiles embed.FS

const maxGap = 3

// phraseBook finds the headings whose phrases stand in a text.
type phraseBook struct {
	exact  map[string][]phrase // by first word
	prefix []phrase            // first word ends with *
}

type phrase struct {
	heading string
	order   int
	words   []string
}

func mustPhrases(name string) *phraseBook {
	file, err := ruleFiles.ReadFile("rules/" + name + ".txt")
	if err != nil {
		panic(err) // compiled in
	}
	b, err := parsePhrases(string(file))
	if err != nil {
		panic(fmt.Sprintf("rules/%s.txt: %v", name, err)) // compiled in, and a test reads it
	}
	return b
}

func parsePhrases(file string) (*phraseBook, error) {
	b := &phraseBook{exact: map[string][]phrase{}}
	heading, order := "", 0
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			heading = line[1 : len(line)-1]
			order++
		case heading == "":
			return nil, fmt.Errorf("phrase %q stands under no heading", line)
		default:
			b.add(phrase{heading, order, phraseWords(line)})
		}
	}
	return b, nil
}

// phraseWords folds a phrase as texts are folded, keeping its * and "..".
func phraseWords(line string) []string {
	var out []string
	for field := range strings.FieldsSeq(line) {
		if field == ".." {
			out = append(out, field)
			continue
		}
		stem, open := strings.CutSuffix(field, "*")
		words := language.Words(stem)
		if open && len(words) > 0 {
			words[len(words)-1] += "*"
		}
		out = append(out, words...)
	}
	return out
}

func (b *phraseBook) add(p phrase) {
	switch {
	case len(p.words) == 0:
	case strings.HasSuffix(p.words[0], "*"):
		b.prefix = append(b.prefix, p)
	default:
		b.exact[p.words[0]] = append(b.exact[p.words[0]], p)
	}
}

// found is one phrase in a text: the words from…to.
type found struct {
	heading  string
	from, to int
}

// find gives the phrases that stand in the words, in the order of the text.
func (b *phraseBook) find(words []string) []found {
	var out []found
	for i := range words {
		for _, p := range b.exact[words[i]] {
			if end := p.match(words, i); end > 0 {
				out = append(out, found{p.heading, i, end})
			}
		}
		for _, p := range b.prefix {
			if end := p.match(words, i); end > 0 {
				out = append(out, found{p.heading, i, end})
			}
		}
	}
	return out
}

// match gives the end of the phrase in words when it begins at place i, 0 when it does not.
func (p phrase) match(words []string, i int) int {
	gap := 0
	for _, want := range p.words {
		if want == ".." {
			gap = maxGap
			continue
		}
		for !matches(want, words, i) {
			if gap == 0 {
				return 0
			}
			gap--
			i++
		}
		gap = 0
		i++
	}
	return i
}

func matches(want string, words []string, i int) bool {
	if i >= len(words) {
		return false
	}
	if stem, ok := strings.CutSuffix(want, "*"); ok {
		return strings.HasPrefix(words[i], stem)
	}
	return words[i] == want
}
