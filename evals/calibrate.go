package evals

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// shareUnanswerable is the share of real questions that we expect to have no sheet, or several. The development
// questions hold far more of them; they count so much less that the probabilities hold for this share.
const shareUnanswerable = 0.3

// refusals is the share of questions with a sheet that may be neither answered nor asked back about.
const refusals = 0.02

// judgement is what a ranking by weights that did not see the question said, and whether it was right.
type judgement struct {
	Case
	signals      retrieval.Signals
	weight       float64
	whole        bool // judged over the corpus as installations of its kind have it
	first, known bool
}

// calibration is the confidence of one writing.
type calibration struct {
	first, known, missing retrieval.Confidence
	offer                 float64
	curve                 []retrieval.Operating
}

// judge ranks each sample of one writing by weights of the other folds.
func judge(samples []sample, foreign map[string]float64) []judgement {
	var out []judgement
	for fold := range folds {
		weighting := listwise(slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.fold() == fold }))
		for _, s := range samples {
			if s.fold() != fold {
				continue
			}
			ranking := s.RankBy(weighting, foreign[s.ID], s.Writing, 4)
			out = append(out, judgement{Case: s.Case, signals: ranking.Signals, weight: s.weight,
				whole: s.whole, first: s.known(ranking.Hits[:1]), known: s.known(ranking.Hits)})
		}
	}
	return out
}

// calibrate fits the confidences of all writings together, on signals of all of them, and then corrects slope and
// offset for each writing (Platt, 1999) on what the other folds say of it.
func calibrate(judged []judgement) map[language.Language]calibration {
	judged = slices.Clone(judged)
	balance(judged)
	first, firstOdds := together(judged, func(j judgement) bool { return j.first })
	known, knownOdds := together(judged, func(j judgement) bool { return j.known })
	found := slices.DeleteFunc(slices.Clone(judged), func(j judgement) bool { return !j.first || j.homeless() })
	missing, _ := together(found, func(j judgement) bool { return j.Class == "detail_missing" })
	out := map[language.Language]calibration{}
	sure := make([]float64, len(judged))
	for _, l := range language.Writings {
		var of []int
		for i, j := range judged {
			if j.Writing == l {
				of = append(of, i)
			}
		}
		a := platt(judged, of, firstOdds, func(j judgement) bool { return j.first })
		b := platt(judged, of, knownOdds, func(j judgement) bool { return j.known })
		for _, i := range of {
			sure[i] = probability(a[0] + a[1]*firstOdds[i])
		}
		out[l] = calibration{first: corrected(first, a), known: corrected(known, b), missing: missing,
			offer: offer(judged, of, func(i int) float64 { return probability(b[0] + b[1]*knownOdds[i]) })}
	}
	points := curve(judged, sure)
	for l, c := range out {
		c.curve = points
		out[l] = c
	}
	return out
}

// balance gives the questions that must not be answered their share of the weight.
func balance(judged []judgement) {
	var with, without float64
	for _, j := range judged {
		if j.unanswerable() {
			without += j.weight
		} else {
			with += j.weight
		}
	}
	if without == 0 {
		return
	}
	scale := with * shareUnanswerable / (1 - shareUnanswerable) / without
	for i := range judged {
		if judged[i].unanswerable() {
			judged[i].weight *= scale
		}
	}
}

// together is one regression for all writings, and the log-odds that regressions without a judgement's own fold give
// it.
func together(judged []judgement, right func(judgement) bool) (w, odds []float64) {
	const penalty = 20
	examples := make([]example, len(judged))
	for i, j := range judged {
		examples[i] = example{x: j.signals, y: indicator(right(j)), weight: j.weight}
	}
	odds = make([]float64, len(judged))
	for fold := range folds {
		var seen []example
		for i, j := range judged {
			if j.fold() != fold {
				seen = append(seen, examples[i])
			}
		}
		w := regress(seen, penalty)
		for i, j := range judged {
			if j.fold() == fold {
				odds[i] = logOdds(w, j.signals)
			}
		}
	}
	return regress(examples, penalty), odds
}

// platt is the offset and the slope that turn log-odds into those of one writing.
func platt(judged []judgement, of []int, odds []float64, right func(judgement) bool) []float64 {
	examples := make([]example, len(of))
	for n, i := range of {
		examples[n] = example{x: []float64{1, odds[i]}, y: indicator(right(judged[i])), weight: judged[i].weight}
	}
	return regress(examples, 1)
}

func corrected(w, by []float64) retrieval.Confidence {
	out := make(retrieval.Confidence, len(w))
	for k, v := range w {
		out[k] = by[1] * v
	}
	out[0] += by[0]
	return out
}

// offer is the probability that all but the share refusals of the questions with a sheet reach.
func offer(judged []judgement, of []int, p func(int) float64) float64 {
	var reached []float64
	for _, i := range of {
		if judged[i].Answerable() && judged[i].whole {
			reached = append(reached, p(i))
		}
	}
	slices.Sort(reached)
	return math.Round(reached[int(refusals*float64(len(reached)))]*1e4) / 1e4
}

// risks are the points of a curve.
var risks = []float64{.002, .005, .01, .015, .02, .025, .03, .04, .05, .07, .1, .15, .2, .3, .5}

// curve is the risk–coverage curve over the whole corpus, of questions that have a sheet: for each risk, how far down one
// may answer. (How many others are answered all the same is reported beside it; the probabilities know of them.) It is
// one for all writings: probabilities that are calibrated for each mean the same in all, and a curve of few questions is
// noise.
func curve(judged []judgement, sure []float64) []retrieval.Operating {
	var of []int
	all := 0.0
	weight := func(i int) float64 {
		if strings.HasPrefix(judged[i].ID, plainPrefix) { // easy ones must not hide the others
			return judged[i].weight / rareWeight
		}
		return judged[i].weight
	}
	for i, j := range judged {
		if j.whole && !j.unanswerable() {
			of = append(of, i)
			all += weight(i)
		}
	}
	slices.SortStableFunc(of, func(a, b int) int { return cmp.Compare(sure[b], sure[a]) })
	var out []retrieval.Operating
	for _, risk := range risks {
		var answered, wrong float64
		point := retrieval.Operating{}
		for _, i := range of {
			answered += weight(i)
			wrong += weight(i) * indicator(!judged[i].first)
			if wrong/answered <= risk {
				point = retrieval.Operating{From: significant(sure[i]), Error: risk, Coverage: significant(answered / all)}
			}
		}
		if point.Error > 0 {
			out = append(out, point)
		}
	}
	return out
}
