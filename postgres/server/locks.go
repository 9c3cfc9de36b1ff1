//go:build linux

package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The three lock files. No pid is ever trusted alone: the kernel drops these
// locks whatever way a process ends.
const (
	lockStart  = "lock.start"  // exclusive while one process starts or stops the server
	lockUsers  = "lock.users"  // shared by every process that uses the server
	lockServer = "lock.server" // inherited by initdb and postgres: held while any process of the cluster lives
)

// startWait is how long one process waits for the start or stop of another.
const startWait = 120 * time.Second

// lock is an open lock file.
type lock struct{ file *os.File }

func (f *folder) lock(name string) (*lock, error) {
	file, err := f.open(name, 0)
	if err != nil {
		return nil, err
	}
	return &lock{file}, nil
}

// try takes the lock, or reports false when somebody else holds it.
func (l *lock) try(how int) (bool, error) {
	for {
		switch err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB); err {
		case nil:
			return true, nil
		case syscall.EWOULDBLOCK:
			return false, nil
		case syscall.EINTR:
		default:
			return false, fmt.Errorf("lock %s: %w", l.file.Name(), err)
		}
	}
}

// wait takes the lock, or returns ErrBusy after limit.
func (l *lock) wait(ctx context.Context, how int, limit time.Duration) error {
	end := time.Now().Add(limit)
	for {
		taken, err := l.try(how)
		if err != nil || taken {
			return err
		}
		if time.Now().After(end) {
			return ErrBusy
		}
		if err := pause(ctx, 3*time.Millisecond); err != nil {
			return err
		}
	}
}

// Close drops the lock, unless another process inherited it.
func (l *lock) Close() error { return l.file.Close() }

// pause sleeps, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Used reports whether any process uses the private server of a data folder at
// this moment. A server without a user is an orphan that the next Acquire
// adopts and the Release after it stops.
func Used(dir string) bool {
	for _, name := range []string{lockStart, lockUsers} {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return false
		}
		l := lock{file}
		defer l.Close() // holding lock.start, we mislead nobody who leaves
		if free, err := l.try(syscall.LOCK_EX); err != nil || !free {
			return err == nil
		}
	}
	return false
}
