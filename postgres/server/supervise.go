//go:build linux

package server

import (
	"context"
	"errors"
	"net"
	"time"
)

const (
	watchEvery = 200 * time.Millisecond
	trimEvery  = time.Minute
	mostPause  = 5 * time.Second // between two attempts to bring the server back
)

// Supervise keeps the server alive: when it is gone (killed, or ended by a full
// disk) it is acquired again, with growing pauses while that does not succeed.
// After each return of the server onRestart is called, because every session
// is lost; nil is allowed. Supervise blocks until ctx is done or the Server is
// released, and then returns nil.
func (s *Server) Supervise(ctx context.Context, onRestart func()) error {
	trimmed := time.Now()
	for pause(ctx, watchEvery) == nil {
		if s.same() {
			if time.Since(trimmed) > trimEvery {
				s.trim()
				trimmed = time.Now()
			}
			continue
		}
		if s.released() {
			return nil
		}
		if !s.revive(ctx) {
			return nil
		}
		if onRestart != nil {
			onRestart()
		}
	}
	return nil
}

// same reports whether the server is still in the life we know.
func (s *Server) same() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.cluster == nil {
		return false
	}
	now, alive := s.cluster.postmaster()
	if s.life != (life{}) {
		return alive && now == s.life
	}
	// A server that we adopted without seeing its process, as in another
	// container: all we can tell is whether somebody listens.
	conn, err := net.Dial("unix", s.cluster.path(socketFile))
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said on it
	return true
}

func (s *Server) released() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.cluster == nil
}

// revive acquires the server again until that succeeds. It reports false when
// ctx ended or the Server was released meanwhile.
func (s *Server) revive(ctx context.Context) bool {
	s.log.Warn("private PostgreSQL is gone, starting it again")
	var told error
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, mostPause) {
		err := s.again(ctx)
		switch {
		case err == nil:
			return true
		case ctx.Err() != nil, errors.Is(err, errReleased):
			return false
		case !sameReason(err, told):
			s.log.Error("private PostgreSQL does not come back", "disk_full", errors.Is(err, ErrDiskFull), "error", err)
			told = err
		}
		if pause(ctx, wait) != nil {
			return false
		}
	}
}

var errReleased = errors.New("released")

// again takes the same steps as Acquire; our share in the server stays ours.
func (s *Server) again(ctx context.Context) error {
	s.change.Lock()
	defer s.change.Unlock()
	if s.released() {
		return errReleased
	}
	return s.ensure(ctx)
}

// sameReason compares two failures by what a person would do about them.
func sameReason(a, b error) bool {
	if b == nil {
		return false
	}
	return errors.Is(a, ErrDiskFull) == errors.Is(b, ErrDiskFull)
}

// trim cuts the server's log while it runs.
func (s *Server) trim() {
	s.change.Lock()
	defer s.change.Unlock()
	if s.folder == nil {
		return
	}
	log, err := s.folder.log()
	if err == nil {
		err = errors.Join(s.folder.trim(log), log.file.Close())
	}
	if err != nil {
		s.log.Warn("cut postgres.log", "error", err)
	}
}
