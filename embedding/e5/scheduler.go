package e5

import (
	"context"
	"sync"
	"time"

	"murshid/embedding"
)

// scheduler hands out threads: two when the machine is idle, one when it is
// busy. Waiting questions go before waiting passages, each in order of arrival.
type scheduler struct {
	mu      sync.Mutex
	threads int // all there are
	free    int
	closed  bool
	alone   time.Time     // until then every request gets one thread only
	pause   time.Duration // how long that is the next time
	waiting [2][]*ticket  // by embedding.Kind
}

// ticket is a request that waits. ready is closed when it is decided.
type ticket struct {
	ready   chan struct{}
	threads int
	err     error
}

func newScheduler(threads int) *scheduler {
	threads = max(1, threads)
	return &scheduler{threads: threads, free: threads, pause: shortestPause}
}

// acquire waits for a thread and returns how many it got, at most most; give
// them back with release. It returns ErrClosed, or the context's error.
func (s *scheduler) acquire(ctx context.Context, kind embedding.Kind, most int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return 0, ErrClosed
	}
	if s.free > 0 { // then nobody waits
		n := s.grant(most)
		s.mu.Unlock()
		return n, nil
	}
	t := &ticket{ready: make(chan struct{})}
	line := queue(kind)
	s.waiting[line] = append(s.waiting[line], t)
	s.mu.Unlock()

	select {
	case <-t.ready:
		return t.threads, t.err
	case <-ctx.Done():
		s.leave(line, t)
		return 0, ctx.Err()
	}
}

// queue is the line a kind waits in; unknown kinds wait with the passages.
func queue(kind embedding.Kind) embedding.Kind {
	return min(kind, embedding.Passage)
}

// grant takes free threads: two while more than half of them are free and
// nobody else crowds the machine.
func (s *scheduler) grant(most int) int {
	n := 1
	if s.free >= maxThreads && 2*s.free > s.threads && time.Now().After(s.alone) {
		n = min(most, maxThreads)
	}
	s.free -= n
	return n
}

// How long requests get one thread after two had to wait for each other: the
// longer, the more often that happens in a row.
const (
	shortestPause = 20 * time.Millisecond
	longestPause  = 640 * time.Millisecond
)

// report tells how a pass on two threads went. When other programs hold the
// processors (crowded), two threads are slower than one.
func (s *scheduler) report(crowded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !crowded {
		s.pause = shortestPause
		return
	}
	s.alone = time.Now().Add(s.pause)
	s.pause = min(2*s.pause, longestPause)
}

// release gives threads back to whoever waits first.
func (s *scheduler) release(threads int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free += threads
	for line := range s.waiting {
		for s.free > 0 && len(s.waiting[line]) > 0 {
			t := s.waiting[line][0]
			s.waiting[line] = s.waiting[line][1:]
			s.free--
			t.threads = 1
			close(t.ready)
		}
	}
}

// leave takes a ticket back that is no longer wanted.
func (s *scheduler) leave(line embedding.Kind, t *ticket) {
	s.mu.Lock()
	for i, other := range s.waiting[line] {
		if other == t {
			s.waiting[line] = append(s.waiting[line][:i], s.waiting[line][i+1:]...)
			s.mu.Unlock()
			return
		}
	}
	s.mu.Unlock()
	s.release(t.threads) // granted, or refused, at the same moment
}

// close refuses all who wait and all who come. Those at work are not waited for.
func (s *scheduler) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for line := range s.waiting {
		for _, t := range s.waiting[line] {
			t.err = ErrClosed
			close(t.ready)
		}
		s.waiting[line] = nil
	}
}
