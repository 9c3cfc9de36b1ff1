package retrieval

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"

	"murshid/language"
)

// Weights are fitted data: how much each evidence counts in each language, and how sure a score is. They are
// never written by hand; `murshid evals fit` makes them.
type Weights struct {
	Version string                          `json:"version"`
	Model   string                          `json:"model"`   // id of the embedding model they were fitted with
	Phrased map[language.Language]Weighting `json:"phrased"` // for corpora that hold the ways in which people ask
	Bare    map[language.Language]Weighting `json:"bare"`    // for those that hold sheets alone
	Scope   Scope                           `json:"scope"`
	Means   Means                           `json:"means"`
}

// Scope tells from a question's vector alone whether it is about public administration at all (logistic
// regression: one weight a dimension, and a bias).
type Scope struct {
	Weight []float32 `json:"weight"`
	Bias   float64   `json:"bias"`
}

// Odds are the log-odds that a question with this vector is not about public administration; 0 where the weights
// were fitted for vectors of another length.
func (s Scope) Odds(vector []float32) float64 {
	if len(s.Weight) != len(vector) {
		return 0
	}
	sum := s.Bias
	for i, w := range s.Weight {
		sum += float64(w) * float64(vector[i])
	}
	return sum
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Weighting makes one score of the evidences and one probability of the score, for one language.
type Weighting struct {
	Weight    Evidences   `json:"weight"`    // of each standardised evidence
	Mean      Evidences   `json:"mean"`      // of each evidence over questions and procedures
	Deviation Evidences   `json:"deviation"` // likewise
	First     Confidence  `json:"first"`     // that the first procedure is right: logistic regression over the Signals
	Known     Confidence  `json:"known"`     // that one of the first four is right
	Missing   Confidence  `json:"missing"`   // that the first is right and its sheets lack the detail asked
	Offer     float64     `json:"offer"`     // least probability of Known with which these are offered
	Curve     []Operating `json:"curve"`     // by growing error
}

//go:embed weights.json
var shippedWeights []byte

// ShippedWeights are the weights fitted on the repository's own development questions.
func ShippedWeights() (Weights, error) {
	var w Weights
	if err := json.Unmarshal(shippedWeights, &w); err != nil {
		return Weights{}, fmt.Errorf("read shipped weights: %w", err)
	}
	for _, l := range language.Writings {
		if len(w.Phrased[l].First) == 0 || len(w.Bare[l].First) == 0 {
			return Weights{}, fmt.Errorf("read shipped weights: none for %s", l)
		}
	}
	return w, nil
}

// of are the weights for questions in a language, over a corpus with phrasings or without.
func (w Weights) of(l language.Language, phrased bool) Weighting {
	weightings := w.Bare
	if phrased {
		weightings = w.Phrased
	}
	if weighting, ok := weightings[l]; ok {
		return weighting
	}
	return weightings[language.French]
}

// Score is the weighted sum of the standardised evidences.
func (w Weighting) Score(e Evidences) float64 {
	sum := 0.0
	for i, v := range e {
		if w.Deviation[i] > 0 {
			sum += w.Weight[i] * (v - w.Mean[i]) / w.Deviation[i]
		}
	}
	return sum
}
