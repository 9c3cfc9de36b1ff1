package retrieval

import (
	"slices"
	"strings"

	"murshid/language"
)

// gramsFunc cuts a text into the pieces that a coverage counts, as 64-bit hashes, one slice a word; within a
// word no piece stands twice.
type gramsFunc func(text string) [][]uint64

// letterGrams gives of each word the whole word and its 3-, 4- and 5-letter runs with the word's borders.
func letterGrams(text string) [][]uint64 {
	words := language.Words(text)
	out := make([][]uint64, 0, len(words))
	for _, w := range words {
		out = append(out, wordGrams(language.Stem(w), 3, 5))
	}
	return out
}

// skeletonGrams gives of each word its consonant skeletons and their 3- and 4-letter runs.
func skeletonGrams(text string) [][]uint64 {
	words := language.SkeletonWords(text)
	out := make([][]uint64, 0, len(words))
	for _, w := range words {
		var grams []uint64
		for _, s := range language.Skeletons(w) {
			grams = append(grams, wordGrams(s, 3, 4)...)
		}
		if len(grams) > 0 {
			slices.Sort(grams)
			out = append(out, slices.Compact(grams))
		}
	}
	return out
}

// conceptGrams gives the concepts that a text names, as one word.
func conceptGrams(text string) [][]uint64 {
	return [][]uint64{language.Concepts(text)}
}

func wordGrams(word string, from, to int) []uint64 {
	letters := []rune("_" + word + "_")
	grams := make([]uint64, 0, 3*len(letters))
	grams = append(grams, hash(letters))
	for n := from; n <= to; n++ {
		for i := 0; i+n <= len(letters); i++ {
			grams = append(grams, hash(letters[i:i+n]))
		}
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// hash is FNV-1a over code points (64 bit). Two grams of one corpus sharing a value is less likely than one in
// a million, and would only blur one count.
func hash(letters []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range letters {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return h
}

func joinTexts(texts []string) string { return strings.Join(texts, "\n") }
