package generation

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"murshid/corpus"
	"murshid/grounding"
	"murshid/language"
	"murshid/retrieval"
)

// tampered is a text that says something else than its sheet.
type tampered struct {
	ID      string            `json:"id"`
	Sheet   string            `json:"sheet"`
	Lang    language.Language `json:"lang"`
	Fields  []retrieval.Field `json:"fields"`
	Writing language.Language `json:"writing"`
	Text    string            `json:"text"`
}

// A model that lies does not reach a person: every tampered text comes over the wire, and none gets through.
func TestTamperedOverTheWire(t *testing.T) {
	t.Parallel()
	sheets := demoSheets(t)
	count := 0
	for _, set := range []string{"tampered", "tampered_more", "tampered_fresh"} {
		for _, c := range readTampered(t, set) {
			count++
			r, cited := requestOf(sheets[c.Sheet+" "+string(c.Lang)], c)
			reply, err := json.Marshal(map[string]any{"text": c.Text, "passages": cited})
			if err != nil {
				t.Fatal(err)
			}
			s := newServer(t, says(string(reply), "stop"))
			d, err := s.composer(t, nil).Compose(t.Context(), r)
			s.Close()
			if err == nil && grounding.Check(d, r.Writing, r.Passages) == nil {
				t.Errorf("%s reaches a person: %s", c.ID, d.Text)
			}
		}
	}
	if count < 200 {
		t.Errorf("only %d tampered texts", count)
	}
}

func readTampered(t *testing.T, name string) (out []tampered) {
	t.Helper()
	file, err := os.Open("../grounding/testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for in := bufio.NewScanner(file); in.Scan(); {
		var c tampered
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// demoSheets are the sheets of the demo corpus by id and language.
func demoSheets(t *testing.T) map[string]*retrieval.Sheet {
	t.Helper()
	out := map[string]*retrieval.Sheet{}
	err := fs.WalkDir(corpus.Sheets(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(corpus.Sheets(), name)
		if err != nil {
			return err
		}
		var sheets []*retrieval.Sheet
		if err := json.Unmarshal(content, &sheets); err != nil {
			return err
		}
		for _, s := range sheets {
			out[s.ID+" "+string(s.Lang)] = s
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func requestOf(sheet *retrieval.Sheet, c tampered) (r grounding.Request, cited []int) {
	r = grounding.Request{Question: "?", Writing: c.Writing,
		Passages: []grounding.Passage{{Field: grounding.Title, Lang: sheet.Lang, Text: sheet.Name()}}}
	for _, f := range retrieval.Fields {
		if !sheet.Has(f) {
			continue
		}
		r.Passages = append(r.Passages, grounding.Passage{Field: string(f), Lang: sheet.Lang, Text: strings.Join(sheet.Values(f), "\n")})
		for _, want := range c.Fields {
			if want == f {
				cited = append(cited, len(r.Passages))
			}
		}
	}
	return r, cited
}
