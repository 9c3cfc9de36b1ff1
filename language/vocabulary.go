package language

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
)

// The word lists are text files that a civil servant can read and edit: words parted by white space, # before a
// note, and [class] before the words of a class. They are the project's own.
//
//go:embed words/*.txt
var wordFiles embed.FS

// class says what a word tells of the language of a text. A word can have several.
type class uint16

const (
	darijaArabicClear class = 1 << iota
	darijaArabicStrong
	darijaArabicLikely
	darijaLatinClear
	darijaLatinStrong
	darijaLatinLikely
	standardArabic
	french
	english
	otherLatin
	neutralWord
	frameWord
)

const (
	anyDarijaArabic = darijaArabicClear | darijaArabicStrong | darijaArabicLikely
	anyDarijaLatin  = darijaLatinClear | darijaLatinStrong | darijaLatinLikely
)

// wordLists names the classes of each file's sections.
var wordLists = map[string]map[string]class{
	"darija_arabic": {"clear": darijaArabicClear, "strong": darijaArabicStrong, "likely": darijaArabicLikely},
	"darija_latin":  {"clear": darijaLatinClear, "strong": darijaLatinStrong, "likely": darijaLatinLikely},
	"arabic":        {"standard": standardArabic},
	"french":        {"french": french},
	"english":       {"english": english},
	"other":         {"other": otherLatin},
	"neutral":       {"neutral": neutralWord},
	"frame":         {"frame": frameWord},
}

// vocabulary are the classes of folded words.
type vocabulary map[string]class

var known = mustVocabulary()

func mustVocabulary() vocabulary {
	v := make(vocabulary, 8192)
	for name, classes := range wordLists {
		file, err := wordFiles.ReadFile("words/" + name + ".txt")
		if err == nil {
			err = v.add(string(file), classes)
		}
		if err != nil {
			panic(fmt.Errorf("words/%s.txt: %w", name, err)) // the file is compiled in, and a test reads it
		}
	}
	return v
}

// add reads one file of words.
func (v vocabulary) add(file string, classes map[string]class) error {
	var section class
	for line := range strings.SplitSeq(file, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			section = classes[strings.Trim(line, "[]")]
			if section == 0 {
				return fmt.Errorf("line %q: unknown class", line)
			}
			continue
		case section == 0:
			return fmt.Errorf("line %q: a class in brackets must come first", line)
		}
		for word := range strings.FieldsSeq(line) {
			v[Fold(word)] |= section
		}
	}
	return nil
}

// setOf are the folded words of a short list.
func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[Fold(word)] = true
	}
	return set
}

// byteList are the words of a short list, in its order, as bytes for comparing without copies.
func byteList(list string) [][]byte {
	return bytes.Fields([]byte(list))
}
