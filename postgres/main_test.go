package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// open gives a store on a fresh database of the test's own.
func open(t testing.TB) *DB {
	t.Helper()
	return openOn(t, servertest.Database(t), newSeal(t, 1))
}

// openOn gives a store on a database, closed at the end of the test.
func openOn(t testing.TB, config *pgx.ConnConfig, seal *Seal) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Config: config, Seal: seal})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// newSeal gives a seal with a key for each id; the same id is the same key.
func newSeal(t testing.TB, ids ...byte) *Seal {
	t.Helper()
	keys := make([]Key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, Key{ID: id, Secret: [32]byte{id}})
	}
	seal, err := NewSeal(keys)
	if err != nil {
		t.Fatal(err)
	}
	return seal
}

// execute runs a statement that stands outside what the store offers.
func execute(t testing.TB, db *DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// scalar is the one value a query gives.
func scalar[T any](t testing.TB, db *DB, sql string, args ...any) T {
	t.Helper()
	var value T
	if err := db.conn.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// connect gives a connection beside the pool.
func connect(t testing.TB, db *DB) *pgx.Conn {
	t.Helper()
	c, err := pgx.ConnectConfig(t.Context(), db.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}
