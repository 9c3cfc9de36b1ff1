//go:build linux

package server_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server"
)

// A full disk is told apart, and the server comes back when there is space.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	needRoot(t, "sudo go test -run TestDiskFull ./postgres/server/")
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("needs a root that may mount (%v); run outside a container: sudo go test -run TestDiskFull ./postgres/server/", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	dir := filepath.Join(disk, "data")
	s := acquire(t, dir)
	do(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	back, log := make(chan struct{}, 99), new(lines)
	ctx, cancel := context.WithCancel(t.Context())
	supervised, err := server.Acquire(ctx, withLog(options(t, dir), log))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- supervised.Supervise(ctx, func() { back <- struct{}{} }) }()
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	log.wait(t, "disk_full=true", func() { flood(s) })
	fill(t, ballast) // what the end of the server freed
	if _, err := server.Acquire(t.Context(), options(t, dir)); err == nil {
		t.Error("started on a full disk")
	} else if !strings.Contains(err.Error(), server.ErrDiskFull.Error()) {
		t.Errorf("a full disk is called: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	select {
	case <-back:
	case <-time.After(20 * time.Second):
		t.Fatal("the server did not come back after space was freed")
	}
	if n := eventually(t, s, "SELECT n FROM kept"); n != 7 {
		t.Errorf("read %d", n)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	release(t, supervised)
	release(t, s)
}

// flood writes to the write-ahead log alone until that fails. On a full disk
// the end of it is a PANIC; the server may recover from one and meet the next.
func flood(s *server.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, s.Config("postgres"))
	if err != nil {
		return
	}
	defer conn.Close(ctx)
	for err == nil {
		_, err = conn.Exec(ctx, "SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))")
	}
}

// fill writes until nothing is left of the disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size >= 1<<12; size >>= 1 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}

// lines collects what a Server logs.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// wait acts again and again until the log holds a text.
func (l *lines) wait(t *testing.T, want string, act func()) {
	t.Helper()
	var text string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		l.mu.Lock()
		text = l.text.String()
		l.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		act()
	}
	t.Fatalf("the log never said %q: %s", want, text)
}

func withLog(o server.Options, l *lines) server.Options {
	o.Log = slog.New(slog.NewTextHandler(l, nil))
	return o
}
