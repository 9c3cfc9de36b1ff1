// Package postgres keeps everything murshid remembers in PostgreSQL with pgvector.
//
// There is one concrete store, one file for each table, with the SQL beside its method. The schema holds the
// rules (checks, unique indexes); errors of the driver become errors of the domain in errors.go.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxvector "github.com/pgvector/pgvector-go/pgx"

	"murshid/assistant"
	"murshid/channels"
	"murshid/desk"
)

var (
	_ assistant.Store  = (*DB)(nil)
	_ channels.Log     = (*DB)(nil)
	_ channels.Watcher = (*DB)(nil)
	_ desk.Store       = (*DB)(nil)
)

// defaultMaxConns leaves room for several commands beside the service: the private server takes 40 connections.
const defaultMaxConns = 10

// runtimeParams are settings of every connection. The default of hnsw.ef_search would cap a vector search at 40
// passages; as a connection's parameter it costs no round trip.
var runtimeParams = map[string]string{
	"application_name": "murshid",
	"hnsw.ef_search":   "70",
}

// Options say which database to open.
type Options struct {
	Config   *pgx.ConnConfig // where the database is; required
	Seal     *Seal           // seals what people write; without one conversations can be neither stored nor read
	Log      *slog.Logger    // Defaults to silence.
	MaxConns int32           // Defaults to 10.
}

// DB is the store. Its methods may be called at the same time.
type DB struct {
	conn   conn
	pool   *pgxpool.Pool
	config *pgx.ConnConfig
	seal   *Seal
	log    *slog.Logger
	fan    fan
}

// conn is what a pool and a transaction share.
type conn interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Open migrates the database where it must and gives a store for it. The caller closes it.
//
// Errors: ErrServerOld, ErrVectorMissing, ErrVectorOld, ErrSchemaNewer, ErrForeignKeys, ErrDiskFull,
// ErrUnavailable.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Config == nil {
		return nil, errors.New("open database: no configuration")
	}
	config := withParams(o.Config)
	if err := Migrate(ctx, config); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool, err := openPool(ctx, config, o.MaxConns)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", translate(err, nil))
	}
	db := &DB{conn: pool, pool: pool, config: config, seal: o.Seal, log: o.Log}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if err := db.checkKeys(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Close closes all connections, once they are given back.
func (db *DB) Close() { db.pool.Close() }

// Ping asks whether the database answers. Errors: ErrUnavailable.
func (db *DB) Ping(ctx context.Context) error { return translate(db.pool.Ping(ctx), nil) }

func withParams(c *pgx.ConnConfig) *pgx.ConnConfig {
	c = c.Copy()
	if c.RuntimeParams == nil {
		c.RuntimeParams = map[string]string{}
	}
	maps.Copy(c.RuntimeParams, runtimeParams)
	return c
}

func openPool(ctx context.Context, config *pgx.ConnConfig, maxConns int32) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig("") // pgxpool refuses a configuration it did not make itself
	if err != nil {
		return nil, err
	}
	c.ConnConfig = config
	c.MaxConns = defaultMaxConns
	if maxConns > 0 {
		c.MaxConns = maxConns
	}
	c.AfterConnect = pgxvector.RegisterTypes
	return pgxpool.NewWithConfig(ctx, c)
}
