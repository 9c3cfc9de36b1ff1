//go:build linux

package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"

	"murshid/postgres/server"
	"murshid/postgres/server/servertest"
)

// The test binary also plays the other processes that share a data folder.
const roleVariable = "MURSHID_SERVER_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv("WEAK") != "" {
		weaken()
	}
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "use":
		os.Exit(play(use))
	case "hold":
		os.Exit(play(hold))
	}
}

// weaken runs this binary again as the root of a container, who may not look
// into the processes of others.
func weaken() {
	runtime.LockOSThread()
	err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_SYS_PTRACE, 0, 0, 0)
	if err == nil {
		err = os.Unsetenv("WEAK")
	}
	if err == nil {
		err = syscall.Exec("/proc/self/exe", os.Args, os.Environ())
	}
	fmt.Println(err)
	os.Exit(1)
}

// fast are settings for tests; none of them looks at what a loss of power does.
var fast = map[string]string{"fsync": "off", "shared_buffers": "16MB"}

// play acquires the server of the folder in the environment, acts, and leaves.
func play(act func(*server.Server) error) int {
	s, err := server.Acquire(context.Background(), server.Options{
		Dir: os.Getenv("DIR"), Binaries: os.Getenv("BIN"), Settings: fast,
	})
	if err == nil {
		err = act(s)
		if left := s.Release(); err == nil {
			err = left
		}
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// use writes a row and reads for as long as HOLD says.
func use(s *server.Server) error {
	fmt.Println("ready")
	d, err := time.ParseDuration(os.Getenv("HOLD"))
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(context.Background(), s.Config("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), "SELECT pg_sleep($1)", d.Seconds())
	return err
}

// hold keeps the server until our input ends.
func hold(s *server.Server) error {
	fmt.Println("ready")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// process is another process that uses a data folder.
type process struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// launch starts another process; change may give it another user.
func launch(t *testing.T, role, dir string, change func(*exec.Cmd)) *process {
	t.Helper()
	c := exec.Command("/proc/self/exe")
	c.Env = append(os.Environ(), roleVariable+"="+role, "DIR="+dir, "BIN="+servertest.Binaries(t), "HOLD=200ms")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Stderr = os.Stderr
	if change != nil {
		change(c)
	}
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{c, in, bufio.NewReader(out)}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	return p
}

// ready waits until the other process has its server.
func (p *process) ready(t *testing.T) {
	t.Helper()
	if said := p.line(); said != "ready" {
		t.Fatalf("another process: %s", said)
	}
}

func (p *process) line() string {
	s, _ := p.out.ReadString('\n')
	return strings.TrimSpace(s)
}

// end lets a holding process go and waits for it.
func (p *process) end(t *testing.T) {
	t.Helper()
	p.in.Close()
	rest, _ := io.ReadAll(p.out)
	if err := p.Wait(); err != nil {
		t.Fatalf("another process: %v: %s", err, rest)
	}
}

// kill ends it the hard way.
func (p *process) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// dataDir is a folder below one that only we may enter, with a path too long
// for a socket. At the end no process of its cluster may live.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.Repeat("a-long-name-", 10), "data")
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		left, held := remains(dir)
		if len(left) != 0 || held {
			t.Errorf("%d processes of the cluster are left", len(left))
			for _, pid := range left {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	})
	return dir
}

// living are the processes that work in the cluster's folder.
func living(dir string) []int {
	var found []int
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range all {
		if at, err := os.Readlink(proc + "/cwd"); err == nil && strings.HasPrefix(at, filepath.Join(dir, "pg")) {
			pid, _ := strconv.Atoi(filepath.Base(proc))
			found = append(found, pid)
		}
	}
	return found
}

// remains are the processes of a cluster and whether its lock is held, once they had time to end. A test that forks
// at the same moment holds our locks for a blink, too, until its child is another program.
func remains(dir string) (left []int, held bool) {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left, held = living(dir), !free(filepath.Join(dir, "lock.server"))
		if len(left) == 0 && !held || time.Now().After(deadline) {
			return left, held
		}
	}
}

// free reports that no process holds a lock file.
func free(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// options are those of most tests.
func options(t *testing.T, dir string) server.Options {
	t.Helper()
	return server.Options{Dir: dir, Binaries: servertest.Binaries(t), Settings: fast}
}

// acquire starts or adopts the server of a folder until the test ends.
func acquire(t *testing.T, dir string) *server.Server {
	t.Helper()
	s, err := server.Acquire(t.Context(), options(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { release(t, s) })
	return s
}

func release(t *testing.T, s *server.Server) {
	t.Helper()
	if err := s.Release(); err != nil {
		t.Error(err)
	}
}

// connect opens a connection to the database postgres until the test ends.
func connect(t *testing.T, s *server.Server) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.Config("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// ask returns the one value a query yields.
func ask[T any](t *testing.T, s *server.Server, sql string) T {
	t.Helper()
	var v T
	if err := connect(t, s).QueryRow(t.Context(), sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// do runs statements.
func do(t *testing.T, s *server.Server, sql string) {
	t.Helper()
	if _, err := connect(t, s).Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// postmaster is the server's first process.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "pg/postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(b), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// needRoot skips a test that only root can run.
func needRoot(t *testing.T, command string) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	t.Skip("needs root; run: " + command) // mounting and changing users are root's alone
}
