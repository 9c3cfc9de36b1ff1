package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// everything lets a package join all parts, as only commands do.
const everything = "*"

// mayImport says which packages of ours a package may import; a folder without
// a row of its own has that of the nearest folder above it. Tests may import
// what they like. docs/architecture.md explains the order.
var mayImport = map[string][]string{
	"murshid": {}, // the root holds no parts

	"cmd/murshid": {everything},
	"cmd/bench":   {everything},
	"cmd/setup":   {"assets"}, // it must build in a second, before anything else

	"web": {"assistant", "complaints", "desk", "language", "retrieval"},

	"web/webtest": {"assistant", "channels", "channels/channelstest", "channels/webchat", "desk", "language", "retrieval", "web"},

	"postgres":                   {"assistant", "channels", "complaints", "desk", "embedding", "ingest", "language", "retrieval"},
	"postgres/server":            {},
	"postgres/server/servertest": {"postgres/server", "assets"},

	"channels":              {"assistant", "language"},
	"channels/channelstest": {"channels", "assistant", "language"},
	"channels/email":        {"channels", "assistant", "language"},
	"channels/sms":          {"channels", "assistant", "language"},
	"channels/webchat":      {"channels", "assistant", "language"},

	"desk":       {"assistant", "language"},
	"evals":      {"assistant", "corpus", "embedding", "ingest", "language", "retrieval"},
	"assistant":  {"complaints", "grounding", "privacy", "retrieval", "language"},
	"ingest":     {"retrieval", "embedding", "language"},
	"retrieval":  {"embedding", "language"},
	"complaints": {"language"},
	"generation": {"grounding"},
	"grounding":  {"language"},

	"embedding":    {},
	"embedding/e5": {"embedding"},
	"assets":       {},
	"corpus":       {},
	"language":     {},
	"privacy":      {"language"},
}

// A goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, fault := range importFaults(p.ImportPath, p.Imports) {
			t.Error(fault)
		}
	}
}

// packages lists every package of the module.
func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "murshid/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var found []goPackage
	for in := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
	if len(found) < 2 {
		t.Fatalf("go list found only %d packages", len(found))
	}
	return found
}

// importFaults returns a sentence for each import that the table forbids.
func importFaults(importer string, imports []string) []string {
	name := strings.TrimPrefix(importer, "murshid/")
	from, ok := row(name)
	if !ok {
		return []string{name + " is not in the table of who may import whom: a new folder needs an ADR and a row"}
	}
	var faults []string
	for _, imported := range imports {
		other, ours := strings.CutPrefix(imported, "murshid/")
		if !ours {
			continue
		}
		to, _ := row(other)
		switch {
		case isTestPackage(other) && !isTestPackage(name):
			faults = append(faults, name+" imports "+other+", which is for tests only")
		case to == from || slices.Contains(mayImport[from], to) || slices.Contains(mayImport[from], everything):
		default:
			faults = append(faults, name+" imports "+other+", which the table of who may import whom does not allow")
		}
	}
	return faults
}

// row returns the key of the package's row, its own or the nearest above it.
func row(name string) (string, bool) {
	for ; name != "."; name = path.Dir(name) {
		if _, ok := mayImport[name]; ok {
			return name, true
		}
	}
	return "", false
}

// isTestPackage tells whether the package exists for tests, by its name.
func isTestPackage(name string) bool {
	return strings.HasSuffix(name, "test")
}

func TestImportFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		importer, imported string
		faulty             bool
	}{
		"a command joins":            {"cmd/murshid", "postgres/server", false},
		"allowed":                    {"assistant", "retrieval", false},
		"its own part":               {"assistant", "assistant/messages", false},
		"a part below a row":         {"assistant/messages", "language", false},
		"not of ours":                {"language", "", false},
		"the domain and the store":   {"assistant", "postgres", true},
		"two adapters":               {"channels/email", "channels/sms", true},
		"the store and its server":   {"postgres", "postgres/server", true},
		"the files":                  {"embedding/e5", "assets", true},
		"set-up stays small":         {"cmd/setup", "language", true},
		"a test package in a server": {"web", "postgres/server/servertest", true},
		"a test package in a command": {
			"cmd/murshid", "postgres/server/servertest", true,
		},
		"a test package on another": {"postgres/server/servertest", "postgres/server", false},
		"a folder nobody knows":     {"helpers", "language", true},
		"a command nobody knows":    {"cmd/other", "language", true},
		"the root":                  {"murshid", "language", true},
	} {
		imports := []string{"fmt", "murshid/" + c.imported}
		if c.imported == "" {
			imports = imports[:1]
		}
		if got := importFaults("murshid/"+c.importer, imports); (len(got) > 0) != c.faulty {
			t.Errorf("%s: %v", name, got)
		}
	}
}
