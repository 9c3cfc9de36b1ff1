package retrieval

import (
	"math"
	"sort"
)

// Signals are what a confidence is read from, in the order of SignalNames.
type Signals []float64

// Signals that stand alone. After them come the evidences of the first procedure, and by how much each of them is
// above the second's.
const (
	signalBias      = iota
	signalOdds      // log-odds of the first procedure's softmax share
	signalShare     // that share
	signalLead      // share of the first minus that of the second
	signalFour      // share of the first four together
	signalScore     // of the first
	signalForeign   // log-odds that the question is not about public administration
	signalWords     // number of words that are not frame, at most ten
	signalExplained // share of them that the first explains
	signalLeast     // of the word that it explains least
	signalMisnamed  // by how much more of another's name the question says than of the first's
	signalCount
)

var plainSignals = [signalCount]string{"bias", "odds", "share", "lead", "four", "score", "foreign", "words", "explained", "least", "misnamed"}

// SignalNames name the signals in reports.
func SignalNames() []string {
	names := plainSignals[:]
	for _, prefix := range []string{"", "over_second_"} {
		for _, e := range EvidenceNames {
			names = append(names, prefix+e)
		}
	}
	return names
}

// signals of a ranking: its hits carry at least the first four procedures.
func (w Weighed) signals(hits []Hit, scores []float64, foreign float64) Signals {
	const longest, bound = 10, 8
	s := make(Signals, signalCount, signalCount+2*int(evidenceCount))
	first, share := hits[0].Evidences, hits[0].Score
	explained := w.index.explain(w.question, w.index.byID[hits[0].Procedure])
	s[signalBias], s[signalShare], s[signalLead] = 1, share, share
	s[signalOdds] = math.Max(-bound, math.Min(bound, math.Log((share+1e-9)/(1-share+1e-9))))
	s[signalForeign] = math.Max(-bound, math.Min(bound, foreign))
	s[signalScore] = scores[0]
	s[signalWords], s[signalExplained], s[signalLeast] = math.Min(longest, float64(explained.Words)), explained.Mean, explained.Least
	second := Evidences{}
	for i, h := range hits[:min(4, len(hits))] {
		s[signalFour] += h.Score
		if i == 1 {
			second = h.Evidences
			s[signalLead] -= h.Score
		}
		if i > 0 && h.Score >= visible {
			s[signalMisnamed] = math.Max(s[signalMisnamed], h.Named()-hits[0].Named())
		}
	}
	s = append(s, first[:]...)
	for k, v := range first {
		s = append(s, v-second[k])
	}
	return s
}

// visible is the least share of a procedure that is taken for a rival of the first.
const visible = 0.02

// Confidence is the weight of each signal in log-odds.
type Confidence []float64

// Probability is the calibrated probability that signals with these values come with a right answer; 0 where the
// confidence was fitted for other signals.
func (c Confidence) Probability(s Signals) float64 {
	if len(c) != len(s) {
		return 0
	}
	sum := 0.0
	for i, v := range s {
		sum += c[i] * v
	}
	return logistic(sum)
}

// Operating is a point on the risk–coverage curve: of the questions that have a sheet, answering from this probability
// on, the share Coverage is expected to be answered, and the share Error of these answers to be wrong.
type Operating struct {
	From     float64 `json:"from"`
	Error    float64 `json:"error"`
	Coverage float64 `json:"coverage"`
}

// From is the least probability with which answers are given when at most the share risk of them may be wrong. Where
// no point of the curve is as good, and where there is no curve, each single answer must be as sure as that.
func (w Weighting) From(risk float64) float64 {
	i := sort.Search(len(w.Curve), func(i int) bool { return w.Curve[i].Error > risk })
	if i == 0 {
		return 1 - risk
	}
	return w.Curve[i-1].From
}
