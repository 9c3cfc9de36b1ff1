package assistant

import (
	"context"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// essentials are what most people need when they ask for nothing in particular; following are what they need next
// when they asked for one thing. Who asks how to go about it needs the essentials too.
var (
	essentials = []retrieval.Field{retrieval.Documents, retrieval.Fee, retrieval.Amount, retrieval.Delay, retrieval.Place, retrieval.Online}
	following  = []retrieval.Field{retrieval.Fee, retrieval.Delay, retrieval.Place, retrieval.Online}
	fallback   = []retrieval.Field{retrieval.Conditions, retrieval.Steps, retrieval.Validity, retrieval.Contact, retrieval.Legal}
)

const (
	maxFollowing = 2  // further fields after the one that was asked
	maxEntries   = 12 // of a list
)

// compose renders the answer from the sheet's own fields: what was asked first, then what most people need next, the
// source and its date. Nothing is said that the sheet does not say.
func (a *Assistant) compose(_ context.Context, t *Turn) error {
	asked := fit(t.Answer.Aspects, t.Sheet)
	known := slices.DeleteFunc(slices.Clone(asked), func(f retrieval.Field) bool { return !t.Sheet.Has(f) })
	status := Answered
	var lines []string
	if len(asked) > 0 && len(known) == 0 {
		status = Partial
		lines = append(lines, t.say("partial", "title", t.Sheet.Name(), "field", t.label(asked[0])))
	} else {
		lines = append(lines, t.Sheet.Name())
	}
	if t.Sheet.Lang != t.Answer.Language.SheetLanguage() {
		lines = append(lines, t.say("other_language_"+string(t.Sheet.Lang)))
	}
	for _, f := range t.shown(known) {
		lines = append(lines, t.field(f)...)
	}
	lines = append(lines, t.passage()...)
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

// passage quotes, where a sheet has no field to show, the section nearest to the question.
func (t *Turn) passage() []string {
	if len(t.Answer.Citations) > 0 || len(t.Sheet.Sections) == 0 {
		return nil
	}
	section := nearestSection(t.Sheet.Sections, language.Content(t.Text))
	quote := excerpt(section.Text, maxQuote)
	t.cite(section.Heading, quote)
	if section.Heading == "" || section.Heading == t.Sheet.Name() {
		return []string{quote}
	}
	return []string{section.Heading, quote}
}

const maxQuote = 600

// nearestSection is the section that holds most of the question's words, the first where none does.
func nearestSection(sections []retrieval.Section, words []string) retrieval.Section {
	best, most := sections[0], 0
	for _, s := range sections {
		held := 0
		text := language.Words(s.Heading + " " + s.Text)
		for _, w := range words {
			if slices.ContainsFunc(text, func(h string) bool { return samePrefix(h, w) }) {
				held++
			}
		}
		if held > most {
			best, most = s, held
		}
	}
	return best
}

// samePrefix takes words for the same that begin with the same five letters.
func samePrefix(a, b string) bool {
	const letters = 5
	ra, rb := []rune(a), []rune(b)
	if len(ra) <= letters || len(rb) <= letters {
		return a == b
	}
	return slices.Equal(ra[:letters], rb[:letters])
}

// excerpt cuts a text at the last sentence border, or else the last space, before limit bytes.
func excerpt(text string, limit int) string {
	text = strings.TrimSpace(text)
	if len(text) <= limit {
		return text
	}
	head := text[:limit]
	for _, border := range []string{"\n", ". ", "؟ ", "! ", "? ", "؛ ", " "} {
		if i := strings.LastIndex(head, border); i > limit/3 {
			return strings.TrimSpace(head[:i+len(border)])
		}
	}
	return strings.ToValidUTF8(head, "")
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
