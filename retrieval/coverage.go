package retrieval

import (
	"math"
	"slices"
)

// saturation and the length norms are BM25's k1 and b (Robertson and Zaragoza, 2009).
const (
	saturation  = 1.2
	namesLength = 0.5
	bodyLength  = 0.75
)

// A coverage says which share of a question's weight a text holds. The weight of a gram is its inverse document
// frequency, so that the share lies in 0…1 whatever the corpus, and can be added and compared.
type coverage struct {
	grams    gramsFunc
	texts    int
	ids      map[uint64]int32
	idf      []float64   // by gram
	postings [][]posting // by gram
	mass     []float64   // by text: the idf of all its grams
	unseen   float64     // the idf of a gram that no text holds
}

type posting struct {
	text  int32
	value float32 // saturated count
}

type gramCount struct {
	gram  uint64
	count int32
}

func newCoverage(texts []string, grams gramsFunc, lengthNorm float64) *coverage {
	c := &coverage{grams: grams, texts: len(texts), ids: map[uint64]int32{}, mass: make([]float64, len(texts))}
	counts := make([][]gramCount, len(texts))
	total := 0
	for i, text := range texts {
		counts[i] = countGrams(grams(text))
		for _, g := range counts[i] {
			total += int(g.count)
		}
	}
	mean := math.Max(1, float64(total)/math.Max(1, float64(len(texts))))
	for i, text := range counts {
		c.add(int32(i), text, lengthNorm, mean)
	}
	c.weigh(counts)
	return c
}

func countGrams(words [][]uint64) []gramCount {
	all := slices.Concat(words...)
	slices.Sort(all)
	counts := make([]gramCount, 0, len(all))
	for _, g := range all {
		if n := len(counts); n > 0 && counts[n-1].gram == g {
			counts[n-1].count++
			continue
		}
		counts = append(counts, gramCount{g, 1})
	}
	return slices.Clip(counts)
}

func (c *coverage) add(text int32, counts []gramCount, lengthNorm, mean float64) {
	length := 0.0
	for _, g := range counts {
		length += float64(g.count)
	}
	norm := saturation * (1 - lengthNorm + lengthNorm*length/mean)
	for _, g := range counts {
		id, ok := c.ids[g.gram]
		if !ok {
			id = int32(len(c.postings))
			c.ids[g.gram] = id
			c.postings = append(c.postings, nil)
		}
		value := float64(g.count) / (float64(g.count) + norm)
		c.postings[id] = append(c.postings[id], posting{text, float32(value)})
	}
}

func (c *coverage) weigh(counts [][]gramCount) {
	inverse := func(holders int) float64 {
		return math.Log(1 + (float64(c.texts-holders)+0.5)/(float64(holders)+0.5))
	}
	c.unseen = inverse(0)
	c.idf = make([]float64, len(c.postings))
	for id, p := range c.postings {
		c.idf[id] = inverse(len(p))
	}
	for i, text := range counts {
		for _, g := range text {
			c.mass[i] += c.idf[c.ids[g.gram]]
		}
	}
}

// A match is how far a question and one text cover each other.
type match struct {
	forward float64 // share of the question's weight that the text holds
	reverse float64 // share of the text's weight that the question holds
}

// score gives the match of the question's words with every text.
func (c *coverage) score(words [][]uint64) []match {
	out := make([]match, c.texts)
	all := slices.Concat(words...)
	slices.Sort(all)
	mass := 0.0
	for _, g := range slices.Compact(all) {
		id, ok := c.ids[g]
		if !ok {
			mass += c.unseen
			continue
		}
		weight := c.idf[id]
		mass += weight
		for _, p := range c.postings[id] {
			out[p.text].forward += weight * float64(p.value)
			out[p.text].reverse += weight
		}
	}
	for i := range out {
		out[i].forward /= math.Max(mass, 1e-9)
		out[i].reverse /= math.Max(c.mass[i], 1e-9)
	}
	return out
}
