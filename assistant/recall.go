package assistant

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// recall goes on from the turn before without a search: a choice among the procedures that were offered, one more
// detail of the same procedure, or the same for somebody else.
func (a *Assistant) recall(_ context.Context, t *Turn) error {
	t.Answer.Aspects = t.asked()
	t.Link = linkOf(t.Words)
	m, x := t.Asked.Memory, a.retriever.Index()
	if x == nil || (m.Procedure == "" && len(m.Choices) == 0) {
		return nil
	}
	if t.Link.over {
		t.Said = without(t.Said, saysOver)
	}
	t.Link.corrects = t.Link.corrects || refuses.MatchString(t.Said)
	if t.Link.corrects {
		t.correct()
	}
	if chosen := t.chosen(x); chosen != "" {
		t.goOn(x, chosen)
		return nil
	}
	if t.Link.goesOn(t.Answer.Aspects) {
		a.resume(t)
	}
	return nil
}

// resume goes on with what the conversation is about where the turn names nothing of its own.
func (a *Assistant) resume(t *Turn) {
	m, x := t.Asked.Memory, a.retriever.Index()
	roots := m.Choices
	if m.Procedure != "" {
		roots = []string{m.Procedure}
	}
	if len(t.Link.variants) > 0 {
		if id := sibling(x, roots, t.Link.variants); id != "" {
			t.goOn(x, id)
			return
		}
	}
	if m.Procedure != "" {
		t.goOn(x, m.Procedure)
		return
	}
	t.clarify(x, m.Choices)
}

// goOn settles the turn on a procedure that it did not name itself; the aspect asked before stays asked where the turn
// names none.
func (t *Turn) goOn(x *retrieval.Index, id string) {
	t.settle(x, id)
	t.inherit()
}

// inherit keeps the aspects that were asked before where the turn names none.
func (t *Turn) inherit() {
	if len(t.Answer.Aspects) == 0 && !asksHow(t.Words) {
		t.Answer.Aspects = t.Asked.Memory.Aspects
	}
}

// without cuts the phrases of a heading from a text, which would only dilute what it asks; a text of nothing else stays.
func without(text, heading string) string {
	heard := threadPhrases.find(language.Words(text))
	var kept []string
	at := 0
	for _, field := range strings.Fields(text) {
		from := at
		at += len(language.Words(field))
		if !slices.ContainsFunc(heard, func(f found) bool { return f.heading == heading && f.from <= from && at <= f.to }) {
			kept = append(kept, field)
		}
	}
	if len(language.Content(strings.Join(kept, " "))) == 0 {
		return text
	}
	return strings.Join(kept, " ")
}

// refuses begins a text that takes the turn before back in Darija; without the comma it is the French article.
var refuses = regexp.MustCompile(`(?i)^\s*l+a\s*[,،.!]`)

// correct takes from the turn what it takes back, so that the rest is understood by itself: «pas le passeport, la
// carte grise» speaks of the carte grise.
func (t *Turn) correct() {
	var kept []string
	for _, clause := range clauses(t.Said) {
		var left []string
		heard := threadPhrases.find(clause)
		for i, w := range clause {
			if !slices.ContainsFunc(heard, func(f found) bool { return f.heading == saysCorrection && f.from <= i && i < f.to }) {
				left = append(left, w)
			}
		}
		taken := slices.ContainsFunc(heard, func(f found) bool {
			return f.heading == saysNot && f.from <= 2 && (f.to < len(clause) || len(left) == 0)
		})
		if l := linkOf(left); !taken && (len(l.own) > 0 || len(l.variants) > 0) {
			kept = append(kept, strings.Join(left, " "))
		}
	}
	if len(kept) == 0 {
		return
	}
	t.Said = strings.Join(kept, ", ")
	t.Link = linkOf(language.Words(t.Said))
	t.Link.corrects = true
}

// clauses are the folded words of a text, parted where a contrast can stand: at marks and at words such as «mais».
func clauses(text string) [][]string {
	var out [][]string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".,;:!?،؛؟\n—–", r) }) {
		var clause []string
		for _, w := range language.Words(part) {
			if slices.Contains([]string{"mais", "plutot", "بل", "ولكن", "لكن", "walakin", "walayni", "ولايني"}, w) {
				out = append(out, clause)
				clause = nil
				continue
			}
			clause = append(clause, w)
		}
		out = append(out, clause)
	}
	return slices.DeleteFunc(out, func(c []string) bool { return len(c) == 0 })
}
