package main_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A database of one's own takes the place of the private PostgreSQL: nothing but keys is kept in the data folder.
func TestOwnDatabase(t *testing.T) {
	t.Parallel()
	address := databaseURL(t)
	data := newData(t)
	s, _ := load(t, 0, "--data", data, "--database-url", address, writeFile(t, "sheets.jsonl", foreign...))
	wantCounts(t, s, "read 5, inserted 5, updated 0, unchanged 0, removed 0, rejected 0")
	if out := must(t, "ask", "--data", data, "--database-url", address, "Combien coûte la carte de pêche sportive ?"); !strings.Contains(out, "130 DH") {
		t.Error(out)
	}
	file := filepath.Join(t.TempDir(), "own.backup")
	must(t, "backup", "--data", data, "--database-url", address, file)
	other := newData(t)
	must(t, "restore", "--data", other, file)
	if got, want := strings.Join(procedures(t, other, "carte"), " "), "cantine minimal peche ruche"; got != want {
		t.Errorf("the restored installation holds %s, want %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(data, "pg")); err == nil {
		t.Error("a private PostgreSQL was made all the same")
	}
}

// databaseURL makes a database of the test's own in the shared service's PostgreSQL.
func databaseURL(t *testing.T) string {
	t.Helper()
	folder := demoData(t)
	password, err := os.ReadFile(filepath.Join(folder, "password"))
	if err != nil {
		t.Fatal(err)
	}
	in := func(database string) string {
		return (&url.URL{Scheme: "postgres", User: url.UserPassword("murshid", strings.TrimSpace(string(password))), Path: "/" + database,
			RawQuery: url.Values{"host": {filepath.Join(folder, "pg")}, "port": {"5432"}}.Encode()}).String()
	}
	connection, err := pgx.Connect(t.Context(), in("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	name := fmt.Sprint("own_", os.Getpid())
	if _, err := connection.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return in(name)
}
