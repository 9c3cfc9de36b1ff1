package evals

import (
	"encoding/json"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"murshid/corpus"
	"murshid/language"
	"murshid/retrieval"
)

func demoSheets(t *testing.T) []retrieval.Sheet {
	t.Helper()
	names, err := fs.Glob(corpus.Sheets(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []retrieval.Sheet
	for _, name := range names {
		file, err := fs.ReadFile(corpus.Sheets(), name)
		if err != nil {
			t.Fatal(err)
		}
		var some []retrieval.Sheet
		if err := json.Unmarshal(file, &some); err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	return all
}

// The questions that measure are other questions than those the corpus knows; their procedures exist; each id
// stands once.
func TestCases(t *testing.T) {
	t.Parallel()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	known, ids := map[string]string{}, map[string]bool{}
	plain := func(text string) string { return strings.Join(language.Words(text), " ") }
	for _, s := range demoSheets(t) {
		ids[s.ID] = true
		known[plain(s.Title)] = s.ID
		for _, p := range s.AskedAs {
			known[plain(p.Text)] = s.ID
		}
	}
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		if id, ok := known[plain(c.Question)]; ok {
			t.Errorf("%s: %q stands in sheet %s", c.ID, c.Question, id)
		}
		if !slices.Contains(language.Writings, c.Writing) {
			t.Errorf("%s: writing %q", c.ID, c.Writing)
		}
		for _, id := range c.Procedures {
			if !ids[id] {
				t.Errorf("%s: there is no procedure %s", c.ID, id)
			}
		}
		if c.Class != "" && len(c.Status) == 0 {
			t.Errorf("%s: no status", c.ID)
		}
	}
	fit, locked := len(Fit.Of(cases)), len(Locked.Of(cases))
	if fit+locked != len(cases) || locked < len(cases)/4 {
		t.Errorf("%d to fit, %d locked, of %d", fit, locked, len(cases))
	}
}

func TestRegress(t *testing.T) {
	t.Parallel()
	var examples []example
	for i := range 200 {
		v := float64(i)/100 - 1
		examples = append(examples, example{x: []float64{1, v}, y: indicator(v > 0.3), weight: 1})
	}
	w := regress(examples, 0.01)
	if border := -w[0] / w[1]; w[1] <= 0 || math.Abs(border-0.3) > 0.05 {
		t.Errorf("weights %v, border %g", w, border)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Read(strings.NewReader("{\"id\":\"a\"}\n\nno\n")); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("error %v", err)
	}
}
