package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// run starts Run and ends it with the test.
func run(t *testing.T, db *DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- db.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
}

// heard waits for a signal.
func heard(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(10 * time.Second):
		t.Fatal("no signal came")
	}
}

// silent fails on a signal that comes soon.
func silent(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
		t.Error("a signal came")
	case <-time.After(100 * time.Millisecond):
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	db := open(t)
	one, other := ask(t, db, "", "", "one"), ask(t, db, "", "", "other")
	signal, cancel := db.Watch(one.Conversation)
	second, cancelSecond := db.Watch(one.Conversation)
	elsewhere, cancelElsewhere := db.Watch(other.Conversation)
	defer cancel()
	defer cancelElsewhere()
	run(t, db)
	for _, s := range []<-chan struct{}{signal, second, elsewhere} {
		heard(t, s) // Run signals everybody when it begins
	}
	cancelSecond()
	answer(t, db, one, "")
	heard(t, signal)
	silent(t, elsewhere)
	silent(t, second)
	for range 3 {
		db.fan.signal(topic{channelMessages, one.Conversation})
	}
	heard(t, signal) // three are one
	silent(t, signal)
}

func TestCancelForgets(t *testing.T) {
	t.Parallel()
	var f fan
	_, cancel := f.watch(topic{channelDesk, ""})
	cancel()
	cancel()
	if len(f.watchers) != 0 {
		t.Errorf("still watched: %v", f.watchers)
	}
}

func TestWatchAfterLostConnection(t *testing.T) {
	t.Parallel()
	db := open(t)
	asked := ask(t, db, "", "", "one")
	signal, cancel := db.Watch(asked.Conversation)
	defer cancel()
	run(t, db)
	heard(t, signal)
	execute(t, db, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
	heard(t, signal) // once it listens again
	answer(t, db, asked, "")
	heard(t, signal)
}

// Every connection of the pool dies, again and again: reads and writes go on without an error.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	db := open(t)
	asked := ask(t, db, "", "a", "one")
	for range 3 {
		killConnections(t, db)
		ask(t, db, asked.Conversation, "a", "one")
		killConnections(t, db)
		answer(t, db, asked, "")
		killConnections(t, db)
		if log, err := db.Messages(t.Context(), asked.Conversation, 0); err != nil || len(log) != 2 {
			t.Fatalf("log %v, %v", log, err)
		}
	}
}

// killConnections leaves several dead connections in the pool, which has just used them and so trusts them.
func killConnections(t *testing.T, db *DB) {
	t.Helper()
	other := connect(t, db)
	var pool []*pgxpool.Conn
	for range 3 {
		c, err := db.pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pool = append(pool, c)
	}
	for _, c := range pool {
		if _, err := other.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", c.Conn().PgConn().PID()); err != nil {
			t.Fatal(err)
		}
		c.Release()
	}
}

func TestWatchSheets(t *testing.T) {
	t.Parallel()
	db := open(t)
	calls := make(chan struct{}, 10)
	cancel := db.WatchSheets(func() { calls <- struct{}{} })
	run(t, db)
	heard(t, calls)
	execute(t, db, "NOTIFY murshid_sheets")
	heard(t, calls)
	cancel()
	cancel()
	execute(t, db, "NOTIFY murshid_sheets")
	silent(t, calls)
}
