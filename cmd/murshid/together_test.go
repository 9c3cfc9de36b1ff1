package main_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"murshid/assistant"
)

// Several commands work at once on one folder that none has prepared, and on two folders at the same time.
func TestTogether(t *testing.T) {
	t.Parallel()
	folders := []string{newData(t), newData(t)}
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			r := murshid(t, "ask", "--json", "--data", folders[i%2], "Combien coûte le passeport biométrique pour un majeur ?")
			if r.status != 0 || !strings.Contains(r.stdout, `"intent":"question"`) {
				t.Errorf("status %d: %s%s", r.status, r.stdout, r.stderr)
			}
		})
	}
	group.Wait()
	for _, folder := range folders {
		if left := postgresOn(folder); len(left) > 0 {
			t.Errorf("PostgreSQL still runs after the last command: %v", left)
		}
	}
}

// Commands work beside a service: what one loads, the service knows, and tests enter no queue.
func TestBesideService(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	s := serve(t, data, "--rate-limit", "off")
	var group sync.WaitGroup
	for i := range 3 {
		group.Go(func() {
			file := writeFile(t, "more.jsonl", fmt.Sprintf(`{"id":"extra%d","lang":"fr","title":"Licence de cerf-volant %d","fee":"%d7 DH"}`, i, i, i))
			load(t, 0, "--data", data, file)
		})
		group.Go(func() { must(t, "ask", "--json", "--data", data, "je veux parler à un agent") })
	}
	group.Wait()
	eventually(t, "the service knows the new sheets", func(ctx context.Context) bool {
		var a assistant.Answer
		status := post(ctx, s, "/api/v1/ask", `{"text":"Combien coûte la licence de cerf-volant 2 ?"}`, &a)
		return status == 200 && strings.Contains(a.Text, "27 DH")
	})
	desk := login(t, s, data)
	if page := desk.page(t, "/desk"); strings.Contains(page, "/desk/conversations/") {
		t.Error("a test of a command waits at the desk")
	}
}

// A reader that goes and a terminal that closes leave no PostgreSQL behind.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "one.jsonl", foreign[0]))
	var cases []string
	for i := range 200 {
		cases = append(cases, encode(t, caseLine{ID: fmt.Sprint(i), Question: "Combien coûte la carte de pêche ?"}))
	}
	c := command(t.Context(), "ask", "--json", "--data", data, "--cases", writeFile(t, "cases.jsonl", cases...))
	output, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	_ = output.Close()
	_ = c.Wait() // its status follows
	if left := postgresOn(data); c.ProcessState.ExitCode() != 1 || len(left) > 0 {
		t.Errorf("a reader that went: %s, PostgreSQL %v", c.ProcessState, left)
	}
	s := serve(t, data)
	if err := s.stop(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if left := postgresOn(data); s.status != 0 || len(left) > 0 {
		t.Errorf("a terminal that closed: status %d, PostgreSQL %v", s.status, left)
	}
}

// An installation works below a folder that only its user may enter, also under a name that needs care.
func TestOddFolder(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "fermé à clé", "é'\"$ %s")
	if err := os.MkdirAll(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(closed, "data")
	s, _ := load(t, 0, "--data", data, writeFile(t, "one.jsonl", foreign[0]))
	wantCounts(t, s, "read 1, inserted 1, updated 0, unchanged 0, removed 0, rejected 0")
	if left := postgresOn(data); len(left) > 0 {
		t.Errorf("PostgreSQL still runs: %v", left)
	}
	for _, name := range []string{"password", "keys", "."} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v %v", name, info.Mode(), err)
		}
	}
}
