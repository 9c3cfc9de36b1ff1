package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// postgresOn lists the PostgreSQL processes of a data folder. They show the number of the folder's inode, as the
// folder itself cannot be read off a process everywhere.
func postgresOn(folder string) []int {
	info, err := os.Stat(filepath.Join(folder, "pg"))
	if err != nil {
		return nil
	}
	st := info.Sys().(*syscall.Stat_t)
	name := fmt.Sprintf("murshid-%x-%x", st.Dev, st.Ino)
	shown, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil
	}
	var found []int
	for _, file := range shown {
		line, err := os.ReadFile(file)
		if err != nil || !regexp.MustCompile("(cluster_name=|^postgres: )"+name+"[\x00:]").Match(line) {
			continue
		}
		if pid, err := strconv.Atoi(strings.Split(file, "/")[2]); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// service is a running `murshid serve`.
type service struct {
	url    string // http://HOST:PORT
	addr   string
	cmd    *exec.Cmd
	mu     sync.Mutex
	log    bytes.Buffer
	ended  chan struct{} // closed when the process is gone
	status int           // once ended
}

var portalLine = regexp.MustCompile(`portal +http://([^/\s]+)/`)

// startService starts the program and waits until it says that it is ready.
func startService(args ...string) (*service, error) {
	c := exec.Command(program, append([]string{"serve"}, args...)...)
	c.Env = environment()
	s := &service{cmd: c, ended: make(chan struct{})}
	stdout, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.Stderr = s
	if err := c.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go s.follow(stdout, ready)
	select {
	case s.addr = <-ready:
		s.url = "http://" + s.addr
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("serve ended with status %d: %s", s.status, s.output())
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		return nil, fmt.Errorf("serve is not ready after %s: %s", patience, s.output())
	}
}

// follow reads what the service prints until it is gone.
func (s *service) follow(stdout io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		_, _ = s.Write(append(lines.Bytes(), '\n'))
		if found := portalLine.FindStringSubmatch(lines.Text()); found != nil {
			ready <- found[1]
		}
	}
	_ = s.cmd.Wait() // its status says it
	s.status = s.cmd.ProcessState.ExitCode()
	close(s.ended)
}

// Write keeps what the service prints.
func (s *service) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *service) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// stop ends the service with a signal and waits until it is gone.
func (s *service) stop(sig syscall.Signal) error {
	if err := s.cmd.Process.Signal(sig); err != nil {
		return err
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		return fmt.Errorf("serve did not end in %s after signal %s", patience, sig)
	}
}

// serve starts a service of the test's own and stops it at the end.
func serve(t *testing.T, data string, args ...string) *service {
	t.Helper()
	s, err := startService(append([]string{"--data", data, "--addr", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		select {
		case <-s.ended:
			return
		default:
		}
		if err := s.stop(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	return s
}

// shared is a service on the demo corpus that tests share which change nothing others see.
var shared struct {
	sync.Mutex
	folder  string
	service *service
	err     error
}

// demo is the shared service.
func demo(t *testing.T) *service {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.service == nil && shared.err == nil {
		shared.service, shared.err = startService("--data", shared.folder, "--addr", "127.0.0.1:0", "--rate-limit", "off")
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.service
}

// demoData is the data folder of the shared service, which runs.
func demoData(t *testing.T) string {
	t.Helper()
	demo(t)
	return shared.folder
}

func stopShared() error {
	if shared.service == nil {
		return nil
	}
	if err := shared.service.stop(syscall.SIGTERM); err != nil {
		return err
	}
	if left := postgresOn(shared.folder); shared.service.status != 0 || len(left) > 0 {
		return fmt.Errorf("serve ended with status %d and left %v: %s", shared.service.status, left, shared.service.output())
	}
	return nil
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, met func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !met(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
