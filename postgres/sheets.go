package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"murshid/ingest"
	"murshid/retrieval"
)

var _ ingest.Store = (*DB)(nil)

const sqlSheets = `
SELECT s.no, p.corpus, s.data FROM sheets s JOIN procedures p USING (id) ORDER BY s.id, s.lang`

// Sheets are all stored sheets, by id and language.
func (db *DB) Sheets(ctx context.Context) ([]retrieval.Sheet, error) {
	var sheets []retrieval.Sheet
	err := db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, sqlSheets)
		if err != nil {
			return err
		}
		sheets, err = pgx.CollectRows(rows, scanSheet)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", translate(err, nil))
	}
	return sheets, nil
}

func scanSheet(row pgx.CollectableRow) (retrieval.Sheet, error) {
	var no int64
	var corpus string
	var data []byte
	if err := row.Scan(&no, &corpus, &data); err != nil {
		return retrieval.Sheet{}, err
	}
	return decodeSheet(no, corpus, data)
}

func decodeSheet(no int64, corpus string, data []byte) (retrieval.Sheet, error) {
	var s retrieval.Sheet
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("decode sheet %d: %w", no, err)
	}
	s.No, s.Corpus = no, corpus
	return s, nil
}

const sqlFindSheet = `
SELECT p.corpus, s.no, s.data, s.digest, s.shipped, ARRAY(
	SELECT text_digest FROM passages
	WHERE sheet = s.no AND model = (SELECT no FROM models WHERE id = $3 AND dim = $4))
FROM procedures p LEFT JOIN sheets s ON s.id = p.id AND s.lang = $2
WHERE p.id = $1`

// FindSheet says what is stored of a sheet.
func (db *DB) FindSheet(ctx context.Context, key ingest.Key, model ingest.Model) (stored ingest.Stored, err error) {
	err = db.repeat(ctx, func() error {
		stored, err = scanStored(db.conn.QueryRow(ctx, sqlFindSheet, key.ID, key.Lang, model.ID, model.Dim))
		return err
	})
	if err != nil {
		return ingest.Stored{}, fmt.Errorf("find sheet: %w", translate(err, nil))
	}
	return stored, nil
}

// scanStored reads a row of sqlFindSheet. No row is nothing stored.
func scanStored(row pgx.Row) (stored ingest.Stored, err error) {
	var no *int64
	var data, digest []byte
	var shipped *bool
	var texts [][]byte
	err = row.Scan(&stored.Corpus, &no, &data, &digest, &shipped, &texts)
	if errors.Is(err, pgx.ErrNoRows) {
		return ingest.Stored{}, nil
	}
	if err != nil || no == nil {
		return stored, err
	}
	stored.Exists, stored.Shipped = true, *shipped
	copy(stored.Digest[:], digest)
	stored.Texts = make(map[ingest.Digest]bool, len(texts))
	for _, t := range texts {
		stored.Texts[ingest.Digest(t)] = true
	}
	stored.Sheet, err = decodeSheet(*no, stored.Corpus, data)
	return stored, err
}

// SaveSheet stores a sheet with all its passages and, where its content changed, a row of its history, all or
// nothing.
//
// Errors: ingest.ErrForeign, ingest.ErrRaced, ErrDiskFull, ErrUnavailable.
func (db *DB) SaveSheet(ctx context.Context, c ingest.Change) error {
	err := db.repeat(ctx, func() error {
		return pgx.BeginFunc(ctx, db.conn, func(tx pgx.Tx) error { return saveSheet(ctx, tx, c) })
	})
	if err != nil {
		return fmt.Errorf("save sheet: %w", translate(err, nil))
	}
	return nil
}

func saveSheet(ctx context.Context, tx pgx.Tx, c ingest.Change) error {
	batch, rows := &pgx.Batch{}, passageRows{passages: c.Passages}
	var corpus string
	queueClaim(batch, c, &corpus, &rows.model)
	if err := queueSheet(batch, c, &rows.sheet); err != nil {
		return err
	}
	err := tx.SendBatch(ctx, batch).Close()
	switch {
	case corpus != "" && corpus != c.Sheet.Corpus:
		return fmt.Errorf("%w: %s", ingest.ErrForeign, corpus)
	case errors.Is(err, pgx.ErrNoRows), sqlState(err) == codeUniqueViolation: // changed or removed meanwhile
		return ingest.ErrRaced
	case err != nil:
		return err
	}
	return savePassages(ctx, tx, rows)
}

const (
	sqlAddCorpus    = `INSERT INTO corpora (name) VALUES ($1) ON CONFLICT DO NOTHING`
	sqlAddProcedure = `INSERT INTO procedures (id, corpus) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	sqlAddModel     = `INSERT INTO models (id, dim) SELECT $1, $2 WHERE NOT EXISTS (
	SELECT FROM models WHERE id = $1 AND dim = $2) ON CONFLICT DO NOTHING`
	sqlClaimed = `
SELECT p.corpus, m.no FROM procedures p, models m
WHERE p.id = $1 AND m.id = $2 AND m.dim = $3 FOR KEY SHARE OF p`
)

// queueClaim makes sure of the rows that a sheet refers to. It reads the procedure's corpus and the model's number.
func queueClaim(batch *pgx.Batch, c ingest.Change, corpus *string, model *int16) {
	batch.Queue(sqlAddCorpus, c.Sheet.Corpus)
	batch.Queue(sqlAddProcedure, c.Sheet.ID, c.Sheet.Corpus)
	batch.Queue(sqlAddModel, c.Model.ID, c.Model.Dim)
	batch.Queue(sqlClaimed, c.Sheet.ID, c.Model.ID, c.Model.Dim).QueryRow(func(row pgx.Row) error {
		return row.Scan(corpus, model)
	})
}

const (
	sqlAddVersion = `
INSERT INTO sheet_versions (id, lang, version, data)
SELECT $1, $2, 1 + coalesce(max(version), 0), $3 FROM sheet_versions WHERE id = $1 AND lang = $2
HAVING (array_agg(data ORDER BY version DESC))[1] IS DISTINCT FROM $3::jsonb`
	sqlInsertSheet = `
INSERT INTO sheets (id, lang, title, data, digest, shipped, version)
SELECT $1, $2, $3, $4, $5, $6, max(version) FROM sheet_versions WHERE id = $1 AND lang = $2
ON CONFLICT DO NOTHING RETURNING no`
	sqlUpdateSheet = `
UPDATE sheets SET title = $3, data = $4, digest = $5, shipped = $6, updated_at = now(),
	version = (SELECT max(version) FROM sheet_versions WHERE id = $1 AND lang = $2)
WHERE id = $1 AND lang = $2 AND digest = $7 RETURNING no`
)

// queueSheet writes the sheet's own row and, where its content changed, its history. It reads the row's number.
func queueSheet(batch *pgx.Batch, c ingest.Change, no *int64) error {
	s := c.Sheet
	s.Corpus = "" // the procedure's row says it
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode sheet: %w", err)
	}
	query, args := sqlInsertSheet, []any{s.ID, s.Lang, s.Title, data, c.Digest[:], c.Shipped}
	if c.Was != (ingest.Digest{}) {
		query, args = sqlUpdateSheet, append(args, c.Was[:])
	}
	batch.Queue(sqlAddVersion, s.ID, s.Lang, data)
	batch.Queue(query, args...).QueryRow(func(row pgx.Row) error { return row.Scan(no) })
	return nil
}
