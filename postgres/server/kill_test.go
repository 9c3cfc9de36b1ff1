//go:build linux

package server_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server"
)

// Whatever is killed, the next Acquire finds what was committed.
func TestKilled(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(t *testing.T, dir string, user *process){
		"binary": func(t *testing.T, dir string, user *process) {
			pid := postmaster(t, dir)
			user.kill()
			acquire(t, dir)
			if postmaster(t, dir) != pid {
				t.Error("the orphan was not adopted")
			}
		},
		"postmaster": func(t *testing.T, dir string, user *process) {
			kill9(t, postmaster(t, dir))
			acquire(t, dir)
		},
		"backend": func(t *testing.T, dir string, user *process) {
			s := acquire(t, dir)
			kill9(t, int(ask[int32](t, s, "SELECT pg_backend_pid()")))
		},
		"binary and postmaster": func(t *testing.T, dir string, user *process) {
			pid := postmaster(t, dir)
			user.kill()
			kill9(t, pid)
		},
		"postmaster under a busy backend": func(t *testing.T, dir string, user *process) {
			s := acquire(t, dir)
			busy := connect(t, s)
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = busy.Exec(context.Background(), "SELECT count(*) FROM generate_series(1, 500000000)")
			}()
			time.Sleep(100 * time.Millisecond)
			kill9(t, postmaster(t, dir))
			began := time.Now()
			acquire(t, dir)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took over after %v", took)
			}
			<-done
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := dataDir(t)
			user := launch(t, "hold", dir, nil)
			user.ready(t)
			do(t, acquireBriefly(t, dir), "CREATE TABLE kept AS SELECT 7 AS n; CHECKPOINT; INSERT INTO kept VALUES (8)")
			kill(t, dir, user)
			if n := eventually(t, acquire(t, dir), "SELECT sum(n)::int FROM kept"); n != 15 {
				t.Errorf("read %d after the kill, committed 15", n)
			}
			if user.ProcessState == nil {
				user.end(t)
			}
		})
	}
}

// acquireBriefly is a user that leaves before the test kills anything.
func acquireBriefly(t *testing.T, dir string) *server.Server {
	t.Helper()
	s, err := server.Acquire(t.Context(), options(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { release(t, s) })
	return s
}

// eventually asks until sessions are let in again: after the loss of a backend
// the server recovers for a moment.
func eventually(t *testing.T, s *server.Server, sql string) (n int) {
	t.Helper()
	var err error
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var conn *pgx.Conn
		if conn, err = pgx.ConnectConfig(t.Context(), s.Config("postgres")); err != nil {
			continue
		}
		err = conn.QueryRow(t.Context(), sql).Scan(&n)
		conn.Close(t.Context())
		if err == nil {
			return n
		}
	}
	t.Fatal(err)
	return 0
}

func kill9(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// A postmaster.pid of long ago may name a process that lives, even one of the
// server's own user, which PostgreSQL by itself takes for another postmaster.
func TestStalePidFile(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	release(t, acquire(t, dir))
	info, err := os.Stat(filepath.Join(dir, "pg"))
	if err != nil {
		t.Fatal(err)
	}
	st := info.Sys().(*syscall.Stat_t)
	foreign := exec.Command("sleep", "60")
	if os.Geteuid() == 0 {
		foreign.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
	}
	if err := foreign.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = foreign.Process.Kill()
		_ = foreign.Wait()
	}()
	lines := fmt.Sprintf("%d\n%s\n%d\n5432\n.\n\n", foreign.Process.Pid, filepath.Join(dir, "pg"), time.Now().Unix())
	if err := os.WriteFile(filepath.Join(dir, "pg/postmaster.pid"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s := acquire(t, dir)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("started after %v", took)
	}
	release(t, s)
	if err := foreign.Process.Signal(syscall.Signal(0)); err != nil {
		t.Error("the foreign process was ended")
	}
}

// Twelve processes come and go, every fourth dies the hard way: none of the
// others may fail, and nothing may be left.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	random := rand.New(rand.NewPCG(1, 2))
	var all sync.WaitGroup
	for n := range 12 {
		wait := time.Duration(random.IntN(1500)) * time.Millisecond
		life := time.Duration(random.IntN(600)) * time.Millisecond
		all.Go(func() {
			time.Sleep(wait)
			p := launch(t, "use", dir, nil)
			if n%4 == 3 {
				time.Sleep(life)
				p.kill()
				return
			}
			said, _ := io.ReadAll(p.out)
			if err := p.Wait(); err != nil {
				t.Errorf("process %d: %v: %s", n, err, said)
			}
		})
	}
	all.Wait()
	// The last user may be one that was killed; the next command ends its orphan.
	release(t, acquire(t, dir))
}

// Ctrl-C reaches every process of the terminal's group; the server is not of it.
func TestInterruptedGroup(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	first := launch(t, "hold", dir, nil)
	first.ready(t)
	pid := postmaster(t, dir)
	group, err := syscall.Getpgid(first.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	s := acquire(t, dir)
	if err := syscall.Kill(-group, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	time.Sleep(100 * time.Millisecond)
	if postmaster(t, dir) != pid || ask[int](t, s, "SELECT 1") != 1 {
		t.Error("Ctrl-C ended the server of another user")
	}
}
