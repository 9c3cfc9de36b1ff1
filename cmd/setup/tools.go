package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// errSkipped is what CI gets where a person gets advice: there no test may be
// skipped for want of a tool.
var errSkipped = errors.New("tests would be skipped, which CI does not allow")

// tools installs what only the tests need.
type tools struct {
	cache    string
	out      io.Writer
	root     bool // may install packages of the system
	ci       bool // a missing tool is an error
	lookPath func(program string) bool
	run      func(ctx context.Context, env []string, name string, args ...string) (string, error)
}

// debian installs the packages that are missing, or says how to.
func (t tools) debian(ctx context.Context, packages []string) error {
	packages = append(packages, t.nodePackages()...)
	if len(packages) == 0 {
		return nil
	}
	if !t.lookPath("dpkg-query") {
		return t.advise("this is not a Debian system: install what gives these packages of Debian: " + strings.Join(packages, " "))
	}
	missing := t.missing(ctx, packages)
	if len(missing) == 0 {
		return nil
	}
	names := strings.Join(missing, " ")
	if !t.root {
		return t.advise("some tests need packages that are missing and will be skipped; install them with: sudo apt-get install --no-install-recommends " + names)
	}
	fmt.Fprintf(t.out, "Installing %s …\n", names)
	apt := func(args ...string) error {
		args = append([]string{"-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"}, args...)
		said, err := t.run(ctx, []string{"DEBIAN_FRONTEND=noninteractive"}, "apt-get", args...)
		if err != nil {
			return fmt.Errorf("apt-get could not install %s: %s", names, lastLine(said, err))
		}
		return nil
	}
	if err := apt("update"); err != nil {
		return err
	}
	return apt(append([]string{"install", "-y", "--no-install-recommends"}, missing...)...)
}

// nodePackages are the packages of Node.js where the machine has none.
func (t tools) nodePackages() []string {
	var packages []string
	for _, p := range [][2]string{{"node", "nodejs"}, {"npm", "npm"}} {
		if !t.lookPath(p[0]) {
			packages = append(packages, p[1])
		}
	}
	return packages
}

// missing are the packages that are not installed.
func (t tools) missing(ctx context.Context, packages []string) []string {
	var missing []string
	for _, p := range packages {
		status, err := t.run(ctx, nil, "dpkg-query", "-W", "-f=${Status}", p)
		if err != nil || status != "install ok installed" {
			missing = append(missing, p)
		}
	}
	return missing
}

// advise tells a person what is missing; for CI it is an error.
func (t tools) advise(sentence string) error {
	if t.ci {
		return fmt.Errorf("%s (%w)", sentence, errSkipped)
	}
	fmt.Fprintln(t.out, "Note: "+sentence)
	return nil
}

// lastLine is the end of what a command said, or the error where it said nothing.
func lastLine(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return last
	}
	return err.Error()
}

func lookPath(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// runCommand runs a command and returns all that it wrote.
func runCommand(ctx context.Context, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	return said.String(), err
}
