package assistant

import (
	"context"
	"slices"

	"murshid/language"
	"murshid/retrieval"
)

// recall goes on from the turn before: a choice among the procedures that were offered, or a question about one
// more detail of the same procedure.
func (a *Assistant) recall(_ context.Context, t *Turn) error {
	t.Answer.Aspects = aspects(t.Words)
	m := t.Asked.Memory
	if chosen := t.chosen(a.retriever.Index()); chosen != "" {
		t.settle(a.retriever.Index(), chosen)
		if len(t.Answer.Aspects) == 0 {
			t.Answer.Aspects = m.Aspects
		}
		return nil
	}
	if m.Procedure != "" && len(t.Answer.Aspects) > 0 && len(t.subject()) == 0 {
		t.settle(a.retriever.Index(), m.Procedure)
	}
	return nil
}

// subject are the words that are neither frame nor aspect: what the question is about.
func (t *Turn) subject() []string {
	said := make([]bool, len(t.Words))
	for _, f := range append(aspectPhrases.find(t.Words), intentPhrases.find(t.Words)...) {
		for i := f.from; i < f.to; i++ {
			said[i] = true
		}
	}
	var out []string
	for i, w := range t.Words {
		if !said[i] && len(language.Content(w)) > 0 {
			out = append(out, w)
		}
	}
	return out
}

// chosen is the offered procedure that the person names by its number or by the words of its title.
func (t *Turn) chosen(x *retrieval.Index) string {
	choices := t.Asked.Memory.Choices
	if len(choices) == 0 || x == nil {
		return ""
	}
	if len(t.Words) <= 3 {
		for i, id := range choices {
			number := string(rune('1' + i))
			if slices.Contains(t.Words, number) {
				return id
			}
		}
	}
	return namedChoice(x, choices, t)
}

// namedChoice is the choice whose title shares most words with the text, when no other shares as many.
func namedChoice(x *retrieval.Index, choices []string, t *Turn) string {
	best, most, tie := "", 0, false
	for _, id := range choices {
		sheet, ok := x.Sheet(id, t.Answer.Language.SheetLanguage())
		if !ok {
			continue
		}
		title, shared := language.Words(sheet.Name()), 0
		for _, w := range language.Content(t.Text) {
			if slices.Contains(title, w) {
				shared++
			}
		}
		switch {
		case shared > most:
			best, most, tie = id, shared, false
		case shared == most:
			tie = true
		}
	}
	if tie || most == 0 || most < len(language.Content(t.Text)) {
		return ""
	}
	return best
}
