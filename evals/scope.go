package evals

import (
	"math"

	"murshid/retrieval"
)

// scopePenalty is small, for the components of a unit vector are.
const scopePenalty = 0.02

// scope fits what tells questions on public administration from others by their vectors.
func scope(cases []Case, vectors [][]float32) retrieval.Scope {
	w := scopeWeights(cases, vectors, -1)
	out := retrieval.Scope{Bias: significant(w[0])}
	for _, v := range w[1:] {
		out.Weight = append(out.Weight, float32(math.Round(v*1e4)/1e4))
	}
	return out
}

// scopeWeights leave out the cases of one fold; the first weight is the bias.
func scopeWeights(cases []Case, vectors [][]float32, without int) []float64 {
	var examples []example
	for i, c := range cases {
		if !measurable(c) || c.fold() == without {
			continue
		}
		examples = append(examples, example{x: scopeRow(vectors[i]), y: indicator(c.Class == "out_of_scope"), weight: 1})
	}
	return newton(examples, scopePenalty)
}

func scopeRow(vector []float32) []float64 {
	row := make([]float64, 1+len(vector))
	row[0] = 1
	for k, v := range vector {
		row[k+1] = float64(v)
	}
	return row
}

// foreignOdds are, for each case, the log-odds that it is foreign as said by weights that did not see it.
func foreignOdds(samples []sample) map[string]float64 {
	var cases []Case
	var vectors [][]float32
	seen := map[string]bool{}
	for _, s := range samples {
		if !seen[s.ID] {
			seen[s.ID] = true
			cases, vectors = append(cases, s.Case), append(vectors, s.Vector)
		}
	}
	odds := map[string]float64{}
	for fold := range folds {
		w := scopeWeights(cases, vectors, fold)
		for i, c := range cases {
			if c.fold() == fold {
				odds[c.ID] = logOdds(w, scopeRow(vectors[i]))
			}
		}
	}
	return odds
}
