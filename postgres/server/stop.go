//go:build linux

package server

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// leave stops the server when nobody else uses it.
func (s *Server) leave() error {
	if s.users == nil || s.cluster == nil {
		return nil
	}
	start, err := s.folder.lock(lockStart)
	if err != nil {
		return err
	}
	defer start.Close()
	if err := start.wait(context.Background(), syscall.LOCK_EX, startWait); err != nil {
		return err
	}
	last, err := s.users.try(syscall.LOCK_EX)
	if err != nil || !last {
		return err
	}
	if err := s.stop(); err != nil {
		return fmt.Errorf("stop the database: %w", err)
	}
	return nil
}

// stop ends the server: SIGINT at once, SIGQUIT after 20 s, SIGKILL after 25.
// SIGTERM would wait for sessions.
func (s *Server) stop() error {
	alive, err := s.folder.lock(lockServer)
	if err != nil {
		return err
	}
	defer alive.Close()
	var orphans absence
	var sent syscall.Signal
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		s.reap()
		free, err := alive.try(syscall.LOCK_EX)
		if err != nil {
			return err
		}
		past := time.Since(began)
		if free {
			s.log.Info("private PostgreSQL stopped", "took", past)
			return nil
		}
		now, present := s.cluster.postmaster()
		if sig := insistence(past); present && sig != sent {
			if err := syscall.Kill(now.pid, sig); errors.Is(err, syscall.EPERM) {
				return fmt.Errorf("signal the server: %w", err)
			}
			sent = sig
		}
		if orphans.long(present) {
			s.cluster.killRest()
		}
		if past > 30*time.Second {
			return ErrUnreachable
		}
	}
}

// insistence is the signal that is due after a time.
func insistence(past time.Duration) syscall.Signal {
	switch {
	case past < 20*time.Second:
		return syscall.SIGINT
	case past < 25*time.Second:
		return syscall.SIGQUIT
	}
	return syscall.SIGKILL
}
