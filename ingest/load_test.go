package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/corpus"
	"murshid/ingest"
	"murshid/retrieval"
)

func TestLoadAgain(t *testing.T) {
	t.Parallel()
	embedder := &toy{}
	in := &ingest.Ingester{Store: openStore(t), Embedder: embedder}
	first := []string{sheetLine("a", "fr", "1 DH"), sheetLine("a", "ar", "1 DH"), sheetLine("b", "fr", "2 DH")}

	got := load(t, in, ingest.Options{}, lines(t, first...))
	if diff := cmp.Diff(ingest.Summary{Read: 3, Inserted: 3}, got); diff != "" {
		t.Errorf("first load (-want +got):\n%s", diff)
	}
	if n := len(embedder.taken()); n != 12 {
		t.Errorf("%d texts embedded, want 12", n)
	}
	got = load(t, in, ingest.Options{}, lines(t, first...))
	if diff := cmp.Diff(ingest.Summary{Read: 3, Unchanged: 3}, got); diff != "" {
		t.Errorf("same again (-want +got):\n%s", diff)
	}
	if texts := embedder.taken(); texts != nil {
		t.Errorf("embedded again: %q", texts)
	}
	first[2] = sheetLine("b", "fr", "3 DH")
	got = load(t, in, ingest.Options{}, lines(t, first...))
	if diff := cmp.Diff(ingest.Summary{Read: 3, Updated: 1, Unchanged: 2}, got); diff != "" {
		t.Errorf("one changed (-want +got):\n%s", diff)
	}
	if texts := embedder.taken(); !slices.Equal(texts, []string{"Titre de b. 3 DH"}) {
		t.Errorf("embedded: %q", texts)
	}
}

func TestLoadReplace(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	in := &ingest.Ingester{Store: db, Embedder: &toy{}}
	stored := func() string {
		sheets, err := db.Sheets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, s := range sheets {
			keys = append(keys, s.Corpus+"/"+s.ID+"/"+string(s.Lang))
		}
		return strings.Join(keys, " ")
	}
	load(t, in, ingest.Options{Corpus: "x"}, lines(t, sheetLine("other", "fr", "")))
	all := []string{sheetLine("a", "fr", ""), sheetLine("a", "ar", ""), sheetLine("b", "fr", ""), sheetLine("c", "fr", "")}
	load(t, in, ingest.Options{}, lines(t, all...))
	replace := ingest.Options{Replace: true}

	// b is broken, c has a wrong type, the Arabic a is gone, d is new.
	got := load(t, in, replace, lines(t, all[0], `{"id":"b","lang":"fr",`, `{"id":"c","lang":"fr","title":{}}`, sheetLine("d", "fr", "")))
	want := ingest.Summary{Read: 4, Inserted: 1, Unchanged: 1, Removed: 1, Rejected: 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := stored(), "main/a/fr main/b/fr main/c/fr main/d/fr x/other/fr"; got != want {
		t.Errorf("stored %s, want %s", got, want)
	}
	// Nothing goes when the rest of a file is lost, or when no record was good.
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte("["+sheetLine("a", "fr", "")+", {\"id\":"), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := ingest.Paths(broken)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []ingest.Source{source, lines(t, "nothing")} {
		if got := load(t, in, replace, s); got.Removed != 0 || got.Rejected != 1 {
			t.Errorf("broken input: %+v", got)
		}
	}
	// An input that says plainly that there is nothing empties the corpus.
	if got := load(t, in, replace, lines(t)); got.Removed != 4 {
		t.Errorf("empty input: %+v", got)
	}
	if got := stored(); got != "x/other/fr" {
		t.Errorf("stored %s", got)
	}
	// Then its ids are free for another corpus.
	if got := load(t, in, ingest.Options{Corpus: "x"}, lines(t, all[0])); got.Inserted != 1 {
		t.Errorf("freed id: %+v", got)
	}
}

func TestLoadRejects(t *testing.T) {
	t.Parallel()
	in := &ingest.Ingester{Store: openStore(t), Embedder: &toy{}}
	load(t, in, ingest.Options{Corpus: "x"}, lines(t, sheetLine("taken", "fr", "")))
	var reports []string
	var progress []int
	o := ingest.Options{
		Progress: func(done int) { progress = append(progress, done) },
		Rejected: func(r ingest.RejectionError) {
			r.File = filepath.Base(r.File)
			reports = append(reports, r.Error())
		},
	}
	got := load(t, in, o, lines(t, "\ufeff"+sheetLine("a", "fr", ""), "", sheetLine("a", "fr", "again")+"\r",
		sheetLine("taken", "ar", ""), "not json", "\xff", `[1]`, sheetLine("b", "fr", "")))
	if diff := cmp.Diff(ingest.Summary{Read: 7, Inserted: 2, Rejected: 5}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	slices.Sort(reports)
	want := []string{
		"sheets.jsonl:3: a in fr stands twice in the input",
		"sheets.jsonl:4: the id belongs to another corpus: x",
		"sheets.jsonl:5: not JSON: invalid character 'o' in literal null (expecting 'u')",
		"sheets.jsonl:6: not valid UTF-8",
		"sheets.jsonl:7: not a JSON object",
	}
	if diff := cmp.Diff(want, reports); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
	if !slices.Equal(progress, []int{1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("progress %v", progress)
	}
}

// What was saved before a stop stays, is counted, and is announced.
func TestLoadStopped(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	embedded := 0
	e := &toy{before: func(context.Context) error {
		if embedded++; embedded == 30 {
			stop()
		}
		return nil
	}}
	summary, err := (&ingest.Ingester{Store: db, Embedder: e}).Load(ctx, ingest.Options{Workers: 1}, lines(t, manySheets(50)...))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(err.Error(), fmt.Sprintf("%d saved before", summary.Inserted)) {
		t.Errorf("error %v", err)
	}
	if n := wholeSheets(t, db); n != summary.Inserted || n == 0 || n > 6 {
		t.Errorf("%d sheets stored, %+v", n, summary)
	}
	summary = load(t, &ingest.Ingester{Store: db, Embedder: &toy{}}, ingest.Options{}, lines(t, manySheets(50)...))
	if summary.Unchanged+summary.Inserted != 50 || summary.Unchanged == 0 {
		t.Errorf("after the stop: %+v", summary)
	}
}

// An embedder that fails ends the load; it is not the record's fault.
func TestLoadEmbedderFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	e := &toy{before: func(context.Context) error { return broken }}
	var rejected []ingest.RejectionError
	o := ingest.Options{Rejected: func(r ingest.RejectionError) { rejected = append(rejected, r) }}
	summary, err := (&ingest.Ingester{Store: openStore(t), Embedder: e}).Load(t.Context(), o, lines(t, sheetLine("a", "fr", "")))
	if !errors.Is(err, broken) || rejected != nil || summary.Inserted != 0 {
		t.Errorf("error %v, rejected %v, %+v", err, rejected, summary)
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	old := &ingest.Ingester{Store: db, Embedder: &toy{}}
	load(t, old, ingest.Options{Shipped: true, Corpus: "demo", Version: "1"}, lines(t, manySheets(20)...))
	next := &toy{id: "2", dim: 16}
	in := &ingest.Ingester{Store: db, Embedder: next}
	for i, want := range []ingest.Summary{{Updated: 20}, {Unchanged: 20}} {
		got, err := in.Refresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got.Seconds = 0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("refresh %d (-want +got):\n%s", i, diff)
		}
		if n := len(next.taken()); n != 7*want.Updated {
			t.Errorf("refresh %d embedded %d texts", i, n)
		}
	}
	near, err := db.Vectors(next.Model()).Nearest(t.Context(), nearTo(toyVector("Titre 7", 16)))
	if err != nil || len(near) != 1 || near[0].Raw < .999 || near[0].Kind != retrieval.KindTitle {
		t.Errorf("nearest %v, %v", near, err)
	}
	if gone, err := db.Vectors(old.Embedder.Model()).Nearest(t.Context(), nearTo(toyVector("Titre 7", 8))); err != nil || len(gone) != 0 {
		t.Errorf("passages of the old model: %v, %v", gone, err)
	}
	stored, err := db.FindSheet(t.Context(), ingest.Key{ID: "p1", Lang: "fr"}, next.Model())
	if err != nil || !stored.Shipped {
		t.Errorf("a refresh counts as an edit: %v", err)
	}
}

// A newer binary brings its sheets, except where somebody edited them.
func TestLoadShipped(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	in := &ingest.Ingester{Store: db, Embedder: &toy{}}
	shipped := func(version string) ingest.Options {
		return ingest.Options{Corpus: "demo", Replace: true, Shipped: true, Version: version}
	}
	load(t, in, shipped("1"), lines(t, sheetLine("a", "fr", "1 DH"), sheetLine("b", "fr", "1 DH"), sheetLine("gone", "fr", "1 DH"), sheetLine("kept", "fr", "1 DH")))
	load(t, in, ingest.Options{Corpus: "demo"}, lines(t, sheetLine("a", "fr", "edited"), sheetLine("kept", "fr", "edited")))
	got := load(t, in, shipped("2"), lines(t, sheetLine("a", "fr", "2 DH"), sheetLine("b", "fr", "2 DH")))
	if diff := cmp.Diff(ingest.Summary{Read: 2, Updated: 1, Unchanged: 1, Removed: 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	fees := map[string]string{}
	sheets, err := db.Sheets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sheets {
		fees[s.ID] = s.Fee
	}
	if diff := cmp.Diff(map[string]string{"a": "edited", "b": "2 DH", "kept": "edited"}, fees); diff != "" {
		t.Errorf("fees (-want +got):\n%s", diff)
	}
	corpora, err := db.Corpora(t.Context())
	if err != nil || len(corpora) != 1 || corpora[0].Version != "2" || corpora[0].Sheets != 3 {
		t.Errorf("corpora %+v, %v", corpora, err)
	}
}

// One load makes one announcement, and only when something changed.
func TestLoadAnnounces(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = db.Run(ctx)
	}()
	signals := make(chan struct{}, 100)
	cancel := db.WatchSheets(func() { signals <- struct{}{} })
	t.Cleanup(func() {
		cancel()
		stop()
		<-ended
	})
	<-signals // the listener's own first one
	in := &ingest.Ingester{Store: db, Embedder: &toy{}}
	for _, want := range []int{1, 0} {
		load(t, in, ingest.Options{}, lines(t, manySheets(20)...))
		time.Sleep(200 * time.Millisecond)
		if n := len(signals); n != want {
			t.Errorf("%d announcements, want %d", n, want)
		}
		for len(signals) > 0 {
			<-signals
		}
	}
}

// The demo corpus loads from its shipped vectors; only what was edited since they were made is embedded.
func TestLoadDemo(t *testing.T) {
	t.Parallel()
	source, err := ingest.FS(corpus.Sheets())
	if err != nil {
		t.Fatal(err)
	}
	shipped, missed, found := corpus.ShippedVectors(), 0, 0
	in := &ingest.Ingester{Store: openStore(t), Embedder: engine(t), Precomputed: func(model, kind, text string) ([]float32, bool) {
		vector, ok := shipped.Find(model, kind, text)
		if found++; !ok {
			missed++
		}
		return vector, ok
	}}
	o := ingest.Options{Corpus: corpus.Name, Workers: 1, Rejected: func(r ingest.RejectionError) { t.Error(r) }}
	got := load(t, in, o, source)
	if diff := cmp.Diff(ingest.Summary{Read: 270, Inserted: 270}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if missed*10 > found {
		t.Errorf("%d of %d passages have no shipped vector: make them anew", missed, found)
	}
}

// nearTo asks for the one passage nearest to a vector.
func nearTo(vector []float32) retrieval.Near {
	return retrieval.Near{Vector: vector, Centred: vector, Count: 1}
}
