package assistant

import (
	"embed"
	"fmt"
	"strings"

	"murshid/language"
)

// Rules are data: files of phrases that people use, under a [heading] for what they mean, one phrase a line. A word
// that ends with * stands for every word that begins so; one that begins with ~ for every word with its consonants,
// in either script and with or without its article; ".." stands for up to three words; "|" before or after a phrase
// for the beginning or the end of the text. A line "@name = words" gives words one name; @name in a phrase stands for
// any of them. Lines that begin with # are notes.
//
//go:embed rules/*.txt
var ruleFiles embed.FS

const (
	maxGap = 3
	edge   = "|"
)

// phraseBook finds the headings whose phrases stand in a text.
type phraseBook struct {
	exact     map[string][]phrase // by first word
	skeletons map[string][]phrase // by the consonants of the first word
	prefix    map[string][]phrase // first word ends with *; by the first two bytes of its stem, or its only one
	classes   map[string][]phraseWord
	sounds    bool                // some word is known by its consonants
	sounding  map[string][]phrase // all phrases that have enough of them, by the consonants of the first word
}

// leastConsonants are how many a phrase must have to be known by its sound alone.
const leastConsonants = 6

// leastClassConsonants are how many a word of a class must have.
const leastClassConsonants = 4

type phrase struct {
	heading     string
	words       []phraseWord
	first, last bool // it stands only where the text begins, or ends
}

// phraseWord is one place of a phrase.
type phraseWord struct {
	kind      wordKind
	text      string       // plain and open words
	skeletons []string     // the consonants; of a plain word too
	class     []phraseWord // any of them
}

type wordKind int

const (
	plainWord wordKind = iota
	openWord           // stem*
	soundWord          // ~word
	classWord          // @name
	gapWords           // ..
)

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
	b := &phraseBook{exact: map[string][]phrase{}, skeletons: map[string][]phrase{}, classes: map[string][]phraseWord{},
		sounding: map[string][]phrase{}, prefix: map[string][]phrase{}}
	heading := ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		name, members, defines := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			heading = line[1 : len(line)-1]
		case defines && strings.HasPrefix(name, "@"):
			words, err := b.parseWords(members)
			if err != nil {
				return nil, err
			}
			name = strings.TrimSpace(name)
			b.classes[name] = append(b.classes[name], words...)
		case heading == "":
			return nil, fmt.Errorf("phrase %q stands under no heading", line)
		default:
			p := phrase{heading: heading}
			line, p.first = strings.CutPrefix(line, edge)
			line, p.last = strings.CutSuffix(line, edge)
			words, err := b.parseWords(line)
			if err != nil {
				return nil, err
			}
			p.words = words
			b.add(p)
		}
	}
	return b, nil
}

// parseWords folds the words of a phrase as texts are folded.
func (b *phraseBook) parseWords(line string) ([]phraseWord, error) {
	var out []phraseWord
	for field := range strings.FieldsSeq(line) {
		if field == ".." {
			out = append(out, phraseWord{kind: gapWords})
			continue
		}
		if strings.HasPrefix(field, "@") {
			class, ok := b.classes[field]
			if !ok {
				return nil, fmt.Errorf("phrase %q: no words are called %s", line, field)
			}
			out = append(out, phraseWord{kind: classWord, class: class})
			continue
		}
		stem, open := strings.CutSuffix(field, "*")
		stem, sounds := strings.CutPrefix(stem, "~")
		for _, word := range language.Words(stem) {
			skeletons := language.Skeletons(word)
			out = append(out, phraseWord{text: word, skeletons: skeletons[:min(1, len(skeletons))]})
		}
		switch last := len(out) - 1; {
		case last < 0:
		case open:
			out[last].kind = openWord
		case sounds:
			if len(out[last].skeletons) == 0 {
				return nil, fmt.Errorf("phrase %q: %s has too few consonants", line, field)
			}
			out[last].kind, b.sounds = soundWord, true
		}
	}
	return out, nil
}

// add files the phrase under its first word, or under each word that may be the first.
func (b *phraseBook) add(p phrase) {
	if len(p.words) == 0 {
		return
	}
	switch first := p.words[0]; first.kind {
	case classWord:
		for _, word := range first.class {
			one := p
			one.words = append([]phraseWord{word}, p.words[1:]...)
			b.add(one)
		}
	case soundWord:
		for _, skeleton := range first.skeletons {
			b.skeletons[skeleton] = append(b.skeletons[skeleton], p)
		}
	case openWord:
		key := first.text[:min(2, len(first.text))]
		b.prefix[key] = append(b.prefix[key], p)
	default:
		b.exact[first.text] = append(b.exact[first.text], p)
		if p.consonants() >= leastConsonants && len(first.skeletons) > 0 {
			b.sounding[first.skeletons[0]] = append(b.sounding[first.skeletons[0]], p)
		}
	}
}

// consonants are how many the phrase has at the least.
func (p phrase) consonants() int {
	n := 0
	for _, w := range p.words {
		switch {
		case len(w.skeletons) > 0:
			n += len(w.skeletons[0])
		case w.kind == classWord:
			n += 2
		}
	}
	return n
}
