package evals

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// Weigher gives the evidences of a question: *retrieval.Retriever.
type Weigher interface {
	Weigh(ctx context.Context, question string, lang language.Language) (retrieval.Weighed, error)
	Index() *retrieval.Index
}

// folds of the cross-validation by which the confidence sees only scores of weights that did not see its question.
const folds = 4

// sample is a weighed case.
type sample struct {
	Case
	retrieval.Weighed
	right []int // places of the right procedures
}

func (s sample) fold() int {
	h := fnv.New32a()
	h.Write([]byte("fold" + s.ID)) // never fails
	return int(h.Sum32() % folds)
}

// FitWeights fits weights, confidence and scope on cases; scope lines add to what tells public administration from
// the rest of the world.
func FitWeights(ctx context.Context, w Weigher, cases []Case, version, model string) (retrieval.Weights, error) {
	samples, err := weigh(ctx, w, cases)
	if err != nil {
		return retrieval.Weights{}, err
	}
	out := retrieval.Weights{Version: version, Model: model, Languages: map[language.Language]retrieval.Weighting{}}
	for _, l := range language.Writings {
		of := slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.Writing != l })
		weighting := listwise(of)
		weighting.Confidence, weighting.Known = confidences(of)
		out.Languages[l] = weighting
	}
	out.Scope = scope(samples)
	out.Means = means(samples, w.Index())
	return out, nil
}

// means of the questions, and of what sheets are called, by language.
func means(samples []sample, x *retrieval.Index) retrieval.Means {
	out := retrieval.Means{Question: map[language.Language][]float32{}, Passage: x.PassageMeans()}
	for _, l := range language.Writings {
		var of [][]float32
		for _, s := range samples {
			if s.Writing == l && !strings.HasPrefix(s.ID, plainPrefix) {
				of = append(of, s.Vector)
			}
		}
		if len(of) > 0 {
			out.Question[l] = rounded(retrieval.MeanOf(of))
		}
	}
	for l, mean := range out.Passage {
		out.Passage[l] = rounded(mean)
	}
	return out
}

// rounded keeps the file of weights short.
func rounded(v []float32) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(math.Round(float64(x)*1e5) / 1e5)
	}
	return out
}

func weigh(ctx context.Context, w Weigher, cases []Case) ([]sample, error) {
	ids := w.Index().Procedures()
	out := make([]sample, 0, len(cases))
	for _, c := range cases {
		weighed, err := w.Weigh(ctx, c.Question, c.Writing)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.ID, err)
		}
		s := sample{Case: c, Weighed: weighed}
		for _, id := range c.Procedures {
			if i := slices.Index(ids, id); i >= 0 {
				s.right = append(s.right, i)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// listwise fits the weights of one writing: evidences are standardised over (question, procedure) pairs; the mean
// log-likelihood of the right procedure under the softmax of the weighted sum is maximised by Adam (Kingma and Ba,
// 2015) with a small L2 penalty. An evidence never counts against a procedure: weights are kept at zero or above.
func listwise(samples []sample) retrieval.Weighting {
	const steps, rate, penalty = 600, 0.05, 2e-3
	samples = slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return !s.Answerable() || len(s.right) == 0 })
	w := retrieval.Weighting{}
	w.Mean, w.Deviation = moments(samples)
	adam := newAdam(len(w.Weight), rate)
	for range steps {
		gradient := make([]float64, len(w.Weight))
		for _, s := range samples {
			addGradient(gradient, s, w)
		}
		for k := range gradient {
			gradient[k] = gradient[k]/float64(len(samples)) - penalty*w.Weight[k]
		}
		for k, move := range adam.step(gradient) {
			w.Weight[k] = math.Max(0, w.Weight[k]+move)
		}
	}
	return w
}

func moments(samples []sample) (mean, deviation retrieval.Evidences) {
	var sum, squares retrieval.Evidences
	n := 0.0
	for _, s := range samples {
		for _, e := range s.Evidences {
			n++
			for k, v := range e {
				sum[k] += v
				squares[k] += v * v
			}
		}
	}
	for k := range sum {
		mean[k] = sum[k] / n
		deviation[k] = math.Sqrt(math.Max(0, squares[k]/n-mean[k]*mean[k])) + 1e-9
	}
	return mean, deviation
}

func addGradient(gradient []float64, s sample, w retrieval.Weighting) {
	share := make([]float64, len(s.Evidences))
	highest := math.Inf(-1)
	for i, e := range s.Evidences {
		share[i] = w.Score(e)
		highest = math.Max(highest, share[i])
	}
	total := 0.0
	for i := range share {
		share[i] = math.Exp(share[i] - highest)
		total += share[i]
	}
	for i, e := range s.Evidences {
		pull := -share[i] / total
		if slices.Contains(s.right, i) {
			pull += 1 / float64(len(s.right))
		}
		if math.Abs(pull) < 1e-6 {
			continue
		}
		for k, v := range e {
			gradient[k] += pull * (v - w.Mean[k]) / w.Deviation[k]
		}
	}
}

// confidences fits, on scores of weights that did not see the question, the probabilities that the first procedure
// is right and that one of the first four is.
func confidences(samples []sample) (first, among retrieval.Confidence) {
	var signals [][]float64
	var isFirst, isAmong []float64
	for fold := range folds {
		seen := slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.fold() == fold })
		weights := retrieval.Weights{Languages: map[language.Language]retrieval.Weighting{language.French: listwise(seen)}}
		for _, s := range samples {
			if s.fold() != fold {
				continue
			}
			ranking := s.Rank(weights, language.French, 4)
			signals = append(signals, ranking.Signals[:])
			isFirst = append(isFirst, indicator(s.known(ranking.Hits[:1])))
			isAmong = append(isAmong, indicator(s.known(ranking.Hits)))
		}
	}
	copy(first[:], regress(signals, isFirst, 0.5))
	copy(among[:], regress(signals, isAmong, 0.5))
	return first, among
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

// scope fits what tells questions on public administration from others by their vectors.
func scope(samples []sample) retrieval.Scope {
	var vectors [][]float64
	var foreign []float64
	for _, s := range samples {
		switch s.Class {
		case "", "not_in_corpus", "detail_missing", "ambiguous", "out_of_scope":
		default:
			continue
		}
		v := make([]float64, len(s.Vector)+1)
		for i, f := range s.Vector {
			v[i] = float64(f) * 10
		}
		v[len(s.Vector)] = 1
		vectors = append(vectors, v)
		foreign = append(foreign, indicator(s.Class == "out_of_scope"))
	}
	w := regress(vectors, foreign, 2)
	out := retrieval.Scope{Bias: w[len(w)-1]}
	for _, v := range w[:len(w)-1] {
		out.Weight = append(out.Weight, float32(math.Round(v*10*1e4)/1e4))
	}
	return out
}

// regress is logistic regression with an L2 penalty, by Adam on the whole set.
func regress(x [][]float64, y []float64, penalty float64) []float64 {
	const steps, rate = 2000, 0.03
	w := make([]float64, len(x[0]))
	adam := newAdam(len(w), rate)
	for range steps {
		gradient := make([]float64, len(w))
		for i, row := range x {
			sum := 0.0
			for k, v := range row {
				sum += w[k] * v
			}
			miss := y[i] - 1/(1+math.Exp(-sum))
			for k, v := range row {
				gradient[k] += miss * v
			}
		}
		for k := range gradient {
			gradient[k] -= penalty * w[k]
		}
		for k, move := range adam.step(gradient) {
			w[k] += move
		}
	}
	return w
}

// adam is the optimiser of Kingma and Ba, 2015, going uphill.
type adam struct {
	rate, t      float64
	mean, square []float64
}

func newAdam(n int, rate float64) *adam {
	return &adam{rate: rate, mean: make([]float64, n), square: make([]float64, n)}
}

func (a *adam) step(gradient []float64) []float64 {
	const keepMean, keepSquare = 0.9, 0.999
	a.t++
	moves := make([]float64, len(gradient))
	for k, g := range gradient {
		a.mean[k] = keepMean*a.mean[k] + (1-keepMean)*g
		a.square[k] = keepSquare*a.square[k] + (1-keepSquare)*g*g
		mean := a.mean[k] / (1 - math.Pow(keepMean, a.t))
		square := a.square[k] / (1 - math.Pow(keepSquare, a.t))
		moves[k] = a.rate * mean / (math.Sqrt(square) + 1e-8)
	}
	return moves
}
