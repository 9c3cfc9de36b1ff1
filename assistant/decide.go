package assistant

import (
	"context"

	"murshid/retrieval"
)

// Policy says how sure the assistant must be. Its zero value stands for the defaults.
type Policy struct {
	// Risk is the share of answers that may be expected to be wrong, 0…1. Defaults to 0.02.
	Risk float64
}

func (p Policy) orDefault() Policy {
	if p.Risk == 0 {
		p.Risk = 0.02
	}
	return p
}

// How many procedures a clarification offers, and the least share of the score for those beyond the least number.
const (
	minChoices  = 2
	maxChoices  = 4
	choiceShare = 0.05
	candidates  = 6
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
	if t.Sheet != nil || len(t.halves) > 0 { // settled by the conversation, or two questions
		return nil
	}
	confidence := t.Ranking.Confidence
	t.Answer.Confidence = confidence
	choices := t.offers()
	sure := t.Ranking.Sure(a.policy.Risk)
	switch {
	case t.guarded != "" && !sure:
		t.finish(t.guarded, Refused, "refused_"+string(t.guarded))
	case sure:
		t.settle(a.retriever.Index(), t.Ranking.Hits[0].Procedure)
		t.Answer.Confidence = confidence
	case len(choices) > 1 && t.Ranking.Offer():
		t.clarify(a.retriever.Index(), choices)
	case t.Ranking.Foreign > 0.5: // more likely than not
		t.finish(IntentOutOfScope, OutOfScope, "out_of_scope")
	default:
		t.finish(IntentQuestion, NotInCorpus, "not_in_corpus")
	}
	return nil
}

// offers are the procedures a clarification would name: the first, and those that are not far behind.
func (t *Turn) offers() []string {
	var ids []string
	for i, h := range t.Ranking.Hits[:min(maxChoices, len(t.Ranking.Hits))] {
		if i < minChoices || h.Score >= choiceShare {
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
