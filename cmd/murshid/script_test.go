package main_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The command lines of testdata/script run on the shared demo corpus ($DEMO) or on a folder of their own.
func TestScripts(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("MURSHID_CACHE", cache)
			env.Setenv("DEMO", data)
			env.Setenv("ADDR", shared.service.addr)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status, "json": eachLineJSON, "lines": countLines, "sentence": sentence, "field": fields,
		},
	})
}

// status runs a command that has to end with a status: status 2 murshid ask.
func status(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("status %d, want %d", got, want)
	}
}

// eachLineJSON checks that the standard output of the last command is JSON Lines.
func eachLineJSON(ts *testscript.TestScript, _ bool, _ []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if !json.Valid([]byte(line)) {
			ts.Fatalf("no JSON: %s", line)
		}
	}
}

// countLines checks how many lines the last command wrote: lines stdout 3.
func countLines(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); got != want {
		ts.Fatalf("%d lines, want %d", got, want)
	}
}

// machine is what a sentence for people does not hold: codes and traces of programs.
var machine = regexp.MustCompile(`SQLSTATE|goroutine|panic|\.go:\d|0x[0-9a-f]{4}|<nil>|%!`)

// sentence checks that the last command wrote one sentence of the program to standard error, and nothing else.
func sentence(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile("stderr")
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "murshid") || machine.MatchString(text) {
		ts.Fatalf("no single sentence: %q", text)
	}
	if len(args) > 0 && !strings.Contains(text, args[0]) {
		ts.Fatalf("%q does not say %q", text, args[0])
	}
}

// fields compares one field of all lines: field status answered error.
func fields(ts *testscript.TestScript, _ bool, args []string) {
	var got []string
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var object map[string]any
		ts.Check(json.Unmarshal([]byte(line), &object))
		text, _ := object[args[0]].(string)
		got = append(got, text)
	}
	if want := args[1:]; strings.Join(got, "|") != strings.Join(want, "|") {
		ts.Fatalf("%s: got %q, want %q", args[0], got, want)
	}
}
