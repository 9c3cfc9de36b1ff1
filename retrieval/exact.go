package retrieval

import (
	"slices"
	"strconv"
	"strings"

	"murshid/language"
)

// exactNames finds the procedures that a question names and says nothing more about: «prix du passeport» asks for the
// sheet that is called so, not for that of the lost one.
type exactNames map[string][]int32

func newExactNames(names []string, ofName []int32) exactNames {
	x := exactNames{}
	for i, name := range names {
		for _, key := range nameKeys(name) {
			if !slices.Contains(x[key], ofName[i]) {
				x[key] = append(x[key], ofName[i])
			}
		}
	}
	return x
}

// of are the procedures that the question names exactly, with the share that each has in the name.
func (x exactNames) of(question string) map[int32]float64 {
	var out map[int32]float64
	for _, key := range nameKeys(question) {
		for _, p := range x[key] {
			if out == nil {
				out = map[int32]float64{}
			}
			out[p] = max(out[p], 1/float64(len(x[key])))
		}
	}
	return out
}

// nameKeys are equal for texts that say the same name: by their words in any order, and by the lexicon's blocks where
// these cover all words that are not frame.
func nameKeys(text string) []string {
	words := language.Words(text)
	covered := make([]bool, len(words))
	var concepts []string
	for _, s := range language.Sayings(words) {
		concepts = append(concepts, strconv.FormatUint(s.Concept, 10))
		for i := s.From; i < s.To; i++ {
			covered[i] = true
		}
	}
	var stems []string
	whole := len(concepts) > 0
	for i, w := range words {
		if len(language.Content(w)) > 0 {
			stems = append(stems, language.Stem(w))
			whole = whole && covered[i]
		}
	}
	var keys []string
	if len(stems) > 0 {
		keys = append(keys, sortedKey("w", stems))
	}
	if whole {
		keys = append(keys, sortedKey("c", concepts))
	}
	return keys
}

func sortedKey(kind string, parts []string) string {
	slices.Sort(parts)
	return kind + " " + strings.Join(slices.Compact(parts), " ")
}
