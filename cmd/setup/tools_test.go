package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A system is a machine without network: it knows which packages are
// installed and writes down which commands change it.
type system struct {
	packages map[string]bool
	programs []string
	ran      []string
	fault    string // what a failing command says
}

func (s *system) has(program string) bool { return slices.Contains(s.programs, program) }

func (s *system) run(_ context.Context, _ []string, name string, args ...string) (string, error) {
	last := args[len(args)-1]
	if name == "dpkg-query" {
		if s.packages[last] {
			return "install ok installed", nil
		}
		return "no packages found", errors.New("exit status 1")
	}
	s.ran = append(s.ran, name+" "+strings.Join(args, " "))
	if s.fault != "" {
		return "line\n" + s.fault + "\n", errors.New("exit status 100")
	}
	if name == "npm" {
		folder := filepath.Join(args[slices.Index(args, "--prefix")+1], "node_modules")
		return "", errors.Join(os.Mkdir(folder, 0o755), os.WriteFile(filepath.Join(folder, ".package-lock.json"), nil, 0o644))
	}
	return "", nil
}

func TestDebian(t *testing.T) {
	t.Parallel()
	all := []string{"dpkg-query", "node", "npm"}
	for name, c := range map[string]struct {
		system   system
		root, ci bool
		ran      []string // words that the changing commands hold
		said     string
		fails    string
	}{
		"all there":          {system: system{packages: map[string]bool{"one": true, "two": true}, programs: all}, ci: true},
		"root installs":      {system: system{packages: map[string]bool{"one": true}, programs: all}, root: true, ran: []string{"update", "--no-install-recommends two"}},
		"root without node":  {system: system{packages: map[string]bool{"one": true, "two": true}, programs: all[:1]}, root: true, ran: []string{"update", "nodejs npm"}},
		"apt fails":          {system: system{programs: all, fault: "E: no such package"}, root: true, ran: []string{"update"}, fails: "E: no such package"},
		"a user is told":     {system: system{programs: all}, said: "sudo apt-get install --no-install-recommends one two"},
		"CI is not":          {system: system{programs: all}, ci: true, fails: "CI does not allow"},
		"another system":     {system: system{programs: all[1:]}, root: true, said: "not a Debian system"},
		"another one, in CI": {system: system{programs: all[1:]}, root: true, ci: true, fails: "CI does not allow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			s := tools{out: &out, root: c.root, ci: c.ci, lookPath: c.system.has, run: c.system.run}
			err := s.debian(t.Context(), []string{"one", "two"})
			if (err != nil) != (c.fails != "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("error %v, want %q", err, c.fails)
			}
			if !strings.Contains(out.String(), c.said) || c.said == "" && c.ran == nil && out.Len() > 0 {
				t.Errorf("said %q, want %q", out.String(), c.said)
			}
			if len(c.system.ran) != len(c.ran) {
				t.Fatalf("ran %q, want %q", c.system.ran, c.ran)
			}
			for i, want := range c.ran {
				if !strings.Contains(c.system.ran[i], want) {
					t.Errorf("ran %q, want %q", c.system.ran[i], want)
				}
			}
		})
	}
}

// writeNPMFiles makes a folder with the two files that fix the npm packages.
func writeNPMFiles(t *testing.T, folder, lock string) string {
	t.Helper()
	for name, content := range map[string]string{"package.json": "{}", "package-lock.json": lock} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestNPM(t *testing.T) {
	t.Parallel()
	source := writeNPMFiles(t, t.TempDir(), "first")
	machine := system{programs: []string{"npm"}}
	var out bytes.Buffer
	s := tools{cache: t.TempDir(), out: &out, lookPath: machine.has, run: machine.run}
	for i, want := range []int{1, 1, 2} {
		if i == 2 {
			writeNPMFiles(t, source, "second")
		}
		if err := s.npm(t.Context(), source); err != nil {
			t.Fatal(err)
		}
		if len(machine.ran) != want {
			t.Errorf("call %d: npm ran %d times, want %d", i, len(machine.ran), want)
		}
	}
	if got, err := os.ReadFile(filepath.Join(s.cache, "browser", "package-lock.json")); err != nil || string(got) != "second" {
		t.Errorf("installed for %q, %v", got, err)
	}
	left, err := os.ReadDir(s.cache)
	if err != nil || len(left) != 1 {
		t.Errorf("the cache holds %v, %v", left, err)
	}
}

func TestNPMFaults(t *testing.T) {
	t.Parallel()
	source := writeNPMFiles(t, t.TempDir(), "lock")
	for name, c := range map[string]struct {
		system system
		ci     bool
		fails  string
	}{
		"no npm":       {system: system{}},
		"no npm in CI": {system: system{}, ci: true, fails: "CI does not allow"},
		"npm fails":    {system: system{programs: []string{"npm"}, fault: "npm error network"}, fails: "npm error network"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			s := tools{cache: t.TempDir(), out: &out, ci: c.ci, lookPath: c.system.has, run: c.system.run}
			err := s.npm(t.Context(), source)
			if (err != nil) != (c.fails != "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("error %v, want %q", err, c.fails)
			}
			if left, err := os.ReadDir(s.cache); err != nil || len(left) > 0 {
				t.Errorf("the cache holds %v, %v", left, err)
			}
		})
	}
}

func TestRunPrintsTheCacheFolder(t *testing.T) {
	t.Setenv("MURSHID_CACHE", "/somewhere")
	var out bytes.Buffer
	if err := run(t.Context(), []string{"--where"}, &out); err != nil || out.String() != "/somewhere\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
