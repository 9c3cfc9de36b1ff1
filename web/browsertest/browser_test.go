package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"murshid/assets"
)

// TestBrowser runs the scenarios of scenarios.mjs in Chromium. SCREENSHOTS names a folder for pictures of the pages,
// ONLY a part of the names of the scenarios to run.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow") // -short is for a developer's quick round; CI runs without it
	}
	node := need(t, "node", "nodejs")
	chromium := need(t, "chromium", "chromium")
	modules := packages(t)
	s := newSite(t)
	cmd := exec.CommandContext(t.Context(), node, "scenarios.mjs")
	cmd.Env = append(os.Environ(), "MODULES="+modules, "CHROMIUM="+chromium, "SITE="+s.url(),
		"AGENT="+agentName, "PASSWORD="+agentPassword)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ran := 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var said struct {
			Do, Name, Error string
			Words           []string
		}
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			t.Errorf("the browser's script says %q", lines.Text())
			continue
		}
		if said.Do != "" {
			fmt.Fprintln(in, s.act(t, said.Do, said.Words))
			continue
		}
		ran++
		t.Run(said.Name, func(t *testing.T) {
			if said.Error != "" {
				t.Error(said.Error)
			}
		})
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("node: %v", err)
	}
	if ran == 0 {
		t.Error("no scenario ran")
	}
}

// need is the path of a program. Without it the test is skipped, in CI it fails.
func need(t *testing.T, program, debian string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program+" is missing; install it with: sudo apt-get install --no-install-recommends "+debian)
	}
	return path
}

// packages is the folder of the npm packages, which make test installs.
func packages(t *testing.T) string {
	t.Helper()
	cache, err := assets.Dir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "browser", "node_modules")
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			missing(t, "the npm packages of the browser tests are missing; install them with: go run ./cmd/setup --tools")
		}
	}
	return folder
}

func missing(t *testing.T, advice string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(advice)
	}
	t.Skip(strings.TrimSpace(advice))
}
