package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"murshid/desk"
)

// Agent is the stored password hash of an agent. Errors: desk.ErrCredentials, ErrUnavailable.
func (db *DB) Agent(ctx context.Context, name string) (passwordHash string, err error) {
	const query = "SELECT password_hash FROM agents WHERE name = $1"
	err = db.repeat(ctx, func() error {
		return db.conn.QueryRow(ctx, query, storable(name)).Scan(&passwordHash)
	})
	if err != nil {
		return "", fmt.Errorf("find agent: %w", translate(err, desk.ErrCredentials))
	}
	return passwordHash, nil
}

const sqlAddAgent = `
INSERT INTO agents (name, password_hash) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, updated_at = now()`

// AddAgent stores an agent, or a new password for one. Errors: ErrDiskFull, ErrUnavailable.
func (db *DB) AddAgent(ctx context.Context, name, passwordHash string) error {
	err := db.repeat(ctx, func() error {
		_, err := db.conn.Exec(ctx, sqlAddAgent, name, passwordHash)
		return err
	})
	if err != nil {
		return fmt.Errorf("add agent: %w", translate(err, nil))
	}
	return nil
}

// Agents are the names of all agents, in order. Errors: ErrUnavailable.
func (db *DB) Agents(ctx context.Context) (names []string, err error) {
	err = db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, "SELECT name FROM agents ORDER BY name")
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", translate(err, nil))
	}
	return names, nil
}
