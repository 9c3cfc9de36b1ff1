package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The oldest PostgreSQL that serves, and the oldest pgvector: before it a parallel index build could read memory
// of other sessions (CVE-2026-3172).
const oldestServer = 140000

var oldestVector = [3]int{0, 8, 2}

// Migrate brings the schema up to date. It uses plain connections, because a pool that registers vector types
// cannot connect before the extension is there. Several processes may call it at once: one migrates, the others
// wait.
//
// Errors: ErrServerOld, ErrVectorMissing, ErrVectorOld, ErrSchemaNewer, ErrDiskFull, ErrUnavailable.
func Migrate(ctx context.Context, config *pgx.ConnConfig) error {
	db := stdlib.OpenDB(*config)
	defer db.Close()
	if err := ready(ctx, db); err != nil {
		return fmt.Errorf("migrate: %w", translate(err, nil))
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(gate{}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", translate(err, nil))
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", translate(err, nil))
	}
	if current > known {
		return fmt.Errorf("migrate: %w (schema %d, this one knows %d)", ErrSchemaNewer, current, known)
	}
	return nil
}

// gate lets one process at a time change the schema. Goose's own lock asks once a second; this one waits in the
// server, so that commands that start together lose no time. It ends with its session.
type gate struct{}

// gateID is the number of our advisory lock: "murshid" in ASCII.
const gateID = 0x6d757273686964

// SessionLock waits for the lock.
func (gate) SessionLock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(gateID)); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	return nil
}

// SessionUnlock gives the lock back.
func (gate) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(gateID))
	return err
}

// ready checks that the server fits and makes the extension where it is missing.
func ready(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := checkServer(ctx, conn); err != nil {
		return err
	}
	return ensureVector(ctx, conn)
}

func checkServer(ctx context.Context, conn *sql.Conn) error {
	var number int
	const query = "SELECT current_setting('server_version_num')::int"
	if err := conn.QueryRowContext(ctx, query).Scan(&number); err != nil {
		return fmt.Errorf("read server version: %w", err)
	}
	if number < oldestServer {
		return fmt.Errorf("%w: it is %d", ErrServerOld, number/10000)
	}
	return nil
}

// ensureVector creates the extension where it is missing; whoever may not create it can still use it.
func ensureVector(ctx context.Context, conn *sql.Conn) error {
	version, err := vectorVersion(ctx, conn)
	if err == nil && version == "" {
		if err := createVector(ctx, conn); err != nil {
			return err
		}
		version, err = vectorVersion(ctx, conn)
	}
	if err != nil {
		return fmt.Errorf("read version of pgvector: %w", err)
	}
	if older(version, oldestVector) {
		return fmt.Errorf("%w: it is %s", ErrVectorOld, version)
	}
	return nil
}

// createVector creates the extension. Two that create it at once would disturb each other, hence the gate.
func createVector(ctx context.Context, conn *sql.Conn) (err error) {
	if err := (gate{}).SessionLock(ctx, conn); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gate{}.SessionUnlock(context.WithoutCancel(ctx), conn)) }()
	_, err = conn.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS vector")
	switch sqlState(err) {
	case codeNoPrivilege, codeNotSupported, codeNoFile:
		return fmt.Errorf("%w: %w", ErrVectorMissing, err)
	}
	if err != nil {
		return fmt.Errorf("create extension vector: %w", err)
	}
	return nil
}

// vectorVersion is the version of the extension in this database, empty where it is not there.
func vectorVersion(ctx context.Context, conn *sql.Conn) (version string, err error) {
	const query = "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), '')"
	err = conn.QueryRowContext(ctx, query).Scan(&version)
	return version, err
}

// older compares a version such as "0.8.10" by its numbers. What is no number counts as zero.
func older(version string, than [3]int) bool {
	parts := strings.SplitN(version, ".", len(than))
	for i, least := range than {
		number := 0
		if i < len(parts) {
			number, _ = strconv.Atoi(parts[i])
		}
		if number != least {
			return number < least
		}
	}
	return false
}
