package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"murshid/ingest"
	"murshid/retrieval"
)

var _ retrieval.Vectors = (*Vectors)(nil)

// passageRows are the passages of one sheet by one model.
type passageRows struct {
	sheet    int64
	model    int16
	passages []ingest.Embedded
}

const (
	sqlDropPassages = `
DELETE FROM passages WHERE sheet = $1 AND NOT (model = $2 AND text_digest = ANY($3::bytea[]))`
	sqlMovePassage = `
UPDATE passages SET ordinal = $4, kind = $5, section = $6
WHERE sheet = $1 AND model = $2 AND text_digest = $3 AND (ordinal, kind, section) <> ($4, $5, $6)`
	sqlAddPassages = `
INSERT INTO passages (sheet, model, text_digest, ordinal, kind, section, text, embedding)
SELECT $1, $2, * FROM unnest($3::bytea[], $4::int[], $5::text[], $6::text[], $7::text[], $8::halfvec[])`
	sqlCountPassages = `SELECT count(*) FROM passages WHERE sheet = $1 AND model = $2`
)

// savePassages gives the sheet exactly these passages. Rows whose text stays are not written anew, so that the
// vector index need not take them in again.
func savePassages(ctx context.Context, tx pgx.Tx, r passageRows) error {
	batch := &pgx.Batch{}
	kept := [][]byte{} // not nil, which would be NULL
	fresh := columns{}
	for i := range r.passages {
		p := &r.passages[i]
		if p.Vector != nil {
			fresh.add(p)
			continue
		}
		kept = append(kept, p.Digest[:])
		batch.Queue(sqlMovePassage, r.sheet, r.model, p.Digest[:], p.Ordinal, p.Kind, p.Section)
	}
	batch.Queue(sqlDropPassages, r.sheet, r.model, kept)
	batch.Queue(sqlAddPassages, r.sheet, r.model, fresh.digests, fresh.ordinals, fresh.kinds, fresh.sections, fresh.texts,
		fresh.vectors)
	stored := 0
	batch.Queue(sqlCountPassages, r.sheet, r.model).QueryRow(func(row pgx.Row) error { return row.Scan(&stored) })
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("save passages: %w", err)
	}
	if stored != len(r.passages) { // one that was to be kept has gone
		return ingest.ErrRaced
	}
	return nil
}

// columns are the values of new passages, a slice a column.
type columns struct {
	digests                [][]byte
	ordinals               []int
	kinds, sections, texts []string
	vectors                []pgvector.HalfVector
}

func (c *columns) add(p *ingest.Embedded) {
	c.digests, c.ordinals = append(c.digests, p.Digest[:]), append(c.ordinals, p.Ordinal)
	c.kinds, c.sections, c.texts = append(c.kinds, string(p.Kind)), append(c.sections, p.Section), append(c.texts, p.Text)
	c.vectors = append(c.vectors, pgvector.NewHalfVector(p.Vector))
}

// Vectors searches the passages of one model.
type Vectors struct {
	db    *DB
	model ingest.Model
	no    atomic.Int32 // of the model; 0 until its first passage is stored
}

// Vectors is the search among the passages that the model embedded.
func (db *DB) Vectors(model ingest.Model) *Vectors { return &Vectors{db: db, model: model} }

// sqlNearest asks the vector index and, for named sheets, the table. Model, dimension and limit stand in the text
// as figures: the planner must see that the partial index serves, and how few rows are wanted.
const sqlNearest = `
(SELECT sheet, kind, '', ordinal, -(embedding::halfvec(%[2]d) <#> $1::halfvec(%[2]d)), -(embedding <#> $3) FROM passages
WHERE model = %[1]d AND kind NOT IN ('phrasing', 'called') ORDER BY embedding::halfvec(%[2]d) <#> $1::halfvec(%[2]d) LIMIT %[3]d)
UNION ALL
SELECT sheet, kind, '', ordinal, -(embedding <#> $1), -(embedding <#> $3)
FROM passages WHERE model = %[1]d AND sheet = ANY($2::bigint[]) AND kind NOT IN ('phrasing', 'called')
UNION ALL
SELECT sheet, kind, section, min(ordinal), max(-(embedding <#> $1)), max(-(embedding <#> $3))
FROM passages WHERE model = %[1]d AND sheet = ANY($2::bigint[]) AND kind IN ('phrasing', 'called') GROUP BY sheet, kind, section`

// Nearest returns, in one round trip, the passages nearest to the vector and all texts of the named sheets; a
// passage can be in both. Of what people say, only the nearest in each language counts: one row stands for all. Of the nearest, some may be missed: the index is approximate.
//
// Errors: ErrUnavailable.
func (v *Vectors) Nearest(ctx context.Context, n retrieval.Near) ([]retrieval.Nearness, error) {
	if len(n.Vector) != v.model.Dim || len(n.Centred) != v.model.Dim {
		return nil, fmt.Errorf("search vectors: %d components, the model has %d", len(n.Vector), v.model.Dim)
	}
	var found []retrieval.Nearness
	err := v.db.repeat(ctx, func() error {
		no, err := v.number(ctx)
		if err != nil || no == 0 {
			return err
		}
		query := fmt.Sprintf(sqlNearest, no, v.model.Dim, n.Count)
		rows, err := v.db.conn.Query(ctx, query, pgvector.NewHalfVector(n.Vector), n.Sheets, pgvector.NewHalfVector(n.Centred))
		if err != nil {
			return err
		}
		found, err = pgx.AppendRows(make([]retrieval.Nearness, 0, n.Count+20*len(n.Sheets)), rows, scanNearness)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search vectors: %w", translate(err, nil))
	}
	return found, nil
}

func scanNearness(row pgx.CollectableRow) (n retrieval.Nearness, err error) {
	err = row.Scan(&n.Sheet, &n.Kind, &n.Lang, &n.Ordinal, &n.Raw, &n.Centred)
	return n, err
}

const sqlNamed = `
SELECT p.sheet, p.kind, CASE WHEN p.kind IN ('phrasing', 'called') THEN p.section ELSE s.lang END, p.embedding
FROM passages p JOIN sheets s ON s.no = p.sheet
WHERE p.model = $1 AND p.kind IN ('title', 'names', 'phrasing', 'called')`

// Named are the vectors of all titles, names and phrasings. Errors: ErrUnavailable.
func (v *Vectors) Named(ctx context.Context) ([]retrieval.NamedVector, error) {
	var named []retrieval.NamedVector
	err := v.db.repeat(ctx, func() error {
		no, err := v.number(ctx)
		if err != nil || no == 0 {
			return err
		}
		rows, err := v.db.conn.Query(ctx, sqlNamed, no)
		if err != nil {
			return err
		}
		named, err = pgx.CollectRows(rows, scanNamed)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", translate(err, nil))
	}
	return named, nil
}

func scanNamed(row pgx.CollectableRow) (n retrieval.NamedVector, err error) {
	var vector pgvector.HalfVector
	err = row.Scan(&n.Sheet, &n.Kind, &n.Lang, &vector)
	n.Vector = vector.Slice()
	return n, err
}

// number is the number of the model in this database, 0 while it has no passage there.
func (v *Vectors) number(ctx context.Context) (int32, error) {
	if no := v.no.Load(); no != 0 {
		return no, nil
	}
	no, err := modelNumber(ctx, v.db.conn, v.model)
	v.no.Store(int32(no))
	return int32(no), err
}

func modelNumber(ctx context.Context, c conn, model ingest.Model) (no int16, err error) {
	err = c.QueryRow(ctx, `SELECT no FROM models WHERE id = $1 AND dim = $2`, model.ID, model.Dim).Scan(&no)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return no, err
}
