package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Errors of the store that a person can do something about.
var (
	ErrServerOld     = errors.New("the database server is older than PostgreSQL 14")
	ErrVectorMissing = errors.New("the extension pgvector is missing: install it on the database server and run CREATE EXTENSION vector in this database")
	ErrVectorOld     = errors.New("the extension pgvector is older than 0.8.2: update it on the database server and run ALTER EXTENSION vector UPDATE in this database")
	ErrSchemaNewer   = errors.New("the database was migrated by a newer version of murshid")
	ErrForeignKeys   = errors.New("the keys in the data folder are not those of this database: restore the folder keys that belongs to it")
	ErrDiskFull      = errors.New("the disk of the database is full")
	ErrUnavailable   = errors.New("the database does not answer")
)

// The SQLSTATE codes that mean something to us (PostgreSQL manual, appendix A).
const (
	codeDiskFull        = "53100"
	codeTooManyConns    = "53300"
	codeUniqueViolation = "23505"
	codeNoPrivilege     = "42501"
	codeNotSupported    = "0A000"
	codeNoFile          = "58P01"
)

// translate turns an error of the driver into one of ours; none is what "no rows" means to the caller. It is the
// only place that does so. What is cancelled stays cancelled.
func translate(err, none error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, pgx.ErrNoRows) && none != nil:
		return none
	case sqlState(err) == codeDiskFull:
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case lost(err) && !errors.Is(err, ErrUnavailable):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// sqlState is the code of an error that the server reported, or empty.
func sqlState(err error) string {
	if reported, ok := errors.AsType[*pgconn.PgError](err); ok {
		return reported.Code
	}
	return ""
}

// lost reports whether an error means that there is no connection, or none any more.
func lost(err error) bool {
	if code := sqlState(err); code != "" {
		switch code {
		case "57P01", "57P02", "57P03", "57P05", codeTooManyConns: // shut down, crashed, starting, idle, crowded
			return true
		}
		return code[:2] == "08"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err)
}

// breath is the pause before a second attempt: a server that lost a backend needs some 0.1 s to come back.
const breath = 250 * time.Millisecond

// repeat runs act, and once more where the connection was lost meanwhile. It is for what may safely run twice:
// a read, or a write that a unique index makes the same one.
func (db *DB) repeat(ctx context.Context, act func() error) error {
	err := act()
	if err == nil || !lost(err) || ctx.Err() != nil {
		return err
	}
	db.pool.Reset() // the other connections are most likely gone too
	select {
	case <-ctx.Done():
		return err
	case <-time.After(breath):
	}
	return act()
}
