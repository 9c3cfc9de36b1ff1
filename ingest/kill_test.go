package ingest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/ingest"
	"murshid/postgres"
	"murshid/postgres/server/servertest"
	"murshid/retrieval"
)

// childVariable holds, for the process that will be killed, how to reach the database.
const childVariable = "MURSHID_TEST_LOAD_CHILD"

// manySheets are sheets with five passages each.
func manySheets(count int) []string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf(`{"id":"p%d","lang":"fr","title":"Titre %d","also_called":["nom %d"],`+
			`"documents":["papier %d"],"fee":"%d DH","conditions":["condition %d"]}`, i, i, i, i, i, i))
	}
	return all
}

// loadAsChild loads sheets slowly until it is killed.
func loadAsChild() int {
	config, err := pgx.ParseConfig(os.Getenv(childVariable))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	ctx := context.Background()
	db, err := postgres.Open(ctx, postgres.Options{Config: config})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	slow := &toy{before: func(context.Context) error { time.Sleep(2 * time.Millisecond); return nil }}
	source := func(yield func(ingest.Record) bool) {
		for i, line := range manySheets(5000) {
			if !yield(ingest.Record{File: "child", Line: i + 1, JSON: []byte(line)}) {
				return
			}
		}
	}
	if _, err := (&ingest.Ingester{Store: db, Embedder: slow}).Load(ctx, ingest.Options{}, source); err != nil {
		fmt.Println(err)
	}
	return 1 // it should have been killed
}

// A kill at any moment leaves each sheet whole or not there, and the next load goes on from there.
func TestLoadKilled(t *testing.T) {
	config := servertest.Database(t)
	db, err := postgres.Open(t.Context(), postgres.Options{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	child := exec.Command(program)
	child.Env = append(os.Environ(), fmt.Sprintf("%s=host=%s port=%d user=%s password=%s dbname=%s", childVariable,
		config.Host, config.Port, config.User, config.Password, config.Database))
	child.Stdout, child.Stderr = &output, &output
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	saved := 0
	for deadline := time.Now().Add(20 * time.Second); saved < 20 && time.Now().Before(deadline); {
		saved = wholeSheets(t, db)
		time.Sleep(5 * time.Millisecond)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	saved = wholeSheets(t, db)
	if saved < 20 || saved >= 5000 {
		t.Fatalf("%d sheets when the load was killed: %s", saved, &output)
	}
	wanted := manySheets(saved + 30)
	in := &ingest.Ingester{Store: db, Embedder: &toy{}}
	summary := load(t, in, ingest.Options{}, lines(t, wanted...))
	if got := summary.Unchanged + summary.Inserted; got != len(wanted) || summary.Unchanged < saved-5 {
		t.Errorf("after the kill of a load with %d saved: %+v", saved, summary)
	}
}

// wholeSheets counts the stored sheets and fails where one lacks a passage.
func wholeSheets(t *testing.T, db *postgres.DB) int {
	t.Helper()
	sheets, err := db.Sheets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sheets {
		stored, err := db.FindSheet(t.Context(), ingest.Key{ID: s.ID, Lang: string(s.Lang)}, (&toy{}).Model())
		if err != nil {
			t.Fatal(err)
		}
		if want := len(retrieval.Passages(&s)); len(stored.Texts) != want || want != 7 {
			t.Fatalf("%s has %d passages of %d", s.ID, len(stored.Texts), want)
		}
	}
	return len(sheets)
}
