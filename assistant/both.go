package assistant

import (
	"context"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// A text of at most this many words is looked at for a second question, at so many of its conjunctions.
const (
	maxPairWords = 30
	maxSplits    = 2
	wellNamed    = 0.6 // of a procedure's name, said by half a text
)

// pair looks for two procedures in one question, parted by an «and»: both are answered, or offered where one of them
// is not sure.
func (a *Assistant) pair(ctx context.Context, t *Turn) error {
	if t.Sheet != nil || len(t.Ranking.Hits) == 0 || t.Ranking.Foreign > 0.5 || len(t.Words) > maxPairWords {
		return nil
	}
	for _, s := range splits(t.Said) {
		if !namesTwo(a.retriever.Index(), s) {
			continue
		}
		halves, err := a.halves(ctx, t, s)
		if err != nil {
			return err
		}
		if halves == nil {
			continue
		}
		if halves[0].sure && halves[1].sure {
			t.halves = halves
		} else {
			t.clarify(a.retriever.Index(), slices.Concat(halves[0].likely, halves[1].likely))
		}
		return nil
	}
	return nil
}

// namesTwo reports whether both halves say much of a procedure's name. It spares most texts the search for each half.
func namesTwo(x *retrieval.Index, texts [2]string) bool {
	first, said := x.Named(texts[0])
	second, alsoSaid := x.Named(texts[1])
	return said >= wellNamed && alsoSaid >= wellNamed && first != second
}

// splits are the ways to part a text in two at an «and» with a thing of the lexicon on both sides.
func splits(text string) [][2]string {
	fields := strings.Fields(text)
	var out [][2]string
	for i := 1; i < len(fields) && len(out) < maxSplits; i++ {
		var right []string
		words := language.Words(fields[i])
		switch {
		case len(words) == 0:
			continue
		case slices.Contains([]string{"et", "w", "o", "wa", "and", "و", "plus"}, words[0]) && len(words) == 1:
			right = fields[i+1:]
		case strings.HasPrefix(fields[i], "و") && withoutAnd(words[0]) != words[0]:
			right = append([]string{strings.TrimPrefix(fields[i], "و")}, fields[i+1:]...)
		default:
			continue
		}
		halves := [2]string{strings.Join(fields[:i], " "), strings.Join(right, " ")}
		first, second := language.Concepts(halves[0]), language.Concepts(halves[1])
		if len(first) > 0 && len(second) > 0 && !slices.ContainsFunc(second, func(c uint64) bool { return slices.Contains(first, c) }) {
			out = append(out, halves)
		}
	}
	return out
}

// half is one of two questions in a turn.
type half struct {
	procedure string
	sure      bool
	likely    []string // the procedure or, where it is not sure, the two likeliest
	aspects   []retrieval.Field
}

// halves searches for each half of a text by itself; nil where they are not two questions: each half must say much of
// its procedure's name, and the whole text surely find no third one.
func (a *Assistant) halves(ctx context.Context, t *Turn, texts [2]string) ([]half, error) {
	var out []half
	for _, text := range texts {
		ranking, err := a.retriever.Search(ctx, text, t.Answer.Language, candidates)
		if err != nil {
			return nil, err
		}
		h, ok := a.halfOf(ranking)
		if !ok {
			return nil, nil
		}
		h.aspects = aspects(each(language.Words(text), withoutAnd))
		out = append(out, h)
	}
	first, second := out[0], out[1]
	other := t.Ranking.Sure(a.policy.Risk) && !slices.Contains(slices.Concat(first.likely, second.likely), t.Ranking.Hits[0].Procedure)
	if other || slices.ContainsFunc(first.likely, func(id string) bool { return slices.Contains(second.likely, id) }) {
		return nil, nil
	}
	return shareAspects(out), nil
}

// halfOf makes a half of what its words find; false where that is nothing by name.
func (a *Assistant) halfOf(r retrieval.Ranking) (half, bool) {
	h := half{procedure: r.Hits[0].Procedure, sure: r.Sure(a.policy.Risk)}
	h.likely = []string{h.procedure}
	if h.sure {
		return h, r.Hits[0].Named() >= goodPart
	}
	if len(r.Hits) > 1 {
		h.likely = append(h.likely, r.Hits[1].Procedure)
	}
	return h, r.Offer() && r.Hits[0].Named() >= wellNamed
}

// shareAspects asks of both halves what only one of them asks.
func shareAspects(halves []half) []half {
	for i, other := range []int{1, 0} {
		if len(halves[i].aspects) == 0 {
			halves[i].aspects = halves[other].aspects
		}
	}
	return halves
}

// composeBoth composes the answers to two questions into one text with the citations of both.
func (a *Assistant) composeBoth(ctx context.Context, t *Turn) error {
	var answers []Answer
	confidence := t.Ranking.Confidence
	for _, h := range t.halves {
		one := *t
		one.Answer.Aspects, one.Answer.Citations = h.aspects, nil
		one.settle(a.retriever.Index(), h.procedure)
		if err := a.compose(ctx, &one); err != nil {
			return err
		}
		answers = append(answers, one.Answer)
	}
	first, second := answers[0], answers[1]
	_, text, _ := strings.Cut(second.Text, messages[language.English]["lead"]+"\n")
	if text == "" {
		text = second.Text
	}
	first.Text += "\n\n" + text
	first.Citations = append(first.Citations, second.Citations...)
	for _, f := range second.Aspects {
		if !slices.Contains(first.Aspects, f) {
			first.Aspects = append(slices.Clone(first.Aspects), f)
		}
	}
	if second.Status == Partial {
		first.Status = Partial
	}
	t.Answer, t.done = first, true
	t.Answer.Confidence = confidence
	return nil
}
