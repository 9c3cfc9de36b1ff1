package e5

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"murshid/embedding"
)

// TestClose: work under way ends well or with ErrClosed, later work is refused,
// and nothing touches the file's memory afterwards.
func TestClose(t *testing.T) {
	t.Parallel()
	e, err := Open(testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	started := make(chan struct{}, 4)
	for range 4 {
		wg.Go(func() {
			started <- struct{}{}
			for {
				vectors, err := e.Embed(t.Context(), embedding.Passage, []string{"un", "deux", "trois"})
				if errors.Is(err, ErrClosed) && vectors == nil {
					return
				}
				if err != nil || len(vectors) != 3 {
					t.Errorf("got %d vectors, %v", len(vectors), err)
					return
				}
			}
		})
	}
	for range 4 {
		<-started
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := e.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := e.Embed(t.Context(), embedding.Question, []string{"a"}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if got := e.Tokens("a"); got != nil {
		t.Errorf("tokens after Close: %v", got)
	}
}

func TestOpenNamesWhatRuns(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	if m := e.Model(); m.ID != "multilingual-e5-small-q4" || m.Dim != 384 {
		t.Errorf("Model() = %+v", m)
	}
	if got, want := e.Kernels(), kernelSets()[0].name; got != want {
		t.Errorf("Kernels() = %q, want the best set %q", got, want)
	}
	if got := e.scheduler.threads; got != runtime.GOMAXPROCS(0) {
		t.Errorf("%d threads, want GOMAXPROCS", got)
	}
}
