package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"murshid/ingest"
)

func TestCorpora(t *testing.T) {
	t.Parallel()
	db := open(t)
	corpora := func() []Corpus {
		t.Helper()
		all, err := db.Corpora(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := corpora(); len(got) != 0 {
		t.Errorf("nothing loaded: %+v", got)
	}
	finish := func(f ingest.Finish) {
		t.Helper()
		f.Model = smallModel
		if err := db.FinishLoad(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	save(t, db, change("a", "", "x"))
	arabic := change("a", "", "x")
	arabic.Sheet.Lang = "ar"
	save(t, db, arabic)
	save(t, db, change("b", "", "x"))
	finish(ingest.Finish{Corpus: "main", Changed: true})
	finish(ingest.Finish{Corpus: "demo", Version: "v1"})
	finish(ingest.Finish{Corpus: "demo"})
	finish(ingest.Finish{}) // of no corpus
	want := []Corpus{{Name: "demo", Version: "v1"}, {Name: "main", Procedures: 2, Sheets: 3}}
	ignore := cmpopts.IgnoreTypes(time.Time{})
	if diff := cmp.Diff(want, corpora(), ignore); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	keep := func(k ingest.Key) bool { return k.ID == "a" && k.Lang == "ar" }
	removed, err := db.RemoveSheets(t.Context(), ingest.Removal{Corpus: "main", Keep: keep})
	if err != nil || removed != 2 {
		t.Errorf("removed %d, %v", removed, err)
	}
	want[1].Procedures, want[1].Sheets = 1, 1
	if diff := cmp.Diff(want, corpora(), ignore); diff != "" {
		t.Errorf("after removal (-want +got):\n%s", diff)
	}
	if n := scalar[int](t, db, "SELECT count(*) FROM passages"); n != 1 {
		t.Errorf("%d passages of one sheet with one", n)
	}
	// An emptied corpus is still one that was loaded.
	if _, err := db.RemoveSheets(t.Context(), ingest.Removal{Corpus: "main", Keep: func(ingest.Key) bool { return false }}); err != nil {
		t.Fatal(err)
	}
	want[1].Procedures, want[1].Sheets = 0, 0
	if diff := cmp.Diff(want, corpora(), ignore); diff != "" {
		t.Errorf("emptied (-want +got):\n%s", diff)
	}
}
