package retrieval

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPassages(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("Une phrase de plusieurs mots. ", 40))
	s := &Sheet{ID: "x", Lang: "fr", Title: "Carte d’identité", AlsoCalled: []string{"CNIE", "lakart"},
		Documents: []string{"photos", "certificat"}, Place: "Commissariat", Online: "https://x.example.org",
		Fee: "75 DH", Validity: "10 ans", Legal: []string{"loi 04-20"}, Contact: "a@example.org",
		AskedAs:  []Phrasing{{Lang: "arabizi", Text: "tlef liya lakart"}},
		Sections: []Section{{Heading: "Qui ?", Text: "Tous."}, {Heading: "Long", Text: long}, {Heading: "Vide"}}}
	want := []Passage{
		{KindTitle, "", 0, "Carte d'identité", ""},
		{KindNames, "", 1, "Carte d'identité. CNIE, lakart", ""},
		{KindDocuments, "", 2, "Carte d'identité. photos; certificat", ""},
		{KindPlace, "", 3, "Carte d'identité. Commissariat; https://x.example.org", ""},
		{KindPractical, "", 4, "Carte d'identité. 75 DH; 10 ans", ""},
		{KindSection, "Qui ?", 5, "Carte d'identité. Qui ? Tous.", "Tous."},
		{KindSection, "Long", 6, "Carte d'identité. Long. " + long[:899], long[:899]},
		{KindSection, "Long", 7, "Carte d'identité. Long. " + long[900:], long[900:]},
		{KindSection, "Vide", 8, "Carte d'identité. Vide", ""},
		{KindCalled, "fr", 9, "Carte d'identité", ""},
		{KindCalled, "fr", 10, "CNIE", ""},
		{KindCalled, "fr", 11, "lakart", ""},
		{KindPhrasing, "arabizi", 12, "tlef liya lakart", ""},
	}
	if diff := cmp.Diff(want, Passages(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPassagesOfSmallSheets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		sheet Sheet
		want  []string
	}{
		"title alone":    {Sheet{ID: "x", Title: "T"}, []string{"T", "T"}},
		"heading":        {Sheet{ID: "x", Sections: []Section{{Heading: "H", Text: "a"}}}, []string{"H", "H. H. a"}},
		"text alone":     {Sheet{ID: "x", Sections: []Section{{Text: "a"}}}, []string{"a"}},
		"said twice":     {Sheet{ID: "x", Title: "T", Documents: []string{"d"}, Conditions: []string{"d"}}, []string{"T", "T. d", "T"}},
		"nothing to say": {Sheet{ID: "x", Title: "\u064b"}, nil},
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
		{"art. 5.2 ab", []string{"art. 5.2", "ab"}},
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

func TestSentences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Voir art. 3 du décret n° 12.345. M. le Gouverneur signe. Fin.":               {"Voir art. 3 du décret n° 12.345.", "M. le Gouverneur signe.", "Fin."},
		"Le prix est de 2.500 DH. Il se paie au guichet.\nSeconde ligne (cf. art. 4)": {"Le prix est de 2.500 DH.", "Il se paie au guichet.", "Seconde ligne (cf. art. 4)"},
		"العنوان ص.ب. 118 الرباط. اتصلوا بنا.":                                        {"العنوان ص.ب. 118 الرباط.", "اتصلوا بنا."},
	} {
		got := Sentences(text, 700)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(got) > 1 && !strings.Contains(text, Stretch(text, got[:2])) {
			t.Errorf("%q is no part of the text", Stretch(text, got[:2]))
		}
	}
}
