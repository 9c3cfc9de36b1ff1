package evals

import (
	"cmp"
	"math"
	"slices"

	"murshid/retrieval"
)

// contenders are the procedures of a sample that the softmax is taken over: the right ones and the likeliest others.
const contenders = 30

// contest is a sample with its contenders, their evidences standardised.
type contest struct {
	weight float64
	right  float64 // share of each right one
	rows   []retrieval.Evidences
	wins   []bool
}

// listwise fits the weights of one writing: evidences are standardised over (question, procedure) pairs; the mean
// log-likelihood of the right procedure under the softmax of the weighted sum is maximised by Adam (Kingma and Ba,
// 2015) with a small L2 penalty. An evidence never counts against a procedure: weights are kept at zero or above.
func listwise(samples []sample) retrieval.Weighting {
	const steps, rate, penalty = 300, 0.05, 2e-3
	samples = slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return !s.Answerable() || len(s.right) == 0 })
	w := retrieval.Weighting{}
	w.Mean, w.Deviation = moments(samples)
	contests := make([]contest, len(samples))
	total := 0.0
	for i, s := range samples {
		contests[i] = s.contest(w)
		total += s.weight
	}
	adam := newAdam(len(w.Weight), rate)
	for range steps {
		var gradient retrieval.Evidences
		for _, c := range contests {
			c.addGradient(&gradient, &w.Weight)
		}
		for k := range gradient {
			gradient[k] = gradient[k]/total - penalty*w.Weight[k]
		}
		for k, move := range adam.step(gradient[:]) {
			w.Weight[k] = math.Max(0, w.Weight[k]+move)
		}
	}
	return w
}

func (s sample) contest(w retrieval.Weighting) contest {
	type row struct {
		z     retrieval.Evidences
		sum   float64
		right bool
	}
	rows := make([]row, len(s.Evidences))
	for i, e := range s.Evidences {
		rows[i].right = slices.Contains(s.right, i)
		for k, v := range e {
			rows[i].z[k] = (v - w.Mean[k]) / w.Deviation[k]
			rows[i].sum += rows[i].z[k]
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if a.right != b.right {
			return int(indicator(b.right) - indicator(a.right))
		}
		return cmp.Compare(b.sum, a.sum)
	})
	c := contest{weight: s.weight, right: 1 / float64(len(s.right))}
	for _, r := range rows[:min(contenders, len(rows))] {
		c.rows, c.wins = append(c.rows, r.z), append(c.wins, r.right)
	}
	return c
}

func (c contest) addGradient(gradient, weight *retrieval.Evidences) {
	shares := make([]float64, len(c.rows))
	highest := math.Inf(-1)
	for i := range c.rows {
		for k, v := range c.rows[i] {
			shares[i] += weight[k] * v
		}
		highest = math.Max(highest, shares[i])
	}
	total := 0.0
	for i := range shares {
		shares[i] = math.Exp(shares[i] - highest)
		total += shares[i]
	}
	for i := range c.rows {
		pull := -shares[i] / total
		if c.wins[i] {
			pull += c.right
		}
		pull *= c.weight
		for k, v := range c.rows[i] {
			gradient[k] += pull * v
		}
	}
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
