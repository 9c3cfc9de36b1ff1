//go:build linux

package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// answerWait is how long a server may take to answer: recovery after a kill
// replays up to max_wal_size. It is below startWait, so that others who wait
// for this start outlast it.
const answerWait = 100 * time.Second

// errKilled means that the server was killed while it was starting.
var errKilled = fmt.Errorf("killed while starting: %w", ErrUnreachable)

// errSlow means that the server is there and may still become ready.
var errSlow = fmt.Errorf("waited for %v: %w", answerWait, ErrUnreachable)

// ensure starts or adopts the server; afterwards it answers.
func (s *Server) ensure(ctx context.Context) error {
	start, err := s.folder.lock(lockStart)
	if err != nil {
		return err
	}
	defer start.Close()
	if err := start.wait(ctx, syscall.LOCK_EX, startWait); err != nil {
		return err
	}
	if s.users == nil {
		if s.users, err = s.folder.lock(lockUsers); err != nil {
			return err
		}
		if err := s.users.wait(ctx, syscall.LOCK_SH, startWait); err != nil {
			return err
		}
	}
	for attempt := 1; ; attempt++ {
		err := s.attempt(ctx)
		if !errors.Is(err, errKilled) || attempt == 3 {
			return err
		}
	}
}

// attempt opens the server's lock anew each time: the processes of a killed
// start may still share the one we opened for them.
func (s *Server) attempt(ctx context.Context) error {
	began := time.Now()
	alive, err := s.folder.lock(lockServer)
	if err != nil {
		return err
	}
	defer alive.Close()
	adopted, err := s.adopt(ctx, alive)
	if err != nil {
		return err
	}
	if !adopted {
		if err := s.start(ctx, alive); err != nil {
			return err
		}
		s.log.Info("private PostgreSQL started", "took", time.Since(began))
	}
	s.mu.Lock()
	s.life, _ = s.cluster.postmaster()
	s.mu.Unlock()
	return nil
}

// adopt waits until the server answers, or until nothing of it lives: then we
// hold its lock and adopt reports false.
func (s *Server) adopt(ctx context.Context, alive *lock) (bool, error) {
	var orphans absence
	for end := time.Now().Add(answerWait); ; {
		s.reap()
		free, err := alive.try(syscall.LOCK_EX)
		if err != nil || free {
			return false, err
		}
		err = s.greet(ctx)
		if final(err) {
			return true, err
		}
		if c := s.cluster; c != nil {
			if _, present := c.postmaster(); orphans.long(present) {
				c.killRest()
			}
		}
		if time.Now().After(end) {
			return false, fmt.Errorf("%w (%w)", errSlow, err)
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return false, err
		}
	}
}

// start creates what is missing and starts postgres. We hold the server's lock.
func (s *Server) start(ctx context.Context, alive *lock) error {
	log, err := s.folder.log()
	if err != nil {
		return err
	}
	defer log.file.Close()
	if err := s.folder.trim(log); err != nil {
		return meaning(err)
	}
	at, err := s.site(alive, log)
	if err != nil {
		return err
	}
	if !s.folder.exists() {
		if err := at.create(ctx); err != nil {
			return fmt.Errorf("create the cluster: %w", err)
		}
	}
	if err := at.tidy(); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	if _, err := s.folder.root.Stat(passwordFile); errors.Is(err, fs.ErrNotExist) {
		if err := at.renew(s.cluster); err != nil {
			return err
		}
	}
	return s.launch(ctx, at)
}

// site settles who runs which binaries.
func (s *Server) site(alive *lock, log *serverLog) (*site, error) {
	who, err := serverAccount(s.folder)
	if err != nil {
		return nil, err
	}
	bin, err := binaries(s.options, who)
	if err != nil {
		return nil, err
	}
	return &site{s.folder, alive, log, bin, who, s.options.Settings}, nil
}

// launch starts postgres and waits until it answers. The child inherits the
// server's lock and keeps it, with all its own children, until the last ends.
func (s *Server) launch(ctx context.Context, at *site) error {
	path := filepath.Join(at.binaries, "postgres")
	c := command(at.server, at.log, path, arguments(s.cluster.name(), at.settings)...)
	c.ExtraFiles = []*os.File{s.cluster.dir, at.alive.file}
	at.log.mark()
	if err := c.Start(); err != nil {
		return execMeaning(err, path)
	}
	s.child = c.Process.Pid
	if err := c.Process.Release(); err != nil { // reap collects it
		return err
	}
	for end := time.Now().Add(answerWait); ; {
		err := s.greet(ctx)
		if final(err) {
			return err
		}
		if how, ended := s.reap(); ended && how.Signaled() {
			return errKilled
		} else if ended {
			return s.folder.reason(at.log)
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w (%w)", errSlow, err)
		}
		if err := pause(ctx, 4*time.Millisecond); err != nil {
			return err
		}
	}
}

// reap collects our child when it has ended.
func (s *Server) reap() (syscall.WaitStatus, bool) {
	how, ended := reap(s.child)
	if ended {
		s.child = 0
	}
	return how, ended
}
