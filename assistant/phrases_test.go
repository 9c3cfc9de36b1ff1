package assistant

import (
	"slices"
	"strings"
	"testing"

	"murshid/language"
	"murshid/retrieval"
)

func TestPhrases(t *testing.T) {
	t.Parallel()
	b, err := parsePhrases("# note\n[a]\nfin wsl* chikaya\nma reclamation .. en est\n[b]\nde*\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"fin wslat chikaya dyali":           "a",
		"ma réclamation 12 où en est-elle":  "a",
		"ma réclamation est là depuis hier": "b",
		"fin chikaya":                       "",
	} {
		got := ""
		if f := b.find(language.Words(text)); len(f) > 0 {
			got = f[0].heading
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, err := parsePhrases("no heading\n"); err == nil {
		t.Error("a phrase without heading is taken")
	}
}

// The headings of the aspects are fields of a sheet, strong or weak.
func TestAspectHeadings(t *testing.T) {
	t.Parallel()
	for _, list := range append(slices.Collect(mapsValues(aspectPhrases.exact)), aspectPhrases.prefix) {
		for _, p := range list {
			if !slices.Contains(retrieval.Fields, retrieval.Field(strings.TrimSuffix(p.heading, weak))) {
				t.Errorf("%q is no field", p.heading)
			}
		}
	}
}

func mapsValues(m map[string][]phrase) func(func([]phrase) bool) {
	return func(yield func([]phrase) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}
