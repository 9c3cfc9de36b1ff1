package assistant

import (
	"maps"
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

// The headings of the aspects and of their hints are fields of a sheet with an ending, or question words.
func TestAspectHeadings(t *testing.T) {
	t.Parallel()
	for _, b := range []*phraseBook{aspectPhrases, howMuchHints} {
		var lists [][]phrase
		for _, by := range []map[string][]phrase{b.exact, b.skeletons, b.prefix} {
			lists = append(lists, slices.Collect(maps.Values(by))...)
		}
		for _, p := range slices.Concat(lists...) {
			other := b == aspectPhrases && slices.Contains([]string{howMuch, price, howLong, "nothing"}, p.heading)
			if !other && !slices.Contains(retrieval.Fields, retrieval.Field(strings.TrimRight(p.heading, ranks))) {
				t.Errorf("%q is no field", p.heading)
			}
		}
	}
}

func TestEdges(t *testing.T) {
	t.Parallel()
	b, err := parsePhrases("[a]\n| ou\nou |\n@w = x y\n| @w z |\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"ou aller": 1, "je vais ou": 1, "un ou deux": 0, "ou": 2, "y z": 1, "y z a": 0, "a x z": 0} {
		if got := len(b.find(language.Words(text))); got != want {
			t.Errorf("%q: %d phrases, want %d", text, got, want)
		}
	}
}
