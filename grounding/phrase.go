package grounding

import (
	"embed"
	"fmt"
	"strings"

	"murshid/language"
)

// The word lists are data: phrases under a [heading], parted by commas or line ends. A word that ends with * stands
// for every word that begins so. Lines that begin with # are notes.
//
//go:embed words/*.txt
var wordFiles embed.FS

// phrases finds the headings whose phrases stand in a text.
type phrases struct {
	first  map[string][]phrase // by the first word
	prefix map[string][]phrase // by the first letters of a first word that ends with *
	strict bool                // words may carry proclitics, but no other ending than the list gives them
}

type phrase struct {
	heading string
	words   []string
}

const prefixRunes = 2

func mustStrictPhrases(name string) *phrases {
	p := mustPhrases(name)
	p.strict = true
	return p
}

func mustPhrases(name string) *phrases {
	file, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err) // compiled in
	}
	p, err := parsePhrases(string(file))
	if err != nil {
		panic(fmt.Errorf("words/%s.txt: %w", name, err)) // compiled in, and a test reads it
	}
	return p
}

func parsePhrases(file string) (*phrases, error) {
	p := &phrases{first: map[string][]phrase{}, prefix: map[string][]phrase{}}
	heading := ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			heading = strings.Trim(line, "[]")
		case heading == "":
			return nil, fmt.Errorf("line %q stands under no heading", line)
		default:
			for entry := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == '،' }) {
				p.add(heading, entry)
			}
		}
	}
	return p, nil
}

func (p *phrases) add(heading, entry string) {
	var words []string
	for field := range strings.FieldsSeq(entry) {
		stem, open := strings.CutSuffix(field, "*")
		parts := language.Words(stem)
		if field == "%" || field == "€" || field == "$" || field == "£" {
			parts = []string{field}
		}
		if open && len(parts) > 0 {
			parts[len(parts)-1] += "*"
		}
		words = append(words, parts...)
	}
	if len(words) == 0 {
		return
	}
	one := phrase{heading, words}
	if stem, open := strings.CutSuffix(words[0], "*"); open {
		key := firstRunes(stem)
		p.prefix[key] = append(p.prefix[key], one)
		return
	}
	p.first[words[0]] = append(p.first[words[0]], one)
}

func firstRunes(s string) string {
	n := 0
	for i := range s {
		if n == prefixRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// at gives the longest phrase that tokens begin with at place i, and its length in tokens; 0 for none. Words may
// carry their proclitics.
func (p *phrases) at(ts []token, i int) (heading string, length int) {
	p.each(ts, i, func(one phrase, n int) {
		if n > length {
			heading, length = one.heading, n
		}
	})
	return heading, length
}

// all are the headings of all phrases that tokens begin with at place i.
func (p *phrases) all(ts []token, i int) (headings []string) {
	p.each(ts, i, func(one phrase, _ int) { headings = append(headings, one.heading) })
	return headings
}

// each gives the phrases that tokens begin with at place i, and their lengths.
func (p *phrases) each(ts []token, i int, found func(phrase, int)) {
	forms := ts[i].forms
	if p.strict {
		forms = ts[i].bare
	}
	for _, form := range forms {
		for _, list := range [][]phrase{p.first[form], p.prefix[firstRunes(form)]} {
			for _, one := range list {
				if n := one.match(ts, i, p.strict); n > 0 {
					found(one, n)
				}
			}
		}
	}
}

// match gives the length of the phrase in tokens, 0 where it does not stand at place i.
func (one phrase) match(ts []token, i int, strict bool) int {
	at := i
	for _, want := range one.words {
		if at >= len(ts) || !ts[at].is(want, strict) {
			return 0
		}
		at++
	}
	return at - i
}

// is reports whether a token is a word of a list.
func (t token) is(want string, strict bool) bool {
	if t.kind != word && t.kind != reference && t.text != want {
		return false
	}
	stem, open := strings.CutSuffix(want, "*")
	forms := t.forms
	if strict {
		forms = t.bare
	}
	for _, f := range forms {
		if f == want || open && strings.HasPrefix(f, stem) {
			return true
		}
	}
	return t.text == want
}
