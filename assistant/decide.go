package assistant

import (
	"context"
	"slices"

	"murshid/retrieval"
)

// Policy says how sure the assistant must be. Its zero value stands for the defaults.
type Policy struct {
	// Answer is the least calibrated probability with which an answer is given. Defaults to 0.5.
	Answer float64
	// Clarify is the least probability that one of the offered procedures is right. Defaults to 0.3.
	Clarify float64
}

func (p Policy) orDefault() Policy {
	if p.Answer == 0 {
		p.Answer = 0.5
	}
	if p.Clarify == 0 {
		p.Clarify = 0.3
	}
	return p
}

// How many procedures a clarification offers at the most, and the least share of the score for one of them.
const (
	maxChoices  = 4
	choiceShare = 0.08
	candidates  = 6
)

// A question whose vector is more likely foreign to public administration than not is out of scope, unless its
// procedure is sure all the same.
const (
	foreign = 0.5
	sure    = 0.9
)

// retrieve looks for the procedure, unless the turn goes on with a known one.
func (a *Assistant) retrieve(ctx context.Context, t *Turn) error {
	if t.Sheet != nil {
		return nil
	}
	if len(t.Words) == 0 && t.Said != t.Text { // nothing was said but personal data
		t.finish(IntentQuestion, NotInCorpus, "only_personal")
		return nil
	}
	ranking, err := a.retriever.Search(ctx, t.Said, t.Answer.Language, candidates)
	if err != nil {
		return err
	}
	t.Ranking = ranking
	t.Answer.Ms.Embed, t.Answer.Ms.Search = milliseconds(ranking.Embed), milliseconds(ranking.Search)
	return nil
}

// decide answers, asks back, or says that it does not know.
func (a *Assistant) decide(_ context.Context, t *Turn) error {
	if t.Sheet != nil {
		return nil
	}
	confidence := t.Ranking.Confidence
	t.Answer.Confidence = confidence
	choices := t.offers()
	switch {
	case t.guarded != "" && confidence < a.policy.Answer:
		t.finish(t.guarded, Refused, "refused_"+string(t.guarded))
	case t.Ranking.Foreign > foreign && confidence < sure:
		t.finish(IntentOutOfScope, OutOfScope, "out_of_scope")
	case confidence >= a.policy.Answer && !t.misnamed():
		t.settle(a.retriever.Index(), t.Ranking.Hits[0].Procedure)
		t.Answer.Confidence = confidence
	case len(choices) > 1 && t.Ranking.Known >= a.policy.Clarify:
		t.clarify(a.retriever.Index(), choices)
	default:
		t.finish(IntentQuestion, NotInCorpus, "not_in_corpus")
	}
	return nil
}

// misnamed reports whether the question says the name of another procedure near the first, whose own name it does
// not say as much of: then one asks rather than answers.
func (t *Turn) misnamed() bool {
	const whole, more = 0.8, 0.25
	first := t.Ranking.Hits[0].Named()
	return slices.ContainsFunc(t.Ranking.Hits[1:], func(h retrieval.Hit) bool {
		return h.Named() >= whole && h.Named() >= first+more && h.Score >= choiceShare/2
	})
}

// offers are the procedures a clarification would name.
func (t *Turn) offers() []string {
	var ids []string
	for _, h := range t.Ranking.Hits[:min(maxChoices, len(t.Ranking.Hits))] {
		if h.Score >= choiceShare {
			ids = append(ids, h.Procedure)
		}
	}
	return ids
}

func (t *Turn) clarify(x *retrieval.Index, ids []string) {
	t.Answer.Choices = ids
	text := t.say("clarification")
	for i, id := range ids {
		if sheet, ok := x.Sheet(id, t.Answer.Language.SheetLanguage()); ok {
			text += "\n" + string(rune('1'+i)) + ". " + sheet.Name()
		}
	}
	t.Finish(Clarification, text)
}

// settle makes the procedure the one that the turn is about.
func (t *Turn) settle(x *retrieval.Index, id string) {
	if x == nil {
		return
	}
	sheet, ok := x.Sheet(id, t.Answer.Language.SheetLanguage())
	if !ok {
		return
	}
	t.Sheet, t.Answer.Procedure, t.Answer.Confidence = sheet, id, 1
}
