package assistant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"murshid/grounding"
	"murshid/language"
	"murshid/retrieval"
)

// Composer has a language model write a draft of an answer: *generation.Composer.
type Composer interface {
	// Compose writes a draft from the passages of a request. It ends when ctx does, and its errors hold nothing of
	// what a person or the model wrote: they are logged.
	Compose(ctx context.Context, r grounding.Request) (grounding.Draft, error)
	// Ready reports whether Compose is worth calling now.
	Ready() bool
}

// DefaultPatience is how long a turn waits for a draft.
const DefaultPatience = 6 * time.Second

const (
	maxDraft = 700 // characters of a draft
	maxLead  = 300 // characters within which what was asked for first must stand, as the public contract says
)

// Why a draft that says only what its passages say is not used all the same.
var (
	errSilent = errors.New("the draft does not rest on all that was asked for")
	errLate   = errors.New("the draft does not begin with what was asked for")
)

// word gives the answer in a model's words, and the notes to what of it is unverified; nil where the rendered answer
// stays, whatever the cause. It takes no longer than the assistant's patience.
func (a *Assistant) word(ctx context.Context, t *Turn, asked, shown []retrieval.Field) []string {
	if !a.mayWord(t, asked, shown) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.patience)
	defer cancel()
	m := material{shown: shown, passages: passages(t.Sheet, twin(a.retriever.Index(), t.Sheet), shown)}
	draft, err := a.composer.Compose(ctx, grounding.Request{Question: t.Text, Writing: t.Answer.Language,
		Passages: m.passages, Limit: maxDraft})
	if err != nil {
		a.log.InfoContext(ctx, "no draft", "seq", t.Asked.Seq, "error", err)
		return nil
	}
	if err := m.refusal(grounding.Checker{Decider: a.decider}, draft, t.Answer.Language, asked); err != nil {
		a.log.InfoContext(ctx, "draft refused", "seq", t.Asked.Seq, "reason", err)
		return nil
	}
	return append([]string{draft.Text}, t.doubts(m.cited(draft))...)
}

// mayWord reports whether a model is asked: for one procedure whose sheet is in the person's own language and holds all
// that was asked for, on a channel with room for sentences.
func (a *Assistant) mayWord(t *Turn, asked, shown []retrieval.Field) bool {
	l, channel := t.Answer.Language, t.Question.Channel
	return a.composer != nil && len(t.halves) == 0 && len(shown) > 0 &&
		slices.Contains(language.Writings, l) && t.Sheet.Lang == l.SheetLanguage() &&
		(channel == Web || channel == Email) &&
		!slices.ContainsFunc(asked, func(f retrieval.Field) bool { return !slices.Contains(shown, f) }) &&
		a.composer.Ready()
}

// material is what a draft is written from: the name of the procedure, then each shown field.
type material struct {
	shown    []retrieval.Field
	passages []grounding.Passage
}

func passages(sheet, twin *retrieval.Sheet, shown []retrieval.Field) []grounding.Passage {
	out := []grounding.Passage{{Field: grounding.Title, Lang: sheet.Lang, Text: names(sheet), Twin: names(twin)}}
	for _, f := range shown {
		p := grounding.Passage{Field: string(f), Lang: sheet.Lang, Text: strings.Join(sheet.Values(f), "\n")}
		if twin != nil {
			p.Twin = strings.Join(twin.Values(f), "\n")
		}
		out = append(out, p)
	}
	return out
}

// names are what a procedure and its administration are called, a name a line.
func names(sheet *retrieval.Sheet) string {
	if sheet == nil {
		return ""
	}
	out := append([]string{sheet.Name(), sheet.Administration}, sheet.AlsoCalled...)
	return strings.Join(slices.DeleteFunc(out, func(name string) bool { return name == "" }), "\n")
}

// twin is the sheet of the same procedure in the other language, nil where there is none.
func twin(x *retrieval.Index, sheet *retrieval.Sheet) *retrieval.Sheet {
	other := language.French
	if sheet.Lang == other {
		other = language.Arabic
	}
	if x == nil {
		return nil
	}
	found, ok := x.Sheet(sheet.ID, other)
	if !ok || found.Lang != other {
		return nil
	}
	return found
}

// number is that of the passage of a shown field.
func (m material) number(f retrieval.Field) int { return slices.Index(m.shown, f) + 2 } // 1 is the name

// cited are the fields that a draft rests on, in the order in which they are shown.
func (m material) cited(d grounding.Draft) []retrieval.Field {
	return slices.DeleteFunc(slices.Clone(m.shown), func(f retrieval.Field) bool {
		return !slices.Contains(d.Passages, m.number(f))
	})
}

// refusal is why a draft is not used, nil where it is. It holds no word of the draft.
func (m material) refusal(c grounding.Checker, d grounding.Draft, writing language.Language, asked []retrieval.Field) error {
	if err := c.Check(d, writing, m.passages); err != nil {
		return grounding.Reason(err)
	}
	cited := m.cited(d)
	if slices.ContainsFunc(asked, func(f retrieval.Field) bool { return !slices.Contains(cited, f) }) {
		return errSilent
	}
	if len(asked) > 0 && !grounding.Leads(d.Text, m.passages[m.number(asked[0])-1], maxLead) {
		return errLate
	}
	return nil
}

// doubts name the fields whose values have no source.
func (t *Turn) doubts(fields []retrieval.Field) []string {
	var lines []string
	for _, f := range fields {
		if t.Sheet.Unsure(f) {
			lines = append(lines, t.label(f)+" "+t.say("unsure"))
		}
	}
	return lines
}
