package postgres

import (
	"slices"
	"testing"
	"time"

	"murshid/assistant"
	"murshid/postgres/server"
	"murshid/postgres/server/servertest"
)

// openDurable gives a store on a server as an installation has it, which waits for the disk: that of the tests
// does not.
func openDurable(b *testing.B) *DB {
	b.Helper()
	s, err := server.Acquire(b.Context(), server.Options{Dir: b.TempDir(), Binaries: servertest.Binaries(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Release(); err != nil {
			b.Error(err)
		}
	})
	return openOn(b, s.Config("postgres"), newSeal(b, 1))
}

// BenchmarkTurn measures what storing a turn costs, in milliseconds (median): a first question, a later one, and
// an answer, each beside one plain row, which is what the disk costs. They take turns, so that a busy machine is
// busy for all of them.
func BenchmarkTurn(b *testing.B) {
	db := openDurable(b)
	execute(b, db, "CREATE TABLE plain (no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)")
	q := assistant.Question{Channel: assistant.Web, Text: "ch7al f la carte nationale?"}
	later := q
	later.Conversation = ask(b, db, "", "", q.Text).Conversation
	var asked assistant.Asked
	steps := []step{
		{"plain", func() error {
			_, err := db.conn.Exec(b.Context(), "INSERT INTO plain (text) VALUES ($1)", q.Text)
			return err
		}},
		{"first", func() error {
			_, err := db.SaveQuestion(b.Context(), q, q.Text)
			return err
		}},
		{"later", func() (err error) {
			asked, err = db.SaveQuestion(b.Context(), later, q.Text)
			return err
		}},
		{"answer", func() error {
			_, err := db.SaveAnswer(b.Context(), asked, outcome(""))
			return err
		}},
	}
	measure(b, steps)
}

// BenchmarkOpen measures what every command pays first, on a migrated database, in milliseconds.
func BenchmarkOpen(b *testing.B) {
	db := openDurable(b)
	measure(b, []step{{"open", func() error {
		db, err := Open(b.Context(), Options{Config: db.config, Seal: newSeal(b, 1)})
		if err == nil {
			db.Close()
		}
		return err
	}}})
}

// step is one thing to measure.
type step struct {
	name string
	act  func() error
}

func measure(b *testing.B, steps []step) {
	b.Helper()
	took := make([][]time.Duration, len(steps))
	for b.Loop() {
		for i, s := range steps {
			began := time.Now()
			if err := s.act(); err != nil {
				b.Fatal(s.name, ": ", err)
			}
			took[i] = append(took[i], time.Since(began))
		}
	}
	for i, s := range steps {
		slices.Sort(took[i])
		b.ReportMetric(took[i][len(took[i])/2].Seconds()*1000, "ms-"+s.name)
	}
}
