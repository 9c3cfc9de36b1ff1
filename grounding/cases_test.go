package grounding

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"murshid/corpus"
	"murshid/language"
	"murshid/retrieval"
)

// testCase is a text that a model might have written from fields of a sheet of the demo corpus.
type testCase struct {
	ID      string            `json:"id"`
	Sheet   string            `json:"sheet"`
	Lang    language.Language `json:"lang"`
	Fields  []retrieval.Field `json:"fields"` // that it cites
	Writing language.Language `json:"writing"`
	Text    string            `json:"text"`
	Kind    string            `json:"kind"` // of a tampered text: what is wrong with it
}

// locked parts a third of the cases, by a hash of the id. Lists and rules were mended with the other two thirds in
// sight only.
func (c testCase) locked() bool { return sha256.Sum256([]byte(c.ID))[0]%3 == 0 }

func readCases(t testing.TB, name string) []testCase {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []testCase
	for in := bufio.NewScanner(file); in.Scan(); {
		var c testCase
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

type sheets map[string]map[language.Language]*retrieval.Sheet

func readSheets(t testing.TB) sheets {
	t.Helper()
	names, err := fs.Glob(corpus.Sheets(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	out := sheets{}
	for _, name := range names {
		content, err := fs.ReadFile(corpus.Sheets(), name)
		if err != nil {
			t.Fatal(err)
		}
		var list []*retrieval.Sheet
		if err := json.Unmarshal(content, &list); err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if out[s.ID] == nil {
				out[s.ID] = map[language.Language]*retrieval.Sheet{}
			}
			out[s.ID][s.Lang] = s
		}
	}
	return out
}

// check holds a case against its passages. With alone, the sheet of the other language is not at hand.
func (s sheets) check(t testing.TB, c testCase, alone bool) error {
	t.Helper()
	sheet, twin := s[c.Sheet][c.Lang], s[c.Sheet]["fr"]
	if c.Lang == "fr" {
		twin = s[c.Sheet]["ar"]
	}
	if sheet == nil {
		t.Fatalf("%s: no sheet %s in %s", c.ID, c.Sheet, c.Lang)
	}
	if alone {
		twin = nil
	}
	passages, numbers := passagesOf(sheet, twin, c.Fields)
	return Check(Draft{Text: Plain(c.Text), Passages: numbers}, c.Writing, passages)
}

// passagesOf numbers all fields of a sheet and names those that are cited.
func passagesOf(sheet, twin *retrieval.Sheet, cited []retrieval.Field) (passages []Passage, numbers []int) {
	passages = []Passage{{Field: Title, Lang: sheet.Lang, Text: names(sheet), Twin: names(twin)}}
	for _, f := range retrieval.Fields {
		if !sheet.Has(f) {
			continue
		}
		p := Passage{Field: string(f), Lang: sheet.Lang, Text: strings.Join(sheet.Values(f), "\n")}
		if twin != nil {
			p.Twin = strings.Join(twin.Values(f), "\n")
		}
		passages = append(passages, p)
		for _, want := range cited {
			if want == f {
				numbers = append(numbers, len(passages))
			}
		}
	}
	return passages, numbers
}

func names(sheet *retrieval.Sheet) string {
	if sheet == nil {
		return ""
	}
	return strings.Join(append([]string{sheet.Name(), sheet.Administration}, sheet.AlsoCalled...), "\n")
}

// share counts cases of one part that are as wanted.
type share struct{ wrong, all int }

func (s share) rate() float64 { return float64(s.wrong) / float64(max(s.all, 1)) }

// maxRefused is the share of honest texts that may be refused.
const maxRefused = 0.02

// maxRefusedFurther is the same for the small sets of some 40 to 60 texts: two may be refused.
const maxRefusedFurther = 0.05

func TestHonest(t *testing.T) {
	t.Parallel()
	sheets := readSheets(t)
	parts := map[bool]*share{true: {}, false: {}}
	writings := map[language.Language]*share{}
	for _, c := range readCases(t, "honest") {
		if writings[c.Writing] == nil {
			writings[c.Writing] = &share{}
		}
		parts[c.locked()].all++
		writings[c.Writing].all++
		if err := sheets.check(t, c, false); err != nil {
			parts[c.locked()].wrong++
			writings[c.Writing].wrong++
			if !c.locked() {
				t.Logf("%s refused (%v): %s", c.ID, err, c.Text)
			}
		}
	}
	for locked, s := range parts {
		t.Logf("locked %v: %d of %d refused, %.3f", locked, s.wrong, s.all, s.rate())
		if s.rate() > maxRefused {
			t.Errorf("locked %v: %.3f of the honest texts are refused, at most %.2f may be", locked, s.rate(), maxRefused)
		}
	}
	for w, s := range writings {
		t.Logf("%s: %d of %d refused", w, s.wrong, s.all)
	}
}

// further are sets that were written later, over other sheets, to see how the rules do on texts they were not made
// with. What they showed was mended, so they are no measure of it any more; the first looks stand in docs/generation.md.
var further = []string{"more", "fresh", "blind"}

func TestFurther(t *testing.T) {
	t.Parallel()
	sheets := readSheets(t)
	for _, set := range further {
		refused := share{}
		for _, c := range readCases(t, "honest_"+set) {
			refused.all++
			if err := sheets.check(t, c, false); err != nil {
				refused.wrong++
				t.Logf("%s refused (%v): %s", c.ID, err, c.Text)
			}
		}
		t.Logf("%s: %d of %d refused", set, refused.wrong, refused.all)
		if refused.rate() > maxRefusedFurther {
			t.Errorf("%s: %d of %d honest texts are refused", set, refused.wrong, refused.all)
		}
		for _, c := range readCases(t, "tampered_"+set) {
			if sheets.check(t, c, false) == nil || sheets.check(t, c, true) == nil {
				t.Errorf("%s, %s, is not caught: %s", c.ID, c.Kind, c.Text)
			}
		}
	}
}

func TestTampered(t *testing.T) {
	t.Parallel()
	sheets := readSheets(t)
	parts := map[bool]*share{true: {}, false: {}}
	for _, c := range readCases(t, "tampered") {
		parts[c.locked()].all++
		for _, alone := range []bool{false, true} {
			if sheets.check(t, c, alone) != nil {
				continue
			}
			parts[c.locked()].wrong++
			t.Errorf("a part is not caught, locked %v", c.locked())
			if !c.locked() {
				t.Errorf("%s, %s, is not caught: %s", c.ID, c.Kind, c.Text)
			}
			break
		}
	}
	for locked, s := range parts {
		t.Logf("locked %v: %d of %d passed", locked, s.wrong, s.all)
	}
}

func BenchmarkCheck(b *testing.B) {
	sheets := readSheets(b)
	cases := readCases(b, "honest")
	for i := 0; b.Loop(); i++ {
		_ = sheets.check(b, cases[i%len(cases)], false)
	}
}
