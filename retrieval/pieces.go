package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pieces cuts a text into parts of at most limit characters: between paragraphs where that will do, else between
// sentences, else between words, else anywhere. Nothing but space is lost.
func pieces(text string, limit int) []string {
	var units []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		paragraph = strings.TrimSpace(paragraph)
		switch {
		case paragraph == "":
		case utf8.RuneCountInString(paragraph) <= limit:
			units = append(units, paragraph)
		default:
			units = append(units, longParagraph(paragraph, limit)...)
		}
	}
	return pack(units, limit, " ")
}

func longParagraph(paragraph string, limit int) []string {
	var units []string
	for _, sentence := range sentences(paragraph) {
		for utf8.RuneCountInString(sentence) > limit {
			head := short(sentence, limit)
			units = append(units, head)
			sentence = strings.TrimSpace(sentence[len(head):])
		}
		if sentence != "" {
			units = append(units, sentence)
		}
	}
	return pack(units, limit, " ")
}

// Sentences parts a text into sentences, one that is longer than limit characters between its words.
func Sentences(text string, limit int) []string {
	var out []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		for _, sentence := range sentences(strings.TrimSpace(paragraph)) {
			for utf8.RuneCountInString(sentence) > limit {
				head := short(sentence, limit)
				out = append(out, head)
				sentence = strings.TrimSpace(sentence[len(head):])
			}
			if sentence != "" {
				out = append(out, sentence)
			}
		}
	}
	return out
}

// Stretch is the part of a text from the first of some neighbouring sentences to the last, as it stands there.
func Stretch(text string, sentences []string) string {
	if len(sentences) == 0 {
		return ""
	}
	from, to := strings.Index(text, sentences[0]), 0
	if from < 0 {
		return strings.Join(sentences, " ")
	}
	for at, i := from, 0; i < len(sentences); i++ {
		n := strings.Index(text[at:], sentences[i])
		if n < 0 {
			return strings.Join(sentences, " ")
		}
		at += n + len(sentences[i])
		to = at
	}
	return text[from:to]
}

// sentences parts a text behind the marks that end a sentence in Latin and Arabic script, but not behind those of
// abbreviations: «art. 3», «M. le Gouverneur», «ص.ب. 118».
func sentences(text string) []string {
	var out []string
	start := 0
	marked := -1 // the place behind the last mark
	for i, r := range text {
		if marked >= 0 && unicode.IsSpace(r) {
			if ends(text[start:marked], text[i:]) {
				out = append(out, strings.TrimSpace(text[start:i]))
				start = i
			}
			marked = -1
			continue
		}
		if strings.ContainsRune(".!?؟؛…", r) {
			marked = i + utf8.RuneLen(r)
		} else if !strings.ContainsRune("»\")]”", r) {
			marked = -1
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}

// ends reports whether a sentence ends between two parts of a text, the first of which ends with a mark.
func ends(before, after string) bool {
	stem, dotted := strings.CutSuffix(before, ".")
	if !dotted {
		return true
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimSpace(after))
	if unicode.IsLower(next) {
		return false
	}
	word := stem[strings.LastIndexFunc(stem, unicode.IsSpace)+1:]
	return !abbreviations[strings.ToLower(word)] && !initials(word)
}

// abbreviations that stand before something.
var abbreviations = map[string]bool{"art": true, "al": true, "cf": true, "ch": true, "mme": true, "mlle": true, "dr": true,
	"me": true, "pr": true, "no": true, "n°": true, "p": true, "pp": true, "fig": true, "tél": true, "tel": true, "bd": true,
	"av": true, "ex": true, "env": true, "max": true, "min": true, "réf": true, "vol": true, "éd": true, "st": true}

// initials reports whether a word is one letter, or letters with dots between them.
func initials(word string) bool {
	word = strings.TrimLeft(word, "(«[\"")
	for part := range strings.SplitSeq(word, ".") {
		if r, size := utf8.DecodeRuneInString(part); size != len(part) || !unicode.IsLetter(r) {
			return false
		}
	}
	return word != ""
}

// pack joins neighbours as long as they stay within limit characters together.
func pack(units []string, limit int, separator string) []string {
	var out []string
	length := 0
	for _, unit := range units {
		n := utf8.RuneCountInString(unit)
		if last := len(out) - 1; last >= 0 && length+len(separator)+n <= limit {
			out[last] += separator + unit
			length += len(separator) + n
			continue
		}
		out = append(out, unit)
		length = n
	}
	return out
}

// short is the beginning of a text, at most limit characters, cut between words where there are any.
func short(text string, limit int) string {
	count, space := 0, 0
	for i, r := range text {
		if unicode.IsSpace(r) {
			space = i
		}
		if count == limit {
			if space > 0 {
				return strings.TrimSpace(text[:space])
			}
			return text[:i]
		}
		count++
	}
	return text
}
