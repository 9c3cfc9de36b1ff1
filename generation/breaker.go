package generation

import (
	"sync"
	"time"
)

// outcome is what a call says of the endpoint.
type outcome uint8

const (
	unknown outcome = iota
	worked
	failed
)

// breaker leaves an endpoint alone after several failures in a row; after a rest it lets one call through to see.
type breaker struct {
	most int           // failures in a row
	rest time.Duration // how long the endpoint is left alone
	now  func() time.Time

	mu       sync.Mutex
	failures int
	until    time.Time // left alone until then
	trying   bool      // one call is on its way to see
}

// resting reports whether a call would be refused.
func (b *breaker) resting() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now().Before(b.until)
}

// allow reports whether a call may be made. Each call that it allows must be followed by note.
func (b *breaker) allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.now().Before(b.until):
		return false
	case b.failures < b.most:
		return true
	case b.trying:
		return false
	}
	b.trying = true
	return true
}

// note takes in how a call went, and how long the endpoint asked to be left alone.
func (b *breaker) note(o outcome, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	switch o {
	case worked:
		b.failures = 0
	case failed:
		b.failures++
	}
	if o == failed && b.failures >= b.most {
		wait = max(wait, b.rest)
	}
	if until := b.now().Add(wait); wait > 0 && until.After(b.until) {
		b.until = until
	}
}
