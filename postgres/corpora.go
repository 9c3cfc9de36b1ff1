package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/ingest"
)

// Corpus is a set of sheets loaded under one name.
type Corpus struct {
	Name       string
	Version    string // of a corpus that comes with the binary, as it was last loaded whole
	LoadedAt   time.Time
	Procedures int // 0 for a corpus that was emptied
	Sheets     int
}

const sqlCorpora = `
SELECT c.name, c.version, c.loaded_at, count(DISTINCT p.id), count(s.no)
FROM corpora c LEFT JOIN procedures p ON p.corpus = c.name LEFT JOIN sheets s ON s.id = p.id
GROUP BY c.name ORDER BY c.name`

// Corpora are all corpora that were ever loaded, by name, the emptied ones too.
func (db *DB) Corpora(ctx context.Context) ([]Corpus, error) {
	var corpora []Corpus
	err := db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, sqlCorpora)
		if err != nil {
			return err
		}
		corpora, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Corpus])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read corpora: %w", translate(err, nil))
	}
	return corpora, nil
}

const (
	sqlRemovable = `
SELECT s.id, s.lang FROM sheets s JOIN procedures p USING (id)
WHERE p.corpus = $1 AND (s.shipped OR NOT $2) ORDER BY s.id, s.lang FOR UPDATE OF s`
	sqlRemoveSheets = `
DELETE FROM sheets USING unnest($1::text[], $2::text[]) AS gone (id, lang)
WHERE sheets.id = gone.id AND sheets.lang = gone.lang`
	sqlAddRemoval = `
INSERT INTO sheet_versions (id, lang, version)
SELECT gone.id, gone.lang, 1 + (SELECT coalesce(max(version), 0) FROM sheet_versions v WHERE v.id = gone.id AND v.lang = gone.lang)
FROM unnest($1::text[], $2::text[]) AS gone (id, lang)`
	sqlFreeProcedures = `
DELETE FROM procedures p WHERE corpus = $1 AND NOT EXISTS (SELECT FROM sheets s WHERE s.id = p.id)`
)

// RemoveSheets removes sheets of a corpus, in one transaction, and returns how many. The history keeps what they
// said. A procedure without sheets is free for another corpus.
//
// Errors: ErrUnavailable.
func (db *DB) RemoveSheets(ctx context.Context, r ingest.Removal) (removed int, err error) {
	err = pgx.BeginFunc(ctx, db.conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlRemovable, r.Corpus, r.ShippedOnly)
		if err != nil {
			return err
		}
		keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ingest.Key])
		if err != nil {
			return err
		}
		var ids, langs []string
		for _, key := range keys {
			if !r.Keep(key) {
				ids, langs = append(ids, key.ID), append(langs, key.Lang)
			}
		}
		removed = len(ids)
		return removeSheets(ctx, tx, r.Corpus, [2][]string{ids, langs})
	})
	if err != nil {
		return 0, fmt.Errorf("remove sheets: %w", translate(err, nil))
	}
	return removed, nil
}

func removeSheets(ctx context.Context, tx pgx.Tx, corpus string, keys [2][]string) error {
	if len(keys[0]) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlRemoveSheets, keys[0], keys[1])
	batch.Queue(sqlAddRemoval, keys[0], keys[1])
	batch.Queue(sqlFreeProcedures, corpus)
	return tx.SendBatch(ctx, batch).Close()
}

const sqlLoaded = `
INSERT INTO corpora (name, version) VALUES ($1, $2) ON CONFLICT (name)
DO UPDATE SET loaded_at = now(), version = coalesce(nullif(excluded.version, ''), corpora.version)`

// FinishLoad notes that a corpus was loaded, sees to the vector index and, where anything changed, tells every
// instance to read the sheets again.
//
// Errors: ErrDiskFull, ErrUnavailable.
func (db *DB) FinishLoad(ctx context.Context, f ingest.Finish) error {
	if err := db.finishLoad(ctx, f); err != nil {
		return fmt.Errorf("finish load: %w", translate(err, nil))
	}
	return nil
}

func (db *DB) finishLoad(ctx context.Context, f ingest.Finish) error {
	if f.Corpus != "" {
		if _, err := db.conn.Exec(ctx, sqlLoaded, f.Corpus, f.Version); err != nil {
			return err
		}
	}
	if err := db.ensureIndex(ctx, f.Model); err != nil {
		return err
	}
	if !f.Changed {
		return nil
	}
	_, err := db.conn.Exec(ctx, "SELECT pg_notify($1, '')", channelSheets)
	return err
}
