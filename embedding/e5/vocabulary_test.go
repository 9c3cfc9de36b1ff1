package e5

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

func smallModel(t testing.TB) *modelFile {
	t.Helper()
	f, err := parseModelFile(smallFile())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestVocabularyIndex(t *testing.T) {
	t.Parallel()
	v, err := newVocabulary(smallModel(t), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range v.index.sorted {
		got = append(got, string(v.piece(id)))
	}
	want := []string{"a", "ab", "b", "ba", "é", "\u2581", "\u2581a"}
	if !slices.Equal(got, want) {
		t.Errorf("pieces %q, want %q without the special ones", got, want)
	}
	if v.longest != 6 || v.unknownScore != -11-unknownPenalty {
		t.Errorf("longest piece %d bytes, unknown %g", v.longest, v.unknownScore)
	}
}

// TestNarrow finds every piece of the real vocabulary by its bytes.
func TestNarrow(t *testing.T) {
	t.Parallel()
	v := testEngine(t).tokenizer.vocabulary
	step := 1
	if underRace {
		step = 50
	}
	for id := 0; id < len(v.scores); id += step {
		piece := v.piece(uint32(id))
		if len(piece) == 0 || v.control(id) {
			continue
		}
		var s span
		for n := range piece {
			s = v.narrow(s, piece, n)
		}
		if s.lo >= s.hi || v.index.sorted[s.lo] != uint32(id) {
			t.Fatalf("piece %d %q: span %+v", id, piece, s)
		}
	}
}

func TestIndexCache(t *testing.T) {
	t.Parallel()
	f := smallModel(t)
	path := filepath.Join(t.TempDir(), "new folder", "index")
	fresh, err := newVocabulary(f, path)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	index, ok := decodeIndex(f, whole)
	if !ok || !slices.Equal(index.sorted, fresh.index.sorted) || !slices.Equal(index.starts, fresh.index.starts) {
		t.Fatal("the cached index is not the one built")
	}
	for name, damaged := range map[string][]byte{
		"empty":      {},
		"cut":        whole[:len(whole)-4],
		"one byte":   whole[:len(whole)-1],
		"longer":     append(slices.Clone(whole), 0, 0, 0, 0),
		"other form": append([]byte("e5vocab0"), whole[8:]...),
		"one bit":    flip(whole, len(whole)-3),
		"digest":     flip(whole, 20),
	} {
		if _, ok := decodeIndex(f, damaged); ok {
			t.Errorf("%s: taken for an index", name)
		}
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := newVocabulary(f, path)
		if err != nil || !slices.Equal(again.index.sorted, fresh.index.sorted) {
			t.Errorf("%s: index not built anew, %v", name, err)
		}
		if healed, _ := os.ReadFile(path); !bytes.Equal(healed, whole) {
			t.Errorf("%s: cache not written anew", name)
		}
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("%d files left in the cache folder", len(names))
	}
}

func flip(data []byte, at int) []byte {
	data = slices.Clone(data)
	data[at] ^= 4
	return data
}

// TestIndexOfAnotherVocabulary: the digest covers the pieces too.
func TestIndexOfAnotherVocabulary(t *testing.T) {
	t.Parallel()
	f := smallModel(t)
	v, err := newVocabulary(f, "")
	if err != nil {
		t.Fatal(err)
	}
	cached := encodeIndex(f, v.index)
	other := *f
	other.text = flip(f.text, 1)
	if _, ok := decodeIndex(&other, cached); ok {
		t.Error("the index of another vocabulary is taken")
	}
	v.index.sorted[0] = 1000
	if _, ok := decodeIndex(f, encodeIndex(f, v.index)); ok {
		t.Error("an index that leads out of the vocabulary is taken")
	}
}

// TestIndexCacheUnwritable: without a place for the cache the engine works.
func TestIndexCacheUnwritable(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newVocabulary(smallModel(t), filepath.Join(blocked, "index")); err != nil {
		t.Error(err)
	}
}

// TestOpenTogether: engines opened at once on one empty cache all work, and the
// next start reads what they left.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	o := testOptions(t)
	o.CacheDir = t.TempDir()
	want := testEngine(t).Tokens("Quels documents ? بطاقة")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			e, err := Open(o)
			if err != nil {
				t.Error(err)
				return
			}
			defer e.Close()
			if got := e.Tokens("Quels documents ? بطاقة"); !slices.Equal(got, want) {
				t.Errorf("tokens %v, want %v", got, want)
			}
		})
	}
	wg.Wait()
	path := filepath.Join(o.CacheDir, indexFile)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the next start wrote the cache again (%v)", err)
	}
	if got := e.Tokens("Quels documents ? بطاقة"); !slices.Equal(got, want) {
		t.Errorf("tokens %v from the cache, want %v", got, want)
	}
}
