package assistant

import (
	"slices"
	"strings"

	"murshid/retrieval"
)

var (
	aspectPhrases = mustPhrases("aspects")
	howMuchHints  = mustPhrases("howmuch")
)

// The headings of aspects.txt and howmuch.txt are the names of fields; an ending says how much they weigh.
const (
	weak   = "?" // counts only where nothing else is asked: «puis-je» asks for the conditions
	named  = "~" // counts where nothing is asked outright: a story may name «internet» or «papiers», too
	unsaid = "!" // what a «how much» or «how long» is taken for where nothing near it tells
	ranks  = weak + named
)

// The headings of aspects.txt that are no fields, besides [nothing], which takes its words away from shorter phrases:
// «fin wslat» asks for no place.
const (
	howMuch = "how much"
	price   = "at what price"
	howLong = "how long"
)

// A question of few words names nothing that it does not ask for; one of many tells a story.
const (
	fewWords  = 10
	manyWords = 20
)

// aspects are the fields of a sheet that the words ask for, in the order in which they are named.
func aspects(words []string) []retrieval.Field {
	heard := hearAspects(words)
	if out := fields(heard, "", unsaid); len(out) > 0 {
		return out
	}
	if len(words) > fewWords && asksHow(words) {
		return nil
	}
	if out := fields(heard, named); len(out) > 0 && len(words) <= manyWords {
		return out
	}
	return fields(heard, weak)
}

// hearAspects finds the phrases of aspects. Where they overlap the longer one counts: «combien de temps» asks for a
// delay, not for a price.
func hearAspects(words []string) []found {
	bare := each(words, withoutAnd)
	heard := longest(append(aspectPhrases.find(words), aspectPhrases.find(bare)...), len(words))
	hints := append(howMuchHints.find(words), howMuchHints.find(bare)...)
	for i, m := range heard {
		if _, asks := measures[m.heading]; asks {
			heard[i].heading = m.measured(hints)
		}
	}
	return heard
}

// longest keeps, where matches overlap, the one of most words, in the order of the text.
func longest(matches []found, words int) []found {
	slices.SortStableFunc(matches, func(a, b found) int { return (b.to - b.from) - (a.to - a.from) })
	taken := make([]bool, words)
	kept := matches[:0]
	for _, m := range matches {
		if !slices.Contains(taken[m.from:m.to], true) {
			kept = append(kept, m)
			for i := m.from; i < m.to; i++ {
				taken[i] = true
			}
		}
	}
	slices.SortStableFunc(kept, func(a, b found) int { return a.from - b.from })
	return kept
}

// measures are what the question words can ask for: where no hint stands near them, and the headings of the hints that
// are tried; none stands for all.
var measures = map[string]struct {
	alone string
	hints []string
}{
	howMuch: {alone: string(retrieval.Fee) + unsaid},
	price:   {string(retrieval.Fee), []string{"amount"}},
	howLong: {string(retrieval.Delay) + unsaid, []string{"delay", "validity", "validity?", "conditions"}},
}

// reach is how many words away, less one, a hint still tells what a «how much» asks for.
const reach = 4

// measured is the heading of what a «how much» or «how long» asks for: that of the nearest hint, where a weak hint
// stands behind every other, and one that is only named behind those.
func (m found) measured(hints []found) string {
	asked := measures[m.heading]
	heading, nearest := asked.alone, 3*reach
	for _, h := range hints {
		away := max(h.from-m.to, m.from-h.to, 0)
		if away >= reach || (len(asked.hints) > 0 && !slices.Contains(asked.hints, h.heading)) {
			continue
		}
		field := strings.TrimRight(h.heading, ranks)
		if ending := h.heading[len(field):]; ending != "" {
			away += reach * (1 + strings.Index(ranks, ending))
		}
		if away < nearest {
			heading, nearest = field, away
		}
	}
	return heading
}

// fields are the fields of the headings with one of the endings, each once.
func fields(heard []found, endings ...string) []retrieval.Field {
	var out []retrieval.Field
	for _, m := range heard {
		name := strings.TrimRight(m.heading, unsaid+ranks)
		f := retrieval.Field(name)
		if slices.Contains(retrieval.Fields, f) && slices.Contains(endings, m.heading[len(name):]) && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// fit turns aspects into those of a sheet where another field says the same: who asks where to go is served by an
// address on the web, and the reverse. A price is never answered with a benefit, nor a delay with a validity: the
// figure would be another one than the person asked for.
func fit(asked []retrieval.Field, sheet *retrieval.Sheet) []retrieval.Field {
	out := slices.Clone(asked)
	swap(out, sheet, retrieval.Place, retrieval.Online)
	swap(out, sheet, retrieval.Online, retrieval.Place)
	return out
}

// rereadAspects turns what a «how much» or «how long» was taken for, where no word said it, into what the sheet has: nobody
// pays for an allowance, so «ch7al?» asks for its amount. Who says «coûte» keeps having asked for the price.
func rereadAspects(asked []retrieval.Field, words []string, sheet *retrieval.Sheet) []retrieval.Field {
	out := slices.Clone(asked)
	for _, f := range fields(hearAspects(words), unsaid) {
		switch f {
		case retrieval.Fee:
			swap(out, sheet, f, retrieval.Amount)
		case retrieval.Delay:
			swap(out, sheet, f, retrieval.Validity)
		}
	}
	return out
}

// swap puts another field in the place of one that the sheet lacks, where it has the other.
func swap(asked []retrieval.Field, sheet *retrieval.Sheet, from, to retrieval.Field) {
	i := slices.Index(asked, from)
	if i >= 0 && !sheet.Has(from) && sheet.Has(to) && !slices.Contains(asked, to) {
		asked[i] = to
	}
}
