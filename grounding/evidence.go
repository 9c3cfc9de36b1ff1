package grounding

import (
	"strings"

	"murshid/language"
)

// evidence is what the cited passages say, and the words that the names of the procedure add.
type evidence struct {
	fields   []string
	texts    []*reading
	twins    []*reading // nil where a passage has none
	forms    map[string]bool
	things   map[string]bool // headings of words/things.txt that are named
	bones    map[string]bool // consonant skeletons
	segments []segment       // entries and sentences
	claims   []segment       // the parts of them
	subject  segment         // the names of the procedure
}

func newEvidence(cited, all []Passage) *evidence {
	e := &evidence{forms: map[string]bool{}, things: map[string]bool{}, bones: map[string]bool{}}
	for _, p := range cited {
		text := read(p.Text)
		e.fields = append(e.fields, p.Field)
		e.texts = append(e.texts, text)
		e.learn(p.Text, text)
		var twin *reading
		if p.Twin != "" {
			twin = read(p.Twin)
			e.learn(p.Twin, twin)
		}
		e.twins = append(e.twins, twin)
	}
	for _, p := range all {
		if p.Field == Title {
			for _, text := range []string{p.Text, p.Twin} {
				r := read(text)
				e.learn(text, r)
				e.subject.tokens = append(e.subject.tokens, r.tokens...)
			}
		}
	}
	return e
}

// learn takes in the words of a text and what the lexicon calls them.
func (e *evidence) learn(text string, r *reading) {
	e.learnTokens(r.tokens)
	e.segments = append(e.segments, r.statements(false)...)
	e.claims = append(e.claims, r.statements(true)...)
	for i := range r.tokens {
		for _, heading := range things.all(r.tokens, i) { // also those inside a longer name
			e.things[heading] = true
		}
	}
	for _, official := range language.Official(text) {
		for _, w := range language.Words(official) {
			e.learnWord(newWord(w))
		}
	}
}

func (e *evidence) learnTokens(ts []token) {
	for _, t := range ts {
		if t.kind == word || t.kind == reference {
			e.learnWord(t)
		}
	}
}

func (e *evidence) learnWord(t token) {
	for _, f := range t.forms {
		e.forms[f] = true
	}
	for _, s := range t.bones {
		e.bones[script(t.text)+s] = true
	}
	e.forms[t.text] = true
}

// fewBones is the least number of consonants by which words of two scripts are taken for one.
const fewBones = 3

func skeletons(w string) []string {
	var out []string
	for _, s := range language.Skeletons(w) {
		if len(s) >= fewBones {
			out = append(out, s)
		}
	}
	return out
}

// script parts skeletons by the letters they were read from: within one script spelling tells words apart.
func script(w string) string {
	if isArabic(w) {
		return "arabic "
	}
	return "latin "
}

// has reports whether the passages have a folded word, in any spelling.
func (e *evidence) has(w string) bool { return e.hasToken(newWord(w)) }

func (e *evidence) hasToken(t token) bool {
	for _, f := range t.forms {
		if e.forms[f] {
			return true
		}
	}
	other := script("x")
	if !isArabic(t.text) {
		other = script("ا")
	}
	for _, s := range t.bones {
		if e.bones[other+s] {
			return true
		}
	}
	return e.forms[t.text]
}

// any reports whether a cited passage is as wanted.
func (e *evidence) any(wanted func(*reading) bool) bool {
	for _, r := range e.texts {
		if wanted(r) {
			return true
		}
	}
	return false
}

// spoken gives the words of a phrase back, for an error.
func spoken(ts []token) string {
	var out []string
	for _, t := range ts {
		if t.text != "" && t.text != "\n" {
			out = append(out, t.text)
		}
	}
	return strings.Join(out, " ")
}
