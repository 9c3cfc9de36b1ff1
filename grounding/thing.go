package grounding

import (
	"fmt"
	"strings"

	"murshid/language"
)

// things are what a text may name only where the passages name it.
var things = mustThings()

func mustThings() *phrases {
	file, err := wordFiles.ReadFile("words/things.txt")
	if err != nil {
		panic(err) // compiled in
	}
	p, err := parseThings(string(file))
	if err != nil {
		panic(fmt.Errorf("words/things.txt: %w", err)) // compiled in, and a test reads it
	}
	return p
}

// parseThings reads one thing a line: «class: name, name, …». Its heading is the class and the first name.
func parseThings(file string) (*phrases, error) {
	p := &phrases{first: map[string][]phrase{}, prefix: map[string][]phrase{}, strict: true}
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		class, names, ok := strings.Cut(line, ":")
		if !ok || thingErrors[class] == nil {
			return nil, fmt.Errorf("line %q: want a class and names", line)
		}
		first, _, _ := strings.Cut(names, ",")
		for name := range strings.SplitSeq(names, ",") {
			p.add(class+"/"+strings.TrimSpace(first), name)
		}
	}
	return p, nil
}

var thingErrors = map[string]error{
	"head": ErrDocument, "generic": ErrDocument, "same": ErrWord, "document": ErrDocument, "place": ErrPlace, "state": ErrWord, "day": ErrDate,
}

// markThings names the thing that each token is part of, the longest name first, and whether it is a plain word.
func markThings(ts []token) {
	for i := 0; i < len(ts); i++ {
		if ts[i].kind != word {
			continue
		}
		heading, n := things.at(ts, i)
		ts[i].named = things.all(ts, i)
		for k := i; k < i+n; k++ {
			ts[k].thing, ts[k].begins = heading, k == i
		}
		i += max(n, 1) - 1
	}
	for i := range ts {
		if ts[i].kind != word || ts[i].isLetter() {
			continue
		}
		if ts[i].thing == "" && len(language.Content(ts[i].text)) == 0 {
			ts[i].plain = true
		}
		if _, n := plain.at(ts, i); n > 0 {
			for k := i; k < i+n; k++ {
				ts[k].plain = true
			}
		}
	}
}

// isLetter reports a single capital letter, as in «permis B».
func (t token) isLetter() bool { return len(t.text) == 1 && t.text[0] >= 'A' && t.text[0] <= 'Z' }

// plain are words that a text may use whatever the passages say: grammar, verbs and nouns of any answer.
var plain = mustStrictPhrases("plain")

// isPlain reports a word that tells nothing apart.
func isPlain(t token) bool { return t.plain && (t.thing == "" || t.class() == "generic") }

// sameThing reports whether two words name the same.
func sameThing(a, b token) bool {
	if a.thing != "" && a.thing == b.thing || alike(a.named, b.named) {
		return true
	}
	if alike(a.forms, b.forms) {
		return true
	}
	return bonesAlike(a, b)
}
