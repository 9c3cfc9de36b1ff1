package ingest

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

// sentences parts a text behind the marks that end a sentence in Latin and Arabic script.
func sentences(text string) []string {
	var out []string
	start, ended := 0, false
	for i, r := range text {
		if ended && unicode.IsSpace(r) {
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i
		}
		ended = strings.ContainsRune(".!?؟؛…", r)
	}
	return append(out, strings.TrimSpace(text[start:]))
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
