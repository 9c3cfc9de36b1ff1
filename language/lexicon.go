package language

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The lexicon tells which official terms people mean by their everyday words. Its file is for civil servants to
// read and edit: blocks parted by empty lines, each with the official terms in French (fr:) and Arabic (ar:)
// and what people say instead (said:), parted by commas, in any script. A saying of several meanings stands under
// shared: in each of their blocks. Lines that begin with # are notes.
//
//go:embed lexicon.txt
var lexiconFile string

// entry is one block of the lexicon.
type entry struct {
	no             uint64
	french, arabic string
}

// lexicon finds entries by what people say: the folded words of a saying joined by spaces.
type lexicon struct {
	entries uint64
	said    map[string][]*entry
	begins  map[string]int // of the first word of sayings, how many words the longest of them has
}

var shipped = mustLexicon(lexiconFile)

func mustLexicon(file string) *lexicon {
	l, err := parseLexicon(file)
	if err != nil {
		panic(err) // the file is compiled in, and a test reads it
	}
	return l
}

func parseLexicon(file string) (*lexicon, error) {
	l := &lexicon{said: make(map[string][]*entry, 4096), begins: make(map[string]int, 2048)}
	alone := map[string]bool{}
	for block := range strings.SplitSeq(file, "\n\n") {
		fields, err := parseBlock(block)
		if err != nil {
			return nil, err
		}
		if len(fields) == 0 {
			continue
		}
		l.entries++
		e := &entry{no: l.entries, french: strings.ReplaceAll(fields["fr"], ",", " "), arabic: strings.ReplaceAll(fields["ar"], ",", " ")}
		for _, key := range []string{"said", "shared"} {
			if err := l.add(e, fields[key], alone, key == "said"); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

func parseBlock(block string) (map[string]string, error) {
	fields := map[string]string{}
	for line := range strings.SplitSeq(block, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok || !blockKeys[key] || fields[key] != "" {
			return nil, fmt.Errorf("lexicon: line %q: want fr:, ar:, said: or shared: once a block", line)
		}
		fields[key] = strings.TrimSpace(value)
	}
	if len(fields) > 0 && (fields["fr"] == "" || fields["ar"] == "" || fields["said"] == "") {
		return nil, fmt.Errorf("lexicon: block %q: fr:, ar: and said: are all needed", block)
	}
	return fields, nil
}

var blockKeys = map[string]bool{"fr": true, "ar": true, "said": true, "shared": true}

// add enters the sayings of one entry. One that is to stand alone may stand in no other block.
func (l *lexicon) add(e *entry, sayings string, alone map[string]bool, only bool) error {
	for saying := range strings.SplitSeq(sayings, ",") {
		words := Words(saying)
		if len(words) == 0 {
			continue
		}
		key := strings.Join(words, " ")
		if alone[key] || (only && l.said[key] != nil) {
			return fmt.Errorf("lexicon: %q stands twice; put it under shared: where it has several meanings", strings.TrimSpace(saying))
		}
		alone[key] = only
		l.said[key] = append(l.said[key], e)
		l.begins[words[0]] = max(l.begins[words[0]], len(words))
	}
	return nil
}

// official gives the entries that the words of a text call, the longest saying first where two overlap.
func (l *lexicon) official(words []string) []*entry {
	var found []*entry
	for i := 0; i < len(words); {
		entries, n := l.at(words[i:])
		found = append(found, entries...)
		i += max(n, 1)
	}
	return found
}

// A Saying is where in the words of a text one of the lexicon's blocks is called.
type Saying struct {
	Concept  uint64
	From, To int
}

// Sayings are the places in folded words where people say what the lexicon knows.
func Sayings(words []string) []Saying {
	var out []Saying
	for i := 0; i < len(words); {
		entries, n := shipped.at(words[i:])
		for _, e := range entries {
			out = append(out, Saying{e.no, i, i + n})
		}
		i += max(n, 1)
	}
	return out
}

// glue are the articles and prepositions that people write in one with a word.
var glue = []string{"", "ال", "l", "el", "al", "ل", "لل", "ف", "فال", "ب", "بال", "و", "وال", "د", "f", "fl", "b", "bl", "d", "dl", "w"}

// at gives the entries of the longest saying that words begin with, as they stand or without what is glued to the
// first of them, and its length in words.
func (l *lexicon) at(words []string) ([]*entry, int) {
	var buffer [128]byte
	for _, front := range glue {
		first, ok := strings.CutPrefix(words[0], front)
		if !ok || (front != "" && (len(first) < 4 || (first[0] >= utf8.RuneSelf && len(first) < 6))) {
			continue
		}
		for n := min(l.begins[first], len(words)); n > 0; n-- {
			key := append(buffer[:0], first...)
			for _, w := range words[1:n] {
				key = append(append(key, ' '), w...)
			}
			if entries := l.said[string(key)]; entries != nil {
				return entries, n
			}
		}
	}
	return nil, 0
}

// Official gives the official terms, French ones and Arabic ones apart, for the everyday words of a text; nothing
// where it has none.
func Official(text string) []string {
	entries := shipped.official(Words(text))
	if len(entries) == 0 {
		return nil
	}
	var french, arabic strings.Builder
	for _, e := range entries {
		french.WriteString(e.french + " ")
		arabic.WriteString(e.arabic + " ")
	}
	return []string{french.String(), arabic.String()}
}

// Concepts are the numbers of the lexicon's blocks that the words of a text call, by what people say as by the
// official terms. They are the same in all writings.
func Concepts(text string) []uint64 {
	entries := shipped.official(Words(text))
	out := make([]uint64, len(entries))
	for i, e := range entries {
		out[i] = e.no
	}
	return out
}
