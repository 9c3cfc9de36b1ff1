package assistant

import (
	"slices"
	"strings"

	"murshid/retrieval"
)

var aspectPhrases = mustPhrases("aspects")

// aspects are the fields of a sheet that the words ask for, in the order in which they are named. Where phrases
// overlap the longer one counts: «combien de temps» asks for a delay, not for a price.
func aspects(words []string) []retrieval.Field {
	matches := aspectPhrases.find(words)
	slices.SortStableFunc(matches, func(a, b found) int { return (b.to - b.from) - (a.to - a.from) })
	taken := make([]bool, len(words))
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
	strong := headings(kept, func(heading string) bool { return !strings.HasSuffix(heading, weak) })
	if len(strong) > 0 {
		return strong
	}
	return headings(kept, func(string) bool { return true })
}

// weak ends the headings that count only where nothing else is asked: «combien» alone asks for the price.
const weak = "?"

func headings(matches []found, wanted func(string) bool) []retrieval.Field {
	var out []retrieval.Field
	for _, m := range matches {
		f := retrieval.Field(strings.TrimSuffix(m.heading, weak))
		if wanted(m.heading) && !slices.Contains(out, f) {
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
	swap := func(from, to retrieval.Field) {
		i := slices.Index(out, from)
		if i >= 0 && !sheet.Has(from) && sheet.Has(to) && !slices.Contains(out, to) {
			out[i] = to
		}
	}
	swap(retrieval.Place, retrieval.Online)
	swap(retrieval.Online, retrieval.Place)
	return out
}
