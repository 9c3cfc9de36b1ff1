package assistant

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// finishAnswer composes the answer and asks what would change it.
func (a *Assistant) finishAnswer(ctx context.Context, t *Turn) error {
	if len(t.halves) > 0 {
		return a.composeBoth(ctx, t)
	}
	if err := a.compose(ctx, t); err != nil {
		return err
	}
	if other := a.elsewhere(t); other != nil && t.Answer.Status == Answered {
		t.Answer.Text += "\n" + t.say("abroad_question", "title", other.Name())
		t.placed = true
	}
	return nil
}

// elsewhere is the sheet of the same procedure for those who live abroad, where it says something else of what is
// asked and nothing in the conversation tells where the person lives; nil otherwise. A person is asked once.
func (a *Assistant) elsewhere(t *Turn) *retrieval.Sheet {
	x := a.retriever.Index()
	if t.Asked.Memory.Placed || t.Question.Channel == SMS || x == nil || t.tellsPlace() {
		return nil
	}
	for _, level := range family(x, []string{t.Sheet.ID})[1:] {
		for _, id := range level {
			if agree, _ := agreement(x, id, []string{"abroad"}); agree == 0 || !sameThing(x, t.Sheet.ID, id) {
				continue
			}
			if other, _ := x.Sheet(id, t.Sheet.Lang); other != nil && differs(t.Sheet, other, t.Answer.Aspects) {
				return other
			}
		}
	}
	return nil
}

// tellsPlace reports whether the turn or its sheet says where the person lives.
func (t *Turn) tellsPlace() bool {
	if slices.ContainsFunc(t.Link.variants, isPlace) {
		return true
	}
	return slices.ContainsFunc(variantPhrases.find(language.Words(t.Sheet.Name())), func(f found) bool { return isPlace(f.heading) })
}

// isPlace reports whether a variant says where a person lives.
func isPlace(variant string) bool { return variant == "abroad" || variant == "home" }

// sameThing reports whether the title of the other procedure is about the same thing: half of its words that say no
// variant stand in the procedure's own titles.
func sameThing(x *retrieval.Index, id, other string) bool {
	var own []string
	for _, title := range titles(x, id) {
		own = append(own, language.Words(title)...)
	}
	for _, title := range titles(x, other) {
		words := linkOf(language.Words(title)).own
		shared := 0
		for _, w := range words {
			if slices.Contains(own, w) {
				shared++
			}
		}
		if len(words) == 0 || 2*shared < len(words) {
			return false
		}
	}
	return true
}

// differs reports whether the sheets say different things of what is asked, or of what most people need.
func differs(s, other *retrieval.Sheet, asked []retrieval.Field) bool {
	if len(asked) == 0 {
		asked = essentials
	}
	return slices.ContainsFunc(asked, func(f retrieval.Field) bool {
		return s.Has(f) && other.Has(f) && !sameValue(strings.Join(s.Values(f), " "), strings.Join(other.Values(f), " "))
	})
}

var (
	date   = regexp.MustCompile(`\b\d{1,2}/\d{1,2}/\d{4}\b|\b(19|20)\d{2}\b`)
	figure = regexp.MustCompile(`\d+(?:[.,]\d+)?`)
)

// sameValue reports whether two values say the same: the same figures, dates aside, or where they have none, the same
// text.
func sameValue(a, b string) bool {
	of := func(s string) []string {
		found := figure.FindAllString(date.ReplaceAllString(s, ""), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	if len(of(a)) > 0 && len(of(b)) > 0 {
		return slices.Equal(of(a), of(b))
	}
	return a == b
}
