//go:build linux

package server

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// command prepares a process of the cluster: another user when we are root, a
// session of its own so that Ctrl-C on our terminal does not reach it, output
// to a file (a pipe would break when we end), nothing of our environment.
func command(who account, log *serverLog, path string, args ...string) *exec.Cmd {
	c := exec.Command(path, args...)
	c.Dir = "/"
	c.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin"}
	c.Stdout, c.Stderr = log.file, log.file
	c.SysProcAttr = &syscall.SysProcAttr{Credential: who.credential(), Setsid: true}
	return c
}

// execMeaning adds our sentence to an error of starting a program.
func execMeaning(err error, path string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Errorf("%w (%w)", ErrPlatform, err)
	case errors.Is(err, syscall.ENOENT):
		// The file is there: what is missing is the loader of glibc.
		if _, there := os.Stat(path); there == nil {
			return fmt.Errorf("%w (%w)", ErrPlatform, err)
		}
		return fmt.Errorf("%w (%w)", ErrBinaries, err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%w (%w)", ErrBinaries, err)
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EINVAL):
		// root in a container that may not become another user.
		return fmt.Errorf("%w (%w)", ErrNoUser, err)
	}
	return err
}

// life is one life of the server: its postmaster, and since when it runs.
type life struct {
	pid   int
	since string
}

// postmaster reads postmaster.pid. It reports false unless that pid is a live
// process of this cluster: the file may be years old.
func (c *cluster) postmaster() (life, bool) {
	b, err := os.ReadFile(c.path(pidFile))
	if err != nil {
		return life{}, false
	}
	line := strings.Split(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line[0]))
	if err != nil || pid < 2 || len(line) < 3 || !c.owns(pid) {
		return life{}, false
	}
	return life{pid, line[2]}, true
}

// name is what every process of the cluster shows among its arguments. It
// differs between folders, copies of a folder included. What a process shows
// can be read by everybody; its working folder cannot, not even by the root of
// a container.
func (c *cluster) name() string {
	info, err := c.dir.Stat()
	if err != nil {
		return ""
	}
	st := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("murshid-%x-%x", st.Dev, st.Ino)
}

// owns reports whether a process is one of the cluster: it runs as the owner
// of the folder and shows the cluster's name the way postgres does.
func (c *cluster) owns(pid int) bool {
	proc := "/proc/" + strconv.Itoa(pid)
	process, err := os.Stat(proc)
	if err != nil {
		return false
	}
	folder, err := c.dir.Stat()
	if err != nil {
		return false
	}
	shown, err := os.ReadFile(proc + "/cmdline")
	if err != nil {
		return false
	}
	is, _ := owner(process)
	want, _ := owner(folder)
	return is == want && shows(string(shown), c.name())
}

// shows knows the two forms: the postmaster's arguments, and the title that
// every other process gives itself.
func shows(cmdline, name string) bool {
	program, _, _ := strings.Cut(cmdline, "\x00")
	if filepath.Base(program) == "postgres" {
		return strings.Contains(cmdline, "\x00cluster_name="+name+"\x00")
	}
	return strings.HasPrefix(cmdline, "postgres: "+name+": ")
}

// killRest ends what is left of a killed postmaster: a busy backend may not
// notice for long.
func (c *cluster) killRest() {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range all {
		if pid, err := strconv.Atoi(filepath.Base(proc)); err == nil && c.owns(pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended meanwhile
		}
	}
}

// absence tells how long the postmaster has been missing while processes of
// the cluster still live.
type absence struct{ since time.Time }

// long is called again and again; it reports true once a second of absence has passed.
func (a *absence) long(present bool) bool {
	switch {
	case present:
		a.since = time.Time{}
	case a.since.IsZero():
		a.since = time.Now()
	}
	return !present && time.Since(a.since) > time.Second
}

// reap collects our child once it has ended, and says how it ended.
func reap(pid int) (status syscall.WaitStatus, ended bool) {
	if pid == 0 {
		return 0, false
	}
	got, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	return status, err == nil && got == pid
}

// killGroup ends a process and its children; initdb leads a group of its own.
func killGroup(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL) // it may have ended meanwhile
}
