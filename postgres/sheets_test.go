package postgres

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/ingest"
	"murshid/language"
	"murshid/retrieval"
)

var smallModel = ingest.Model{ID: "small", Dim: 4}

// change is a sheet with passages of these texts.
func change(id string, fee string, texts ...string) ingest.Change {
	c := ingest.Change{Sheet: retrieval.Sheet{Corpus: "main", ID: id, Lang: "fr", Title: "Titre", Fee: fee},
		Digest: ingest.Digest{1, byte(len(fee))}, Model: smallModel}
	for i, text := range texts {
		digest := ingest.Digest{}
		copy(digest[:], text)
		c.Passages = append(c.Passages, ingest.Embedded{Digest: digest, Vector: []float32{1, 0, 0, float32(i)},
			Passage: retrieval.Passage{Kind: retrieval.KindSection, Section: "s", Ordinal: i, Text: text}})
	}
	return c
}

func save(t testing.TB, db *DB, c ingest.Change) {
	t.Helper()
	if err := db.SaveSheet(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, db *DB, id string) ingest.Stored {
	t.Helper()
	stored, err := db.FindSheet(t.Context(), ingest.Key{ID: id, Lang: "fr"}, smallModel)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestSaveSheet(t *testing.T) {
	t.Parallel()
	db := open(t)
	if got := find(t, db, "a"); got.Exists || got.Corpus != "" {
		t.Errorf("nothing saved: %+v", got)
	}
	first := change("a", "", "one", "two", "three")
	first.Sheet.AskedAs = []retrieval.Phrasing{{Lang: "ary", Text: "بغيت"}}
	save(t, db, first)
	stored := find(t, db, "a")
	if !stored.Exists || stored.Corpus != "main" || stored.Digest != first.Digest || len(stored.Texts) != 3 || stored.Shipped {
		t.Errorf("stored %+v", stored)
	}
	first.Sheet.No = stored.Sheet.No
	if diff := cmp.Diff(first.Sheet, stored.Sheet); diff != "" {
		t.Errorf("sheet (-want +got):\n%s", diff)
	}
	rows := func() string {
		return scalar[string](t, db, "SELECT string_agg(ordinal || text || embedding::text, ' ' ORDER BY ordinal) FROM passages")
	}
	before := scalar[string](t, db, "SELECT ctid::text || xmin FROM passages WHERE text = 'one'")

	second := change("a", "2 DH", "one", "new", "two")
	second.Was, second.Passages[0].Vector, second.Passages[2].Vector = first.Digest, nil, nil
	save(t, db, second)
	if got, want := rows(), "0one[1,0,0,0] 1new[1,0,0,1] 2two[1,0,0,1]"; got != want {
		t.Errorf("passages %s, want %s", got, want)
	}
	if after := scalar[string](t, db, "SELECT ctid::text || xmin FROM passages WHERE text = 'one'"); after != before {
		t.Error("a passage that stayed was written anew")
	}
	if got := find(t, db, "a"); got.Sheet.Fee != "2 DH" || got.Sheet.No != stored.Sheet.No {
		t.Errorf("sheet %+v", got.Sheet)
	}
}

func TestSaveSheetKeepsHistory(t *testing.T) {
	t.Parallel()
	db := open(t)
	history := func() []string {
		return scalar[[]string](t, db, `SELECT array_agg(version || coalesce(data ->> 'fee', data ->> 'title', 'removed') ORDER BY version) FROM sheet_versions`)
	}
	c := change("a", "1 DH", "x")
	save(t, db, c)
	again := change("a", "1 DH", "x") // only the model's vectors are new
	again.Was, again.Digest = c.Digest, ingest.Digest{9}
	save(t, db, again)
	next := change("a", "22 DH", "x")
	next.Was = again.Digest
	save(t, db, next)
	if _, err := db.RemoveSheets(t.Context(), ingest.Removal{Corpus: "main", Keep: func(ingest.Key) bool { return false }}); err != nil {
		t.Fatal(err)
	}
	save(t, db, change("a", "22 DH", "x"))
	want := []string{"11 DH", "222 DH", "3removed", "422 DH"}
	if got := history(); !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
	if v := scalar[int](t, db, "SELECT version FROM sheets"); v != 4 {
		t.Errorf("version %d", v)
	}
}

func TestSaveSheetObjects(t *testing.T) {
	t.Parallel()
	db := open(t)
	c := change("a", "1 DH", "x")
	save(t, db, c)

	foreign := change("a", "1 DH", "x")
	foreign.Sheet.Corpus, foreign.Sheet.Lang = "other", "ar"
	if err := db.SaveSheet(t.Context(), foreign); !errors.Is(err, ingest.ErrForeign) {
		t.Errorf("foreign: %v", err)
	}
	stale := change("a", "2 DH", "x")
	stale.Was = ingest.Digest{7}
	if err := db.SaveSheet(t.Context(), stale); !errors.Is(err, ingest.ErrRaced) {
		t.Errorf("changed since: %v", err)
	}
	if err := db.SaveSheet(t.Context(), change("a", "33 DH", "x")); !errors.Is(err, ingest.ErrRaced) {
		t.Errorf("inserted since: %v", err)
	}
	gone := change("a", "4 DH", "y")
	gone.Was, gone.Passages[0].Vector = c.Digest, nil
	if err := db.SaveSheet(t.Context(), gone); !errors.Is(err, ingest.ErrRaced) {
		t.Errorf("kept passage gone: %v", err)
	}
	wrong := change("b", "", "x", "y")
	wrong.Passages[1].Vector = []float32{1}
	wrong.Passages[1].Digest = wrong.Passages[0].Digest
	if err := db.SaveSheet(t.Context(), wrong); err == nil {
		t.Error("one passage twice: no error")
	}
	if got := scalar[string](t, db, "SELECT string_agg(id || (data ->> 'fee'), ' ') FROM sheets"); got != "a1 DH" {
		t.Errorf("something of it was stored: %s", got)
	}
	if n := scalar[int](t, db, "SELECT count(*) FROM procedures"); n != 1 {
		t.Errorf("%d procedures", n)
	}
}

// Several ingests at once neither lock each other up nor lose a sheet.
func TestSaveSheetAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	saved := 0
	for range 8 {
		group.Go(func() {
			for _, lang := range []language.Language{"fr", "ar"} {
				for i := range 20 {
					c := change(string(rune('a'+i)), "1 DH", "x", "y")
					c.Sheet.Lang = lang
					err := db.SaveSheet(context.Background(), c)
					mu.Lock()
					if err == nil {
						saved++
					} else if !errors.Is(err, ingest.ErrRaced) {
						t.Error(err)
					}
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if n := scalar[int](t, db, "SELECT count(*) FROM sheets"); n != 40 || saved != 40 {
		t.Errorf("%d sheets, %d saved", n, saved)
	}
}

func TestSheetsInOrder(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, id := range []string{"b", "a", "é", "B"} {
		save(t, db, change(id, "", "x"))
	}
	sheets, err := db.Sheets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range sheets {
		ids = append(ids, s.ID)
		if s.No == 0 || s.Corpus != "main" {
			t.Errorf("sheet %+v", s)
		}
	}
	if want := []string{"B", "a", "b", "é"}; !slices.Equal(ids, want) {
		t.Errorf("order %q, want %q", ids, want)
	}
}
