package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"murshid/ingest"
)

// maxIndexed is the largest dimension of a halfvec that HNSW takes (pgvector); beyond it every search is exact.
const maxIndexed = 4000

// indexGate is the number of the advisory lock of those who make or drop vector indexes.
const indexGate = 0x6d75727368696478

const (
	// The cast gives the column a dimension; the condition keeps vectors of other dimensions away from it.
	sqlMakeIndex = `
CREATE INDEX IF NOT EXISTS passages_nearest_%[1]d ON passages
USING hnsw ((embedding::halfvec(%[2]d)) halfvec_ip_ops) WITH (m = 16, ef_construction = 64)
WHERE model = %[1]d AND kind NOT IN ('phrasing', 'called')`
	// The graph of 150,000 passages fits into this memory; the build is slow once it does not. A second worker halves
	// the time but wants all of it as shared memory, of which containers have little.
	sqlIndexMemory   = `SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL max_parallel_maintenance_workers = 0`
	sqlIndexParallel = `SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL max_parallel_maintenance_workers = 1`
	sqlIndexMissing  = `SELECT to_regclass(format('passages_nearest_%s', $1::int)) IS NULL`
	sqlIdleIndexes   = `
SELECT format('passages_nearest_%s', no) FROM models m
WHERE no <> $1 AND to_regclass(format('passages_nearest_%s', no)) IS NOT NULL
	AND NOT EXISTS (SELECT FROM passages WHERE model = m.no)`
)

// ensureIndex makes the vector index of the model where it is missing and drops those of models that no passage is
// left of. A bulk load into an empty table is cheaper when the index comes after it.
func (db *DB) ensureIndex(ctx context.Context, model ingest.Model) error {
	no, err := modelNumber(ctx, db.conn, model)
	if err != nil || no == 0 {
		return err
	}
	return pgx.BeginFunc(ctx, db.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(indexGate)); err != nil {
			return err
		}
		if err := makeIndex(ctx, tx, no, model.Dim); err != nil {
			return fmt.Errorf("make vector index: %w", err)
		}
		return dropIdleIndexes(ctx, tx, no)
	})
}

func makeIndex(ctx context.Context, tx pgx.Tx, no int16, dim int) error {
	missing := false
	if err := tx.QueryRow(ctx, sqlIndexMissing, no).Scan(&missing); err != nil || !missing || dim > maxIndexed {
		return err
	}
	build := func(settings string) error {
		return pgx.BeginFunc(ctx, tx, func(sp pgx.Tx) error {
			if _, err := sp.Exec(ctx, settings); err != nil {
				return err
			}
			_, err := sp.Exec(ctx, fmt.Sprintf(sqlMakeIndex, no, dim))
			return err
		})
	}
	if err := build(sqlIndexParallel); err != nil {
		if ctx.Err() != nil {
			return err
		}
		if err := build(sqlIndexMemory); err != nil {
			return err
		}
	}
	// Without figures on the new rows the planner would not use the index.
	_, err := tx.Exec(ctx, "ANALYZE passages")
	return err
}

func dropIdleIndexes(ctx context.Context, tx pgx.Tx, inUse int16) error {
	rows, err := tx.Query(ctx, sqlIdleIndexes, inUse)
	if err != nil {
		return err
	}
	idle, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range idle {
		if _, err := tx.Exec(ctx, "DROP INDEX "+pgx.Identifier{name}.Sanitize()); err != nil {
			return fmt.Errorf("drop vector index: %w", err)
		}
	}
	return nil
}
