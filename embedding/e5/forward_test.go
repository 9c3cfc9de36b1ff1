package e5

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"murshid/embedding"
)

// randomIDs is a window of words without meaning.
func randomIDs(r *rand.Rand, n int) []int32 {
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(4 + r.IntN(240000))
	}
	return ids
}

// vectorOf runs one window.
func vectorOf(t *testing.T, e *Engine, ids []int32, threads int) []float32 {
	t.Helper()
	w := e.workspaces.take(len(ids))
	defer e.workspaces.put(w)
	e.forward(w, ids, threads)
	var p pooling
	p.add(w.x, len(ids))
	vector, err := p.unit()
	if err != nil {
		t.Fatal(err)
	}
	return vector
}

// TestForwardLengths: one thread or two give the same bits, and every set comes
// close to the plain Go kernels, for lengths around every tile and vector.
func TestForwardLengths(t *testing.T) {
	t.Parallel()
	lengths := []int{1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 50, 97, 512}
	longestPlain := 17 // the plain kernels are slow
	if underRace {
		longestPlain = 4
	}
	r := random(9)
	plain := withKernels(testEngine(t), genericKernels(), 2)
	windows := make([][]int32, len(lengths))
	for i, n := range lengths {
		windows[i] = randomIDs(r, n)
	}
	want := map[int][]float32{}
	for _, set := range kernelSets() {
		e := withKernels(testEngine(t), set, 2)
		for i, n := range lengths {
			if set.name == plain.kernels.name && n > longestPlain {
				continue
			}
			one, two := vectorOf(t, e, windows[i], 1), vectorOf(t, e, windows[i], 2)
			if !slices.Equal(one, two) {
				t.Errorf("%s, %d tokens: two threads give other bits than one", set.name, n)
			}
			if want[n] == nil {
				want[n] = one
			}
			if c := cosine(one, want[n]); c < .9995 {
				t.Errorf("%s, %d tokens: cosine %.6f with %s", set.name, n, c, kernelSets()[0].name)
			}
		}
	}
}

// TestEmbedConcurrent: vectors are the same bits whoever else is at work.
func TestEmbedConcurrent(t *testing.T) {
	t.Parallel()
	e := withKernels(testEngine(t), kernelSets()[0], 3)
	texts := make([]string, 24)
	want := make([][]float32, len(texts))
	for i := range texts {
		texts[i] = fmt.Sprintf("question %d %s", i, slices.Repeat([]string{"بطاقة", "carte", "wra9"}, 1+i))
		want[i] = embedOne(t, e, embedding.Kind(i%2), texts[i])
	}
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			for k := range texts {
				i := (k*7 + g*5) % len(texts)
				got, err := e.Embed(t.Context(), embedding.Kind(i%2), []string{texts[i]})
				if err != nil || !slices.Equal(got[0], want[i]) {
					t.Errorf("text %d: other bits (%v)", i, err)
				}
			}
		})
	}
	wg.Wait()
	if s := e.scheduler; s.free != s.threads {
		t.Errorf("%d of %d threads are free at the end", s.free, s.threads)
	}
	if n := len(e.workspaces.free); n > 3 {
		t.Errorf("%d workspaces for 3 threads", n)
	}
}

func embedOne(t testing.TB, e *Engine, kind embedding.Kind, text string) []float32 {
	t.Helper()
	vectors, err := e.Embed(t.Context(), kind, []string{text})
	if err != nil || len(vectors) != 1 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	return vectors[0]
}
