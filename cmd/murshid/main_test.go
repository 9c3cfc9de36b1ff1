// The tests of this package run the real program on real data folders, as an outsider would.
package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"murshid/assets"
)

// program is the binary that TestMain built; cache is the user's folder of downloads.
var program, cache string

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (code int, err error) {
	folder, err := os.MkdirTemp("", "murshid-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if cache, err = assets.Dir(); err != nil {
		return 1, err
	}
	program = filepath.Join(folder, "murshid")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w\n%s", err, out)
	}
	shared.folder = filepath.Join(folder, "shared")
	code = m.Run()
	return code, stopShared()
}

// patience bounds one command; a command that needs longer hangs.
const patience = 60 * time.Second

// result is what a command left.
type result struct {
	status         int
	stdout, stderr string
}

// environment is ours without the settings of the person who runs the tests.
func environment(extra ...string) []string {
	var kept []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MURSHID_") {
			kept = append(kept, v)
		}
	}
	return append(append(kept, "MURSHID_CACHE="+cache), extra...)
}

// command prepares the program; a test that ends stops it.
func command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, program, args...)
	c.Env = environment()
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 10 * time.Second
	return c
}

// murshid runs a command to its end.
func murshid(t *testing.T, args ...string) result {
	t.Helper()
	return finish(t, command(t.Context(), args...))
}

// finish runs a prepared command to its end.
func finish(t *testing.T, c *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	late := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	err := c.Run()
	if !late.Stop() {
		t.Errorf("%s did not end in %s", c.Args, patience)
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", c.Args, err)
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is murshid for commands that have to succeed; it returns the standard output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	r := murshid(t, args...)
	if r.status != 0 {
		t.Fatalf("murshid %q: status %d: %s", args, r.status, r.stderr)
	}
	return r.stdout
}

// newData gives a data folder of the test's own. At the end no PostgreSQL may be left on it.
func newData(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	t.Cleanup(func() {
		if left := postgresOn(folder); len(left) > 0 {
			t.Errorf("PostgreSQL still runs on %s: %v", folder, left)
		}
	})
	return folder
}

// writeFile writes lines to a file of the test.
func writeFile(t *testing.T, name string, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// decode reads JSON Lines; every line must be one value of the type.
func decode[T any](t *testing.T, output string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(output) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in the line %s", err, line)
		}
		all = append(all, v)
	}
	return all
}

// encode is one line of JSON.
func encode(t *testing.T, v any) string {
	t.Helper()
	line, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// caseLine is a line of a file of cases.
type caseLine struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Channel  string `json:"channel,omitempty"`
}
