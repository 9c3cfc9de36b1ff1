package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"murshid/assistant"
)

// bigCorpus are sheets enough that a load can be stopped on its way.
func bigCorpus(count int) []string {
	lines := make([]string, count)
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"id":"p%d","lang":"fr","title":"Autorisation numéro %d de la commune","documents":["pièce %d","photo"],`+
			`"fee":"%d DH","conditions":["habiter le quartier %d"]}`, i, i, i, i, i)
	}
	return lines
}

// A load that is stopped at any moment leaves whole sheets only, and the next one completes it.
func TestIngestStopped(t *testing.T) {
	t.Parallel()
	const sheets = 400
	file := writeFile(t, "big.jsonl", bigCorpus(sheets)...)
	data := newData(t)
	for _, stop := range []os.Signal{syscall.SIGINT, syscall.SIGKILL, syscall.SIGKILL} {
		c := command(context.Background(), "ingest", "--json", "--data", data, file)
		var said bytes.Buffer
		c.Stderr = &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300*time.Millisecond + rand.N(900*time.Millisecond))
		_ = c.Process.Signal(stop) // it may have ended before
		err := c.Wait()
		if exit := (*exec.ExitError)(nil); stop == syscall.SIGINT && errors.As(err, &exit) &&
			(exit.ExitCode() != 1 || strings.Count(said.String(), "\n") != 1) {
			t.Errorf("interrupted: status %d, %q", exit.ExitCode(), &said)
		}
	}
	s, _ := load(t, 0, "--data", data, file)
	t.Logf("after three stops: %s", counts(s))
	if s.Inserted+s.Unchanged != sheets || s.Updated != 0 {
		t.Errorf("after the stops: %s", counts(s))
	}
	again, _ := load(t, 0, "--data", data, file)
	wantCounts(t, again, fmt.Sprintf("read %d, inserted 0, updated 0, unchanged %[1]d, removed 0, rejected 0", sheets))
	if got := procedures(t, data, "autorisation"); len(got) != sheets {
		t.Errorf("%d of %d procedures are found", len(got), sheets)
	}
}

// What a kill left behind is taken over: of the service, of PostgreSQL, of both.
func TestKilled(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	for _, victims := range []string{"service", "postgres", "both"} {
		t.Run(victims, func(t *testing.T) {
			s := serve(t, data)
			postmasters := postgresOn(data)
			if len(postmasters) == 0 {
				t.Fatal("no PostgreSQL runs")
			}
			if victims != "postgres" {
				if err := s.stop(syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
			if victims != "service" {
				_ = syscall.Kill(slices.Min(postmasters), syscall.SIGKILL)
			}
			a := decode[assistant.Answer](t, must(t, "ask", "--json", "--data", data, "Combien coûte la carte de pêche sportive ?"))[0]
			if a.Status != assistant.Answered {
				t.Errorf("after the kill: %s", a.Status)
			}
			if victims == "postgres" {
				eventually(t, "the service answers again", func(context.Context) bool { return answersNow(s, "carte de pêche") })
				return
			}
			if left := postgresOn(data); len(left) > 0 {
				t.Errorf("PostgreSQL still runs after the last command: %v", left)
			}
		})
	}
}
