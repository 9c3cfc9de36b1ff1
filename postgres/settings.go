package postgres

import (
	"context"
	"encoding/hex"
	"fmt"
)

// sqlSealWord stores a sealed word, or gives the one that is stored. The update changes nothing: without it an
// insert that came second would return no row.
const sqlSealWord = `
INSERT INTO settings (name, value) VALUES ('seal', to_jsonb($1::text))
ON CONFLICT (name) DO UPDATE SET name = excluded.name
RETURNING value #>> '{}'`

// checkKeys compares our keys with those that sealed what the database holds, by a word that the first to open
// the database sealed. Two services with different keys on one database could not read each other's messages.
// Errors: ErrForeignKeys.
func (db *DB) checkKeys(ctx context.Context) error {
	if db.seal == nil {
		return nil
	}
	bound := []byte("settings")
	sealed, err := db.seal.seal("murshid", bound)
	if err != nil {
		return fmt.Errorf("check keys: %w", err)
	}
	var stored string
	err = db.repeat(ctx, func() error {
		return db.conn.QueryRow(ctx, sqlSealWord, hex.EncodeToString(sealed)).Scan(&stored)
	})
	if err != nil {
		return fmt.Errorf("check keys: %w", translate(err, nil))
	}
	if sealed, err = hex.DecodeString(stored); err == nil {
		_, err = db.seal.open(sealed, bound)
	}
	if err != nil {
		return fmt.Errorf("check keys: %w", ErrForeignKeys)
	}
	return nil
}
