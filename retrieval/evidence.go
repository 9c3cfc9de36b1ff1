package retrieval

import (
	"math"
	"slices"

	"murshid/language"
)

// Evidences of a question and a procedure. Each is the best over the procedure's sheets, in any language.
const (
	denseTitle           = iota // cosine with a title
	densePassage                // cosine with any passage
	denseCentred                // the same after centring
	denseAsked                  // cosine with a phrasing
	askedCentred                // the same after centring
	headScore                   // linear classifier over the centred question
	namesForward                // share of the question that a name covers, by letters
	namesReverse                // share of a name that the question covers, by letters
	bodyForward                 // share of the question that a sheet covers, by letters
	namesSkeletonForward        // the same three by consonant skeletons
	namesSkeletonReverse
	bodySkeletonForward
	lexiconForward // share of the official terms for the question's everyday words that a name covers
	lexiconReverse
	askedForward         // share of the question that the procedure's names and phrasings cover, by letters
	askedSkeletonForward // the same by consonant skeletons
	conceptsForward      // share of the question's concepts that a name holds
	conceptsReverse      // share of a name's concepts that the question holds
	exactName            // 1 where the question says exactly one of its names, less where others are called the same
	evidenceCount
)

// EvidenceNames name the evidences in weights and reports.
var EvidenceNames = [evidenceCount]string{"dense_title", "dense_passage", "dense_centred", "dense_asked", "asked_centred", "head", "names", "names_reverse", "body",
	"names_skeleton", "names_skeleton_reverse", "body_skeleton", "lexicon", "lexicon_reverse", "asked", "asked_skeleton", "concepts", "concepts_reverse", "exact"}

// Evidences are the values of all evidences for one procedure.
type Evidences [evidenceCount]float64

// words fills in the evidences that need no vector.
func (x *Index) words(text string) []Evidences {
	out := make([]Evidences, len(x.procedures))
	letters := letterGrams(content(text))
	skeletons := skeletonGrams(content(text))
	x.fold(out, x.names.score(letters), namesForward, namesReverse)
	x.fold(out, x.namesSkeleton.score(skeletons), namesSkeletonForward, namesSkeletonReverse)
	for i, m := range x.body.score(letters) {
		raise(&out[x.ofSheet[i]][bodyForward], m.forward)
	}
	for i, m := range x.bodySkeleton.score(skeletons) {
		raise(&out[x.ofSheet[i]][bodySkeletonForward], m.forward)
	}
	for p, m := range x.asked.score(letters) {
		out[p][askedForward] = m.forward
	}
	for p, m := range x.askedSkeleton.score(skeletons) {
		out[p][askedSkeletonForward] = m.forward
	}
	x.fold(out, x.namesConcepts.score(conceptGrams(text)), conceptsForward, conceptsReverse)
	for p, share := range x.exact.of(text) {
		raise(&out[p][exactName], share)
	}
	for _, terms := range language.Official(text) {
		x.fold(out, x.names.score(letterGrams(terms)), lexiconForward, lexiconReverse)
	}
	return out
}

// Named is the procedure whose name a text says most of, by letters or consonants, and how much of it, 0…1.
func (x *Index) Named(text string) (id string, share float64) {
	for _, matches := range [][]match{x.names.score(letterGrams(content(text))), x.namesSkeleton.score(skeletonGrams(content(text)))} {
		for i, m := range matches {
			if said := m.reverse * math.Min(1, 2*m.forward); said > share {
				id, share = x.procedures[x.ofName[i]].id, said
			}
		}
	}
	return id, share
}

func (x *Index) fold(out []Evidences, matches []match, forward, reverse int) {
	for i, m := range matches {
		e := &out[x.ofName[i]]
		raise(&e[forward], m.forward)
		raise(&e[reverse], m.reverse*math.Min(1, 2*m.forward))
	}
}

func raise(value *float64, to float64) {
	if to > *value {
		*value = to
	}
}

// content is the question without the words that only frame it, or the whole of it where nothing is left.
func content(text string) string {
	if words := language.Content(text); len(words) > 0 {
		return joinTexts(words)
	}
	return text
}

// classify fills in what the head says.
func (x *Index) classify(out []Evidences, question []float32) {
	if x.space.head == nil || x.space.head.dim != len(question) {
		return
	}
	for p, score := range x.space.head.scores(question) {
		out[p][headScore] = float64(score)
	}
}

// candidates are the procedures that words or the head put first.
func (x *Index) candidates(evidences []Evidences) []int32 {
	byWords := leading(evidences, wordProcedures, func(e Evidences) float64 {
		sum := 0.0
		for _, k := range []int{namesForward, namesReverse, bodyForward, namesSkeletonForward, bodySkeletonForward,
			lexiconForward, askedForward, askedSkeletonForward} {
			sum += e[k]
		}
		return sum
	})
	byHead := leading(evidences, headProcedures, func(e Evidences) float64 { return e[headScore] })
	for _, p := range byHead {
		if !slices.Contains(byWords, p) {
			byWords = append(byWords, p)
		}
	}
	return byWords
}

// leading are the procedures of the highest positive values.
func leading(evidences []Evidences, count int, value func(Evidences) float64) []int32 {
	values := make([]float64, len(evidences))
	for i, e := range evidences {
		values[i] = value(e)
	}
	order := highest(values, count)
	for len(order) > 0 && values[order[len(order)-1]] <= 0 {
		order = order[:len(order)-1]
	}
	return order
}

// highest are the places of the count highest values, the highest first, equal ones in their order. Few are wanted
// of many: keeping the best so far is cheaper than sorting all.
func highest(values []float64, count int) []int32 {
	best := make([]int32, 0, count+1)
	for i, v := range values {
		if len(best) == count && v <= values[best[count-1]] {
			continue
		}
		at := len(best)
		for at > 0 && values[best[at-1]] < v {
			at--
		}
		best = slices.Insert(best, at, int32(i))
		best = best[:min(len(best), count)]
	}
	return best
}

// dense are the evidences that come from the store.
var dense = []int{denseTitle, densePassage, denseCentred, denseAsked, askedCentred}

// nearness adds the evidences of the vector search. A procedure that is in no list gets the lowest value that was
// found: it is not ranked above what is.
func (x *Index) nearness(out []Evidences, question []float32, found []Nearness) {
	const none = -2
	var lowest Evidences
	for _, k := range dense {
		lowest[k] = 1
		for i := range out {
			out[i][k] = none
		}
	}
	offset := x.space.offsets(question)
	for _, n := range found {
		sheet, ok := x.rows[n.Sheet]
		if !ok { // stored after this index was built
			continue
		}
		if n.Lang == "" {
			n.Lang = x.sheets[sheet].Lang
		}
		e := &out[x.ofSheet[sheet]]
		note := func(k int, value float64) {
			raise(&e[k], value)
			lowest[k] = math.Min(lowest[k], value)
		}
		off := float64(n.Centred) - offset[groupOf(n.Kind, n.Lang)]
		if n.Kind == KindPhrasing || n.Kind == KindCalled {
			note(denseAsked, float64(n.Raw))
			note(askedCentred, off)
			continue
		}
		note(densePassage, float64(n.Raw))
		note(denseCentred, off)
		if n.Kind == KindTitle {
			note(denseTitle, float64(n.Raw))
		}
	}
	for i := range out {
		for _, k := range dense {
			raise(&out[i][k], lowest[k])
		}
	}
}

// nearestPieces are the pieces of sections nearest to the question, one a procedure.
func (x *Index) nearestPieces(question []float32, found []Nearness) []Nearest {
	out := make([]Nearest, len(x.procedures))
	offset := x.space.offsets(question)
	for _, n := range found {
		sheet, ok := x.rows[n.Sheet]
		if !ok || n.Kind != KindSection {
			continue
		}
		s := &x.sheets[sheet]
		value := float64(n.Raw) + 2*(float64(n.Centred)-offset[groupOf(n.Kind, s.Lang)])
		if best := &out[x.ofSheet[sheet]]; best.Sheet == nil || value > best.value {
			*best = Nearest{s, n.Ordinal, value}
		}
	}
	return out
}
