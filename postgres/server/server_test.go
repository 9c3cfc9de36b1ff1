//go:build linux

package server_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"murshid/postgres/server"
)

// What was written stays from one start to the next, and the last user leaves
// no process behind.
func TestStartStopStart(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	first := acquire(t, dir)
	do(t, first, "CREATE TABLE kept AS SELECT 7 AS n")
	release(t, first)
	if left := living(dir); len(left) != 0 {
		t.Fatalf("%d processes after Release", len(left))
	}
	second := acquire(t, dir)
	if n := ask[int](t, second, "SELECT n FROM kept"); n != 7 {
		t.Errorf("read %d after a new start, wrote 7", n)
	}
	release(t, second)
	release(t, second) // a second call does nothing
	if _, err := pgx.ConnectConfig(t.Context(), second.Config("postgres")); err == nil {
		t.Error("a released server let a connection in")
	}
}

// The data folder is for its owner: no network, no trust, no readable secret.
func TestClosedToOthers(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	s := acquire(t, dir)
	if got := ask[string](t, s, "SHOW listen_addresses"); got != "" {
		t.Errorf("listens on %q", got)
	}
	for _, name := range []string{"password", "postgres.log", "lock.start", "lock.users", "lock.server"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	c := s.Config("postgres")
	for _, wrong := range []string{"", "wrong"} {
		c.Password = wrong
		if conn, err := pgx.ConnectConfig(t.Context(), c); err == nil {
			conn.Close(t.Context())
			t.Errorf("password %q opened the database", wrong)
		}
	}
	info, err := os.Stat(fmt.Sprintf("/proc/%d", postmaster(t, dir)))
	if err != nil {
		t.Fatal(err)
	}
	if info.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Error("postgres runs as root")
	}
	for name, want := range map[string]string{"jit": "off", "max_connections": "40", "max_wal_size": "1GB", "min_wal_size": "80MB"} {
		if got := ask[string](t, s, "SHOW "+name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// The configuration serves pools too, and a query can be cancelled by request.
func TestPool(t *testing.T) {
	t.Parallel()
	s := acquire(t, dataDir(t))
	c, err := pgxpool.ParseConfig("")
	if err != nil {
		t.Fatal(err)
	}
	c.ConnConfig = s.Config("postgres")
	pool, err := pgxpool.NewWithConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	cancel := time.AfterFunc(200*time.Millisecond, func() {
		if err := conn.Conn().PgConn().CancelRequest(context.Background()); err != nil {
			t.Error(err)
		}
	})
	defer cancel.Stop()
	_, err = conn.Exec(t.Context(), "SELECT pg_sleep(20)")
	if no, ok := errors.AsType[*pgconn.PgError](err); !ok || no.Code != "57014" {
		t.Errorf("a cancelled query ended with %v", err)
	}
}

// Two folders are two installations, at the same time.
func TestTwoFolders(t *testing.T) {
	t.Parallel()
	one, two := acquire(t, dataDir(t)), acquire(t, dataDir(t))
	do(t, one, "CREATE TABLE mine AS SELECT 1 AS n")
	do(t, two, "CREATE TABLE mine AS SELECT 2 AS n")
	if a, b := ask[int](t, one, "SELECT n FROM mine"), ask[int](t, two, "SELECT n FROM mine"); a != 1 || b != 2 {
		t.Errorf("read %d and %d, wrote 1 and 2", a, b)
	}
	if one.Config("x").Password == two.Config("x").Password {
		t.Error("both have the same password")
	}
}

// Users of one folder share one server, which goes with the last of them.
func TestLastUserStops(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	one, two := acquire(t, dir), acquire(t, dir)
	pid := postmaster(t, dir)
	if !server.Used(dir) {
		t.Error("nobody uses the folder, it says")
	}
	release(t, one)
	if postmaster(t, dir) != pid || ask[int](t, two, "SELECT 1") != 1 {
		t.Error("the server went before its last user")
	}
	release(t, two)
	if left := living(dir); len(left) != 0 {
		t.Errorf("%d processes after the last user", len(left))
	}
	if server.Used(dir) {
		t.Error("somebody uses the folder, it says")
	}
}

// Whoever is interrupted while starting leaves nothing behind, and the next
// start works, from the first moment to the last.
func TestCancelledStart(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	for _, after := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		s, err := server.Acquire(ctx, options(t, dir))
		cancel()
		if err == nil {
			release(t, s)
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled after %v: %v", after, err)
		}
		if left, _ := remains(dir); len(left) != 0 {
			t.Errorf("cancelled after %v: %d processes are left", after, len(left))
		}
	}
	acquire(t, dir)
}

// A lost password file is replaced; a wrong one is named.
func TestLostPassword(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	s := acquire(t, dir)
	do(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	release(t, s)
	file := filepath.Join(dir, "password")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s = acquire(t, dir)
	if n := ask[int](t, s, "SELECT n FROM kept"); n != 7 {
		t.Errorf("read %d", n)
	}
	release(t, s)
	if err := os.WriteFile(file, []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Acquire(t.Context(), options(t, dir)); !errors.Is(err, server.ErrPassword) {
		t.Errorf("a wrong password: %v", err)
	}
}

// A copy of the folder, made by cp, is an installation too: its files may
// belong to root and be open to all.
func TestCopiedFolder(t *testing.T) {
	t.Parallel()
	dir, copied := dataDir(t), dataDir(t)
	s := acquire(t, dir)
	do(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	release(t, s)
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(copied, "pg"), 0o755); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, acquire(t, copied), "SELECT n FROM kept"); n != 7 {
		t.Errorf("read %d from the copy", n)
	}
}

// The environment of the operator must not lead connections astray.
func TestEnvironmentDoesNotMatter(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "example.org", "PGUSER": "somebody", "PGDATABASE": "elsewhere", "PGPASSWORD": "wrong",
		"PGOPTIONS": "-c nonsense=1", "PGSSLMODE": "verify-full", "PGTARGETSESSIONATTRS": "standby", "PGPORT": "1",
	} {
		t.Setenv(name, value)
	}
	if got := ask[string](t, acquire(t, dataDir(t)), "SELECT current_user::text"); got != server.User {
		t.Errorf("connected as %s", got)
	}
}

// The log does not grow for ever, and does not hold what people wrote.
func TestLog(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	s := acquire(t, dir)
	do(t, s, "CREATE TABLE once (word text PRIMARY KEY); INSERT INTO once VALUES ('secret-word')")
	if _, err := connect(t, s).Exec(t.Context(), "INSERT INTO once VALUES ('secret-word')"); err == nil {
		t.Fatal("a duplicate went in")
	}
	release(t, s)
	file := filepath.Join(dir, "postgres.log")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "duplicate key") || strings.Contains(string(text), "secret-word") {
		t.Errorf("the log should name the error and not the value: %s", text)
	}
	if err := os.Truncate(file, 11<<20); err != nil {
		t.Fatal(err)
	}
	release(t, acquire(t, dir))
	now, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.Stat(file + ".1")
	if err != nil {
		t.Fatal(err)
	}
	if now.Size() > 1<<20 || old.Size() != 1<<20 {
		t.Errorf("the log has %d bytes, the old one %d", now.Size(), old.Size())
	}
}
