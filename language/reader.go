package language

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// wordReader counts the words of a text one after the other.
type wordReader struct {
	traits   *traits
	buffer   [64]byte
	words    int
	negating bool // the word before was a lone «ما» or "ma"
}

// readChunk counts the letters and the words of a text without white space.
func (w *wordReader) readChunk(chunk string) {
	for _, r := range chunk {
		w.traits.readLetter(r)
	}
	start := -1
	for i, r := range chunk {
		switch {
		case isWordRune(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case start >= 0:
			w.read(chunk[start:i])
			start = -1
		}
	}
	if start >= 0 {
		w.read(chunk[start:])
	}
}

// read counts one word, given as it is written.
func (w *wordReader) read(raw string) {
	folded := w.buffer[:0]
	for _, r := range raw {
		folded = appendFolded(folded, r)
	}
	if len(folded) == 0 {
		return
	}
	w.words++
	switch {
	case hasArabic(folded):
		w.readArabic(folded)
	case hasLatin(folded):
		w.readLatin(raw, folded)
	}
}

func (w *wordReader) readArabic(word []byte) {
	t := w.traits
	t.arabicWords++
	classes := known[string(word)] &^ frameWord
	if rest, ok := bytes.CutPrefix(word, arabicAnd); ok && classes == 0 && len(rest) >= 6 {
		word, classes = rest, known[string(rest)]&^frameWord
	}
	if classes&standardArabic != 0 {
		t.standard++
	}
	t.darijaArabic += arabicEvidence(word, classes)
	if w.negating && negatedArabic(word) {
		t.darijaArabic += weightClear
	}
	if w.words > 1 && inArabicNoun(word) {
		t.darijaArabic += weightStrong
	}
	w.negating = negators[string(word)]
}

// arabicAnd is written in one with the next word.
var arabicAnd = []byte("و")

// negators come before the verb of a negation in two words, with and without "and".
var negators = setOf("ما وما م وم فما ma oma wma")

func (w *wordReader) readLatin(raw string, word []byte) {
	t := w.traits
	t.latinWords++
	classes := known[string(word)] &^ frameWord
	t.countLanguage(word, classes)
	t.frenchForms += boolInt(classes == 0 && frenchEnding(word))
	negated := w.negating && negatedLatin(word)
	w.negating = negators[string(word)]
	switch {
	case negated:
		t.darijaLatin += weightClear
	case classes&anyDarijaLatin != 0:
		t.darijaLatin += latinWeight(classes)
	case classes == 0 && (t.shouting() || !startsUpper(raw) || w.words == 1):
		t.darijaLatin += latinShape(word)
	}
}

// countLanguage counts a word for the one language that has it. A word of several decides between none of them.
func (t *traits) countLanguage(word []byte, classes class) {
	switch classes & (french | english | otherLatin) {
	case 0:
		t.french += boolInt(classes == 0 && frenchElided(word))
	case french:
		t.french++
	case english:
		t.english++
	case otherLatin:
		t.neighbour++
	default:
		t.shared++
	}
}

func latinWeight(classes class) evidence {
	switch {
	case classes&darijaLatinClear != 0:
		return weightClear
	case classes&darijaLatinStrong != 0:
		return weightStrong
	}
	return weightLikely
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func startsUpper(raw string) bool {
	r, _ := utf8.DecodeRuneInString(raw)
	return unicode.IsUpper(r)
}

// hasArabic reports an Arabic letter in a folded word: all of them begin with one of these bytes in UTF-8.
func hasArabic(word []byte) bool {
	for _, c := range word {
		if c >= 0xD8 && c <= 0xDD {
			return true
		}
	}
	return false
}

func hasLatin(word []byte) bool {
	for _, c := range word {
		if c >= 'a' && c <= 'z' {
			return true
		}
	}
	return false
}
