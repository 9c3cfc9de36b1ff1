package evals

import (
	"hash/fnv"
	"slices"
	"strings"

	"murshid/retrieval"
)

// folds of the cross-validation by which a confidence sees only rankings of weights that did not see the question, nor
// another one on the same procedure.
const folds = 4

// rareWeight is how much more a question counts that nobody knew who wrote the rules and the lexicon, for on the others
// these look better than they are, and one that asks by name, for most people do and few development questions.
const rareWeight = 2

// sample is a case that was held against a corpus.
type sample struct {
	Case
	retrieval.Weighed
	weight float64
	whole  bool  // held against a corpus as installations of its kind have it
	right  []int // places of the right procedures
}

func newSample(c Case, condition Condition, w retrieval.Weighed, ids []string) sample {
	s := sample{Case: c, Weighed: w, weight: condition.Weight, whole: condition.Weight == 1}
	if c.Exam || strings.HasPrefix(c.ID, plainPrefix) {
		s.weight *= rareWeight
	}
	for _, id := range c.Procedures {
		if i := slices.Index(ids, id); i >= 0 {
			s.right = append(s.right, i)
		}
	}
	return s
}

// measurable reports whether retrieval has a say in the case.
func measurable(c Case) bool {
	switch c.Class {
	case "", "not_in_corpus", "out_of_scope", "detail_missing", "ambiguous":
		return true
	}
	return false
}

// homeless reports whether there is no sheet for the question.
func (c Case) homeless() bool { return c.Class == "not_in_corpus" || c.Class == "out_of_scope" }

// unanswerable reports whether the question must not be answered with the first procedure found.
func (c Case) unanswerable() bool { return c.homeless() || c.Class == "ambiguous" }

func (c Case) fold() int {
	key := c.ID
	if len(c.Procedures) > 0 {
		key = c.Procedures[0]
	}
	h := fnv.New32a()
	h.Write([]byte("fold" + key)) // never fails
	return int(h.Sum32() % folds)
}

// known reports whether one of the hits is right for the case. A case that is ambiguous is never right at first.
func (s sample) known(hits []retrieval.Hit) bool {
	if s.Class == "ambiguous" && len(hits) == 1 {
		return false
	}
	return slices.ContainsFunc(hits, func(h retrieval.Hit) bool { return slices.Contains(s.Procedures, h.Procedure) })
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
