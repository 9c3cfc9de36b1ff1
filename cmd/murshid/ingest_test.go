package main_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"murshid/assistant"
	"murshid/ingest"
	"murshid/web"
)

// foreign are sheets as other people write them.
var foreign = []string{
	`{"id":"peche","lang":"fr","title":"Carte de pêche sportive","fee":"130 DH","delay":"4 jours","documents":["Photo d'identité","Copie de la CIN"],"updated":"2026-01-31","colour":"blue","nested":{"a":[1]}}`,
	`{"id":"peche","lang":"ar","title":"رخصة الصيد الرياضي","fee":"130 درهم","delay":"4 أيام"}`,
	`{"id":"cantine","lang":"fr","title":"","sections":[{"heading":"Cantine scolaire municipale","text":"L'inscription se fait en mairie avant le 15 septembre."},{"heading":"Longue annexe","text":"` + strings.Repeat("Le règlement intérieur de la cantine précise les horaires. ", 350) + `"}]}`,
	`{"id":"ruche","lang":"fr","title":"D&eacute;claration de <b>ruches</b>","steps":"<p>Remplir&nbsp;le formulaire</p><script>x()</script>","fee":25,"contact":null}`,
	`{"id":"minimal","lang":"fr","title":"Autorisation de brocante"}`,
}

// bad are records that cannot be loaded, and what is said of them.
var bad = []struct{ record, reason string }{
	{`{"id":"nothing","lang":"fr"}`, "neither title nor sections"},
	{`{"lang":"fr","title":"sans identifiant"}`, "id is missing"},
	{`{"id":"nolang","title":"sans langue"}`, "lang is missing"},
	{`{"id":"type","lang":"fr","title":["liste"]}`, "title"},
	{`{"id":"object","lang":"fr","title":"x","documents":[{"a":1}]}`, "documents"},
	{`{"id":"cut","lang":"fr",`, "not JSON"},
	{`["id"]`, "object"},
	{"{\"id\":\"bytes\",\"lang\":\"fr\",\"title\":\"\xff\"}", "UTF-8"},
}

// load runs ingest and returns its summary.
func load(t *testing.T, status int, args ...string) (ingest.Summary, string) {
	t.Helper()
	r := murshid(t, append([]string{"ingest", "--json"}, args...)...)
	if r.status != status {
		t.Fatalf("ingest %q: status %d, want %d: %s", args, r.status, status, r.stderr)
	}
	return decode[ingest.Summary](t, r.stdout)[0], r.stderr
}

// counts are the figures of a summary without the time.
func counts(s ingest.Summary) string {
	return fmt.Sprintf("read %d, inserted %d, updated %d, unchanged %d, removed %d, rejected %d",
		s.Read, s.Inserted, s.Updated, s.Unchanged, s.Removed, s.Rejected)
}

func wantCounts(t *testing.T, s ingest.Summary, want string) {
	t.Helper()
	if got := counts(s); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// procedures are the ids that a search for k finds.
func procedures(t *testing.T, data, text string) []string {
	t.Helper()
	found := decode[web.SearchResult](t, must(t, "search", "--json", "--k", "1000", "--data", data, text))[0]
	var ids []string
	for _, h := range found.Hits {
		ids = append(ids, h.Procedure)
	}
	slices.Sort(ids)
	return ids
}

// Whose first act is ingest has exactly that corpus, whatever other people's sheets look like.
func TestIngestForeign(t *testing.T) {
	t.Parallel()
	data := newData(t)
	records := slices.Clone(foreign)
	for _, b := range bad {
		records = append(records, b.record)
	}
	file := writeFile(t, "sheets.jsonl", append(records, "")...)
	summary, said := load(t, 1, file, "--data", data)
	wantCounts(t, summary, "read 13, inserted 5, updated 0, unchanged 0, removed 0, rejected 8")
	for i, b := range bad {
		line := lineWith(said, fmt.Sprintf("%s:%d: ", file, len(foreign)+1+i))
		if !strings.Contains(line, b.reason) {
			t.Errorf("of the record %s it is said: %q", b.record, line)
		}
	}
	if got, want := procedures(t, data, "carte"), []string{"cantine", "minimal", "peche", "ruche"}; !slices.Equal(got, want) {
		t.Errorf("the installation holds %q, want %q", got, want)
	}
	a := decode[assistant.Answer](t, must(t, "ask", "--json", "--data", data, "Combien coûte la carte de pêche sportive ?"))[0]
	if a.Procedure != "peche" || a.Status != assistant.Answered || !strings.Contains(a.Text, "130 DH") {
		t.Errorf("%s from %s: %s", a.Status, a.Procedure, a.Text)
	}
	again, _ := load(t, 1, file, "--data", data)
	wantCounts(t, again, "read 13, inserted 0, updated 0, unchanged 5, removed 0, rejected 8")
	if again.Seconds > summary.Seconds+1 {
		t.Errorf("nothing to do took %.2f s, the load %.2f s", again.Seconds, summary.Seconds)
	}
}

func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

// Corpora stand beside each other; --replace removes from one what its input does not hold.
func TestIngestCorpora(t *testing.T) {
	t.Parallel()
	data := newData(t)
	folder := t.TempDir()
	writeIn(t, folder, "b/array.json", []byte("[\n"+foreign[0]+",\n"+foreign[1]+"]"))
	writeIn(t, folder, "a.jsonl", []byte("\ufeff"+foreign[3]))
	writeIn(t, folder, "c.jsonl.gz", zipped(t, foreign[4]))
	writeIn(t, folder, "notes.txt", []byte("not a sheet"))
	s, _ := load(t, 0, folder, "--data", data)
	wantCounts(t, s, "read 4, inserted 4, updated 0, unchanged 0, removed 0, rejected 0")

	one := writeFile(t, "one.json", strings.Replace(foreign[0], "130 DH", "150 DH", 1))
	s, _ = load(t, 0, "--data", data, one)
	wantCounts(t, s, "read 1, inserted 0, updated 1, unchanged 0, removed 0, rejected 0")

	other := writeFile(t, "other.jsonl", foreign[0], foreign[2])
	s, said := load(t, 1, "--corpus", "city", other, "--data", data, "--replace")
	wantCounts(t, s, "read 2, inserted 1, updated 0, unchanged 0, removed 0, rejected 1")
	if !strings.Contains(said, "another corpus") {
		t.Errorf("of another corpus's id it is said: %s", said)
	}
	s, _ = load(t, 0, "--replace", "--data", data, one)
	wantCounts(t, s, "read 1, inserted 0, updated 0, unchanged 1, removed 3, rejected 0")
	if got, want := procedures(t, data, "carte"), []string{"cantine", "peche"}; !slices.Equal(got, want) {
		t.Errorf("the installation holds %q, want %q", got, want)
	}
	s, _ = load(t, 0, "--demo", "--data", data)
	wantCounts(t, s, "read 270, inserted 270, updated 0, unchanged 0, removed 0, rejected 0")
	if got := procedures(t, data, "carte"); len(got) != 137 || !slices.Contains(got, "peche") {
		t.Errorf("beside the demo corpus the installation holds %d procedures", len(got))
	}
}

func writeIn(t *testing.T, folder, name string, content []byte) {
	t.Helper()
	file := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
