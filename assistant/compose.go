package assistant

import (
	"context"
	"slices"
	"strings"

	"murshid/retrieval"
)

// essentials are what most people need when they ask for nothing in particular; following are what they need next
// when they asked for one thing. Who asks how to go about it needs the essentials too. «Ch7al?» asks for a price, a
// time or an age, and only the person knows which: who asks for one figure is told the others as well.
var (
	essentials = []retrieval.Field{retrieval.Documents, retrieval.Fee, retrieval.Amount, retrieval.Delay, retrieval.Place, retrieval.Online}
	following  = []retrieval.Field{retrieval.Fee, retrieval.Delay, retrieval.Place, retrieval.Online}
	figures    = []retrieval.Field{retrieval.Fee, retrieval.Amount, retrieval.Delay, retrieval.Validity}
	fallback   = []retrieval.Field{retrieval.Conditions, retrieval.Steps, retrieval.Validity, retrieval.Contact, retrieval.Legal}
)

const (
	maxFollowing = 2  // further fields after the one that was asked
	maxEntries   = 12 // of a list
)

// compose renders the answer from the sheet's own fields: what was asked first, then what most people need next, the
// source and its date. Nothing is said that the sheet does not say. Where a language model is at hand, what stands
// before the source may be in its words; what is cited stays.
func (a *Assistant) compose(ctx context.Context, t *Turn) error {
	t.Answer.Aspects = rereadAspects(t.Answer.Aspects, t.Words, t.Sheet)
	asked := fit(t.Answer.Aspects, t.Sheet)
	known := slices.DeleteFunc(slices.Clone(asked), func(f retrieval.Field) bool { return !t.Sheet.Has(f) })
	status := Answered
	var lines []string
	switch {
	case len(asked) > 0 && len(known) == 0 && !t.Sheet.Bare():
		status = Partial
		lines = append(lines, t.say("partial", "title", t.Sheet.Name(), "field", t.label(asked[0])))
	case t.beyond():
		status = Partial
		lines = append(lines, t.say("partial_detail", "title", t.Sheet.Name()))
	case t.Sheet.Title != "" || !t.Sheet.Bare():
		lines = append(lines, t.Sheet.Name())
	}
	if t.Sheet.Lang != t.Answer.Language.SheetLanguage() {
		lines = append(lines, t.say("other_language_"+string(t.Sheet.Lang)))
	}
	shown := t.shown(known)
	for _, f := range shown {
		lines = append(lines, t.field(f)...)
	}
	lines = append(lines, t.quoted()...)
	if status == Answered {
		if worded := a.word(ctx, t, asked, shown); worded != nil {
			lines = worded
		}
	}
	lines = append(lines, t.provenance()...)
	if status == Partial {
		lines = append(lines, t.say("offer_agent"))
	}
	t.Finish(status, strings.Join(lines, "\n"))
	return nil
}

// shown are the fields of the answer in order: those asked for, then a few more.
func (t *Turn) shown(known []retrieval.Field) []retrieval.Field {
	out := slices.Clone(known)
	more, limit := following, len(known)+maxFollowing
	if len(known) > 0 && slices.Contains(figures, known[0]) {
		more, limit = append(slices.Clone(figures), following...), len(known)+len(figures)
	}
	if len(known) == 0 || asksHow(t.Words) {
		more, limit = essentials, len(essentials)
	}
	for _, f := range more {
		if len(out) < limit && t.Sheet.Has(f) && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	for _, f := range fallback {
		if len(out) == 0 && t.Sheet.Has(f) {
			out = append(out, f)
		}
	}
	return out
}

// field renders one field and cites it.
func (t *Turn) field(f retrieval.Field) []string {
	values := t.Sheet.Values(f)
	for _, v := range values[:min(len(values), maxEntries)] {
		t.cite(string(f), v)
	}
	label := t.label(f)
	if t.Sheet.Unsure(f) {
		label += " " + t.say("unsure")
	}
	colon := t.say("colon")
	if len(values) == 1 && f != retrieval.Documents {
		return []string{label + colon + " " + values[0]}
	}
	lines := []string{label + colon}
	for _, v := range values[:min(len(values), maxEntries)] {
		lines = append(lines, "- "+v)
	}
	if len(values) > maxEntries {
		lines = append(lines, "- …")
	}
	return lines
}

// provenance are the lines that say where the facts come from and what of them is unverified.
func (t *Turn) provenance() []string {
	var lines []string
	if len(t.Sheet.Sources) > 0 {
		s := t.Sheet.Sources[0]
		source := s.Title
		if s.Date != "" {
			source += t.say("comma") + " " + s.Date
		}
		lines = append(lines, t.say("source")+t.say("colon")+" "+source)
	}
	if t.Sheet.Verified == "no" || t.Sheet.Verified == "partly" {
		lines = append(lines, t.say("confirm"))
	}
	return lines
}

func (t *Turn) cite(section, quote string) {
	url := t.Sheet.URL
	if url == "" && len(t.Sheet.Sources) > 0 {
		url = t.Sheet.Sources[0].URL
	}
	t.Answer.Citations = append(t.Answer.Citations, Citation{Procedure: t.Sheet.ID, Lang: t.Sheet.Lang, Section: section,
		URL: url, Quote: quote})
}

func (t *Turn) label(f retrieval.Field) string { return t.say("field_" + string(f)) }
