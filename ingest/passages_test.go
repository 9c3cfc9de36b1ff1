package ingest

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"murshid/retrieval"
)

func TestPassages(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("Une phrase de plusieurs mots. ", 40))
	s := &retrieval.Sheet{ID: "x", Lang: "fr", Title: "Carte d’identité", AlsoCalled: []string{"CNIE", "lakart"},
		Documents: []string{"photos", "certificat"}, Place: "Commissariat", Online: "https://x.example.org",
		Fee: "75 DH", Validity: "10 ans", Legal: []string{"loi 04-20"}, Contact: "a@example.org",
		AskedAs:  []retrieval.Phrasing{{Lang: "arabizi", Text: "tlef liya lakart"}},
		Sections: []retrieval.Section{{Heading: "Qui ?", Text: "Tous."}, {Heading: "Long", Text: long}, {Heading: "Vide"}}}
	want := []Passage{
		{KindTitle, "", 0, "Carte d'identité"},
		{KindNames, "", 1, "Carte d'identité. CNIE, lakart"},
		{KindDocuments, "", 2, "Carte d'identité. photos; certificat"},
		{KindPlace, "", 3, "Carte d'identité. Commissariat; https://x.example.org"},
		{KindPractical, "", 4, "Carte d'identité. 75 DH; 10 ans"},
		{KindSection, "Qui ?", 5, "Carte d'identité. Qui ? Tous."},
		{KindSection, "Long", 6, "Carte d'identité. Long. " + long[:899]},
		{KindSection, "Long", 7, "Carte d'identité. Long. " + long[900:]},
		{KindSection, "Vide", 8, "Carte d'identité. Vide"},
		{KindCalled, "fr", 9, "Carte d'identité"},
		{KindCalled, "fr", 10, "CNIE"},
		{KindCalled, "fr", 11, "lakart"},
		{KindPhrasing, "arabizi", 12, "tlef liya lakart"},
	}
	if diff := cmp.Diff(want, Passages(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPassagesOfSmallSheets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		sheet retrieval.Sheet
		want  []string
	}{
		"title alone":    {retrieval.Sheet{ID: "x", Title: "T"}, []string{"T", "T"}},
		"heading":        {retrieval.Sheet{ID: "x", Sections: []retrieval.Section{{Heading: "H", Text: "a"}}}, []string{"H", "H. H. a"}},
		"text alone":     {retrieval.Sheet{ID: "x", Sections: []retrieval.Section{{Text: "a"}}}, []string{"a"}},
		"said twice":     {retrieval.Sheet{ID: "x", Title: "T", Documents: []string{"d"}, Conditions: []string{"d"}}, []string{"T", "T. d", "T"}},
		"nothing to say": {retrieval.Sheet{ID: "x", Title: "\u064b"}, nil},
	}
	for name, c := range cases {
		var got []string
		for i, p := range Passages(&c.sheet) {
			got = append(got, p.Text)
			if p.Ordinal != i {
				t.Errorf("%s: passage %d has ordinal %d", name, i, p.Ordinal)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPieces(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"un deux", []string{"un deux"}},
		{"abc.\ndef.\nghijkl.", []string{"abc. def.", "ghijkl."}},
		{"Un deux. Trois quatre.", []string{"Un deux.", "Trois", "quatre."}},
		{"ما هذا؟ نعم؛ لا… أبدا", []string{"ما هذا؟", "نعم؛ لا…", "أبدا"}},
		{"abcdefghijklmnopqrstuvwxyz", []string{"abcdefghij", "klmnopqrst", "uvwxyz"}},
		{"art. 5.2 ab", []string{"art.", "5.2 ab"}},
	}
	for _, c := range cases {
		if got := pieces(c.text, 10); !slices.Equal(got, c.want) {
			t.Errorf("%q → %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPiecesKeepEverything(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOf(rapid.RuneFrom([]rune("ab. \n!؟؛…éب\u00a0")))
	rapid.Check(t, func(t *rapid.T) {
		text, limit := letters.Draw(t, "text"), rapid.IntRange(1, 30).Draw(t, "limit")
		parts := pieces(text, limit)
		for _, part := range parts {
			if n := utf8.RuneCountInString(part); n == 0 || n > limit || strings.TrimSpace(part) != part {
				t.Fatalf("part %q", part)
			}
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(strings.Join(parts, " ")) != bare(text) {
			t.Fatalf("%q became %q", text, parts)
		}
	})
}

func TestSheetDigest(t *testing.T) {
	t.Parallel()
	s := retrieval.Sheet{ID: "x", Lang: "fr", Title: "T", No: 1, Corpus: "main"}
	digest := func(s retrieval.Sheet, m Model) Digest {
		d, err := sheetDigest(s, m, Passages(&s))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	base := digest(s, Model{ID: "m", Dim: 8})
	moved := s
	moved.No, moved.Corpus = 2, "demo"
	if digest(moved, Model{ID: "m", Dim: 8}) != base {
		t.Error("row and corpus change the digest")
	}
	legal := s
	legal.Legal = []string{"loi"} // embedded nowhere
	for name, other := range map[string]Digest{"model": digest(s, Model{ID: "n", Dim: 8}),
		"dimension": digest(s, Model{ID: "m", Dim: 9}), "content": digest(legal, Model{ID: "m", Dim: 8})} {
		if other == base {
			t.Errorf("another %s leaves the digest", name)
		}
	}
}
