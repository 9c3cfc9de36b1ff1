package ingest

import (
	"testing"

	"murshid/retrieval"
)

func TestSheetDigest(t *testing.T) {
	t.Parallel()
	s := retrieval.Sheet{ID: "x", Lang: "fr", Title: "T", No: 1, Corpus: "main"}
	digest := func(s retrieval.Sheet, m Model) Digest {
		d, err := sheetDigest(s, m, retrieval.Passages(&s))
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
