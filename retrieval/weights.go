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
	Version   string                          `json:"version"`
	Model     string                          `json:"model"` // id of the embedding model they were fitted with
	Languages map[language.Language]Weighting `json:"languages"`
	Scope     Scope                           `json:"scope"`
	Means     Means                           `json:"means"`
}

// Scope tells from a question's vector alone whether it is about public administration at all (logistic
// regression: one weight a dimension, and a bias).
type Scope struct {
	Weight []float32 `json:"weight"`
	Bias   float64   `json:"bias"`
}

// Foreign is the probability that a question with this vector is not about public administration; 0 where the
// weights were fitted for vectors of another length.
func (s Scope) Foreign(vector []float32) float64 {
	if len(s.Weight) != len(vector) {
		return 0
	}
	sum := s.Bias
	for i, w := range s.Weight {
		sum += float64(w) * float64(vector[i])
	}
	return logistic(sum)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Weighting makes one score of the evidences and one probability of the score, for one language.
type Weighting struct {
	Weight     Evidences  `json:"weight"`     // of each standardised evidence
	Mean       Evidences  `json:"mean"`       // of each evidence over questions and procedures
	Deviation  Evidences  `json:"deviation"`  // likewise
	Confidence Confidence `json:"confidence"` // that the first procedure is right: logistic regression over the Signals
	Known      Confidence `json:"known"`      // that one of the first four is right
}

// Signals are what the confidence in the first procedure is read from.
type Signals [signalCount]float64

// The signals.
const (
	signalBias      = iota
	signalShare     // softmax share of the first procedure
	signalLead      // share of the first minus that of the second
	signalPassage   // nearness of its vectors
	signalWords     // share of the question its names and text cover, by letters
	signalSkeleton  // the same by skeletons
	signalExplained // share of the question that anything of the sheet explains
	signalLexicon   // share of official terms covered
	signalCount
)

// SignalNames name the signals in reports.
var SignalNames = [signalCount]string{"bias", "share", "lead", "passage", "words", "skeleton", "explained", "lexicon"}

// Confidence is the weight of each signal in log-odds.
type Confidence [signalCount]float64

//go:embed weights.json
var shippedWeights []byte

// ShippedWeights are the weights fitted on the repository's own development questions.
func ShippedWeights() (Weights, error) {
	var w Weights
	if err := json.Unmarshal(shippedWeights, &w); err != nil {
		return Weights{}, fmt.Errorf("read shipped weights: %w", err)
	}
	for _, l := range language.Writings {
		if _, ok := w.Languages[l]; !ok {
			return Weights{}, fmt.Errorf("read shipped weights: none for %s", l)
		}
	}
	return w, nil
}

func (w Weights) of(l language.Language) Weighting {
	if weighting, ok := w.Languages[l]; ok {
		return weighting
	}
	return w.Languages[language.French]
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

// Probability is the calibrated probability that signals with these values come with a right answer.
func (c Confidence) Probability(s Signals) float64 {
	sum := 0.0
	for i, v := range s {
		sum += c[i] * v
	}
	return logistic(sum)
}
