package e5

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"murshid/embedding"
)

// take acquires and fails the test when that is refused.
func take(t *testing.T, s *scheduler, kind embedding.Kind) int {
	t.Helper()
	n, err := s.acquire(t.Context(), kind, maxThreads)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSchedulerThreads(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		threads int
		grants  []int // of requests that come one after another
	}{
		{1, []int{1}},
		{2, []int{2}},
		{3, []int{2, 1}},
		{4, []int{2, 1, 1}},
		{8, []int{2, 2, 1, 1, 1, 1}},
	} {
		s := newScheduler(test.threads)
		var got []int
		for s.free > 0 {
			got = append(got, take(t, s, embedding.Question))
		}
		if !slices.Equal(got, test.grants) {
			t.Errorf("%d threads: granted %v, want %v", test.threads, got, test.grants)
		}
	}
	if s := newScheduler(2); take(t, s, embedding.Question) != 2 {
		t.Error("an idle machine gives one thread")
	} else if s.release(1); take(t, s, embedding.Question) != 1 {
		t.Error("a busy machine gives two threads")
	}
}

// TestSchedulerCrowded: for a while after threads had to wait, one must do; the
// while grows until a pass on two goes well.
func TestSchedulerCrowded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(2)
		granted := func() int {
			n := take(t, s, embedding.Question)
			s.release(n)
			return n
		}
		for _, pause := range []time.Duration{shortestPause, 2 * shortestPause, 4 * shortestPause} {
			s.report(true)
			time.Sleep(pause - time.Millisecond)
			before := granted()
			time.Sleep(2 * time.Millisecond)
			if after := granted(); before != 1 || after != 2 {
				t.Errorf("%d threads within %v, %d after", before, pause, after)
			}
		}
		for range 20 {
			s.report(true)
		}
		time.Sleep(longestPause + time.Millisecond)
		if granted() != 2 {
			t.Error("the pause grows without end")
		}
		s.report(false)
		s.report(true)
		time.Sleep(shortestPause + time.Millisecond)
		if granted() != 2 {
			t.Error("a good pass does not shorten the pause")
		}
	})
}

// TestSchedulerOrder: questions first, each kind in order of arrival.
func TestSchedulerOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(1)
		take(t, s, embedding.Passage)
		var order []string
		for _, r := range []struct {
			name string
			kind embedding.Kind
		}{{"p1", embedding.Passage}, {"p2", embedding.Passage}, {"q1", embedding.Question}, {"other", 7}, {"q2", embedding.Question}} {
			go func() {
				n := take(t, s, r.kind)
				order = append(order, r.name) // one thread: one at a time
				s.release(n)
			}()
			synctest.Wait()
		}
		s.release(1)
		synctest.Wait()
		if want := []string{"q1", "q2", "p1", "p2", "other"}; !slices.Equal(order, want) {
			t.Errorf("order %v, want %v", order, want)
		}
		if s.free != 1 {
			t.Errorf("%d threads free at the end", s.free)
		}
	})
}

// TestSchedulerCancel: who leaves the line takes no thread along.
func TestSchedulerCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(1)
		take(t, s, embedding.Question)
		ctx, cancel := context.WithCancel(t.Context())
		var err error
		go func() { _, err = s.acquire(ctx, embedding.Question, 1) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(err, context.Canceled) || len(s.waiting[embedding.Question]) != 0 {
			t.Errorf("left with %v, %d still wait", err, len(s.waiting[embedding.Question]))
		}
		s.release(1)
		if take(t, s, embedding.Question) != 1 {
			t.Error("the thread is lost")
		}
	})
}

// TestSchedulerLeaveGranted: a ticket granted at the moment its owner gives up
// goes to the next.
func TestSchedulerLeaveGranted(t *testing.T) {
	t.Parallel()
	s := newScheduler(1)
	take(t, s, embedding.Question)
	late := &ticket{ready: make(chan struct{})}
	s.waiting[embedding.Question] = []*ticket{late}
	s.release(1)
	if late.threads != 1 || s.free != 0 {
		t.Fatalf("granted %d, %d free", late.threads, s.free)
	}
	s.leave(embedding.Question, late)
	if s.free != 1 {
		t.Errorf("%d threads free after the ticket is given back", s.free)
	}
}

func TestSchedulerClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(1)
		take(t, s, embedding.Question)
		var err error
		go func() { _, err = s.acquire(t.Context(), embedding.Passage, 1) }()
		synctest.Wait()
		s.close()
		synctest.Wait()
		if !errors.Is(err, ErrClosed) {
			t.Errorf("the one who waited got %v", err)
		}
		if _, err := s.acquire(t.Context(), embedding.Question, 1); !errors.Is(err, ErrClosed) {
			t.Errorf("the one who came got %v", err)
		}
		s.release(1)
		if s.free != 1 {
			t.Errorf("%d threads free at the end", s.free)
		}
	})
}

// TestSchedulerCrowd: under cancellations and both kinds, no more threads are
// out than there are, and all come back.
func TestSchedulerCrowd(t *testing.T) {
	t.Parallel()
	const threads = 3
	s := newScheduler(threads)
	var mu sync.Mutex
	out := 0
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			r := random(uint64(g))
			for range 300 {
				ctx, cancel := context.WithCancel(t.Context())
				if r.IntN(3) == 0 {
					go cancel()
				}
				n, err := s.acquire(ctx, embedding.Kind(r.IntN(2)), 1+r.IntN(2))
				if err == nil {
					mu.Lock()
					if out += n; out > threads {
						t.Errorf("%d threads out", out)
					}
					mu.Unlock()
					mu.Lock()
					out -= n
					mu.Unlock()
					s.release(n)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if s.free != threads {
		t.Errorf("%d of %d threads came back", s.free, threads)
	}
}
