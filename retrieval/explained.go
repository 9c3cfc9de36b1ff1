package retrieval

import (
	"math"
	"slices"
	"sort"

	"murshid/language"
)

// Explained is how well a procedure explains the words of a question that are not mere frame: what nothing of it
// explains may be a detail that its sheets do not hold, or show that the question is about something else.
type Explained struct {
	Words int     // that are not frame
	Mean  float64 // share explained, rarer words counting more, 0…1; 1 where there are no words
	Least float64 // of the word explained least, 0…1
}

// explain holds each word of a question against all that the procedure's sheets, names and phrasings say.
func (x *Index) explain(question string, procedure int32) Explained {
	words := language.Words(question)
	known := x.knownConcepts(words, procedure)
	out := Explained{Mean: 1, Least: 1}
	sum, mass := 0.0, 0.0
	for i, w := range words {
		if len(language.Content(w)) == 0 {
			continue
		}
		share := 1.0
		if !known[i] {
			share = x.wordShare(w, procedure)
		}
		weight := x.body.rarity(language.Stem(w))
		sum, mass = sum+weight*share, mass+weight
		out.Words++
		out.Least = math.Min(out.Least, share)
	}
	if mass > 0 {
		out.Mean = sum / mass
	}
	return out
}

// knownConcepts marks the words that say a concept which the procedure's names hold too.
func (x *Index) knownConcepts(words []string, procedure int32) []bool {
	known := make([]bool, len(words))
	for _, s := range language.Sayings(words) {
		if !slices.Contains(x.concepts[procedure], s.Concept) {
			continue
		}
		for i := s.From; i < s.To; i++ {
			known[i] = true
		}
	}
	return known
}

// wordShare is the share of a word's letters, or of its consonants, that stand together in what the procedure says.
func (x *Index) wordShare(word string, procedure int32) float64 {
	letters := slices.Concat(letterGrams(word)...)
	skeletons := slices.Concat(skeletonGrams(word)...)
	share := math.Max(x.asked.holds(procedure, letters), x.askedSkeleton.holds(procedure, skeletons))
	for _, s := range x.procedures[procedure].sheets {
		share = math.Max(share, math.Max(x.body.holds(s, letters), x.bodySkeleton.holds(s, skeletons)))
	}
	return share
}

// holds is the share of the grams' weight that stands in the text, however often.
func (c *coverage) holds(text int32, grams []uint64) float64 {
	held, mass := 0.0, 1e-9
	for _, g := range grams {
		id, ok := c.ids[g]
		if !ok {
			mass += c.unseen
			continue
		}
		mass += c.idf[id]
		p := c.postings[id]
		if i := sort.Search(len(p), func(i int) bool { return p[i].text >= text }); i < len(p) && p[i].text == text {
			held += c.idf[id]
		}
	}
	return held / mass
}

// rarity is the inverse document frequency of a word as a whole.
func (c *coverage) rarity(word string) float64 {
	if id, ok := c.ids[hash([]rune("_"+word+"_"))]; ok {
		return c.idf[id]
	}
	return c.unseen
}
