package postgres

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"murshid/ingest"
	"murshid/retrieval"
)

// clusters gives vectors of length 1 that lie in groups, as those of texts do.
type clusters struct {
	random  *rand.Rand
	centres [][]float32
}

func newClusters(count, dim int) *clusters {
	c := &clusters{random: rand.New(rand.NewPCG(7, 11))}
	for range count {
		c.centres = append(c.centres, c.spread(make([]float32, dim), 1))
	}
	return c
}

// spread is a random vector near another one.
func (c *clusters) spread(centre []float32, by float64) []float32 {
	v := make([]float32, len(centre))
	sum := 0.0
	for i := range v {
		v[i] = centre[i] + float32(by*c.random.NormFloat64()/math.Sqrt(float64(len(v))))
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func (c *clusters) next() []float32 { return c.spread(c.centres[c.random.IntN(len(c.centres))], .6) }

// fill stores sheets with eight passages each, the first of them the title, and makes the index.
func fill(t testing.TB, db *DB, passages int, c *clusters) ingest.Model {
	t.Helper()
	model := ingest.Model{ID: "it's a model", Dim: len(c.centres[0])}
	execute(t, db, "INSERT INTO corpora VALUES ('main'); INSERT INTO procedures SELECT 'p' || i, 'main' FROM generate_series(1, "+
		fmt.Sprint(passages/8)+") i")
	execute(t, db, `INSERT INTO sheets (id, lang, title, data, digest, version, shipped)
		SELECT id, 'fr', id, '{}', decode(repeat('00', 32), 'hex'), 1, false FROM procedures`)
	execute(t, db, "INSERT INTO models (id, dim) VALUES ($1, $2)", model.ID, model.Dim)
	columns := []string{"sheet", "model", "text_digest", "ordinal", "kind", "section", "text", "embedding"}
	text := strings.Repeat("un texte de quelque longueur ", 10)
	rows := pgx.CopyFromSlice(passages/8*8, func(i int) ([]any, error) {
		kind, digest := retrieval.KindSection, make([]byte, 32)
		if i%8 == 0 {
			kind = retrieval.KindTitle
		}
		digest[0] = byte(i)
		return []any{i/8 + 1, 1, digest, i % 8, string(kind), "", text, pgvector.NewHalfVector(c.next())}, nil
	})
	if _, err := db.pool.CopyFrom(t.Context(), pgx.Identifier{"passages"}, columns, rows); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := db.ensureIndex(t.Context(), model); err != nil {
		t.Fatal(err)
	}
	t.Logf("index of %d passages made in %v", passages, time.Since(start).Round(time.Millisecond))
	return model
}

// plan is how the server runs a query, one line a step.
func plan(t testing.TB, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.conn.Query(t.Context(), "EXPLAIN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// exactly is what Nearest would find without an index.
func exactly(t testing.TB, db *DB, vector []float32) []retrieval.Nearness {
	t.Helper()
	rows, err := db.conn.Query(t.Context(), "SELECT sheet, kind, '', ordinal, -(embedding <#> $1), -(embedding <#> $1) FROM passages", pgvector.NewHalfVector(vector))
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, scanNearness)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b retrieval.Nearness) int { return cmp.Compare(b.Raw, a.Raw) })
	return all
}

func TestNearest(t *testing.T) {
	t.Parallel()
	db := open(t)
	c := newClusters(300, 384)
	model := fill(t, db, 5000, c)
	vectors := db.Vectors(model)
	hits := 0
	const searches, near = 50, 60
	for range searches {
		vector, sheets := c.next(), []int64{3, 77, 500, 1 << 40}
		found, err := vectors.Nearest(t.Context(), retrieval.Near{Vector: vector, Centred: vector, Count: near, Sheets: sheets})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != near+3*8 {
			t.Fatalf("%d passages, want %d", len(found), near+3*8)
		}
		all := exactly(t, db, vector)
		for _, n := range found[:near] {
			if n.Raw >= all[near-1].Raw-1e-4 && n.Raw == n.Centred {
				hits++
			}
		}
		checkNamed(t, found[near:], all)
	}
	if recall := float64(hits) / (searches * near); recall < .95 {
		t.Errorf("recall %.3f", recall)
	} else {
		t.Logf("recall %.3f", recall)
	}
}

// checkNamed wants the passages of the named sheets with the right values.
func checkNamed(t *testing.T, found, all []retrieval.Nearness) {
	t.Helper()
	titles := 0
	for _, n := range found {
		if n.Kind == retrieval.KindTitle {
			titles++
		}
		if !slices.ContainsFunc(all, func(a retrieval.Nearness) bool {
			return a.Sheet == n.Sheet && a.Kind == n.Kind && math.Abs(float64(a.Raw-n.Raw)) < 1e-4
		}) {
			t.Errorf("%+v is not stored so", n)
		}
	}
	if titles != 3 {
		t.Errorf("%d titles of 3 sheets", titles)
	}
}

// The planner takes the index by itself, with figures known and with a plan for any figures.
func TestNearestUsesTheIndex(t *testing.T) {
	t.Parallel()
	db := open(t)
	c := newClusters(100, 384)
	fill(t, db, 5000, c)
	conn, err := db.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	one := &DB{conn: conn}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		execute(t, one, "SET plan_cache_mode = "+mode)
		p := plan(t, one, fmt.Sprintf(sqlNearest, 1, 384, 60), pgvector.NewHalfVector(c.next()), []int64{1, 2, 3},
			pgvector.NewHalfVector(c.next()))
		if !strings.Contains(p, "Index Scan using passages_nearest_1") || strings.Contains(p, "Seq Scan") {
			t.Errorf("%s:\n%s", mode, p)
		}
	}
}

func TestNearestOfAnotherModel(t *testing.T) {
	t.Parallel()
	db := open(t)
	c := newClusters(10, 8)
	model := fill(t, db, 80, c)
	for _, other := range []ingest.Model{{ID: "other", Dim: 8}, {ID: model.ID, Dim: 16}} {
		found, err := db.Vectors(other).Nearest(t.Context(), retrieval.Near{Vector: make([]float32, other.Dim),
			Centred: make([]float32, other.Dim), Count: 10, Sheets: []int64{1}})
		if err != nil || len(found) != 0 {
			t.Errorf("%v: %v, %v", other, found, err)
		}
	}
	if _, err := db.Vectors(model).Nearest(t.Context(), retrieval.Near{Vector: make([]float32, 9), Centred: make([]float32, 9), Count: 10}); err == nil {
		t.Error("a vector of another dimension is no error")
	}
}

// An index belongs to one model; it goes when nothing is left of the model.
func TestEnsureIndex(t *testing.T) {
	t.Parallel()
	db := open(t)
	model := fill(t, db, 80, newClusters(10, 8))
	indexes := func() string {
		return scalar[string](t, db, `SELECT coalesce(string_agg(indexdef, E'\n'), '') FROM pg_indexes WHERE indexname LIKE 'passages_nearest_%'`)
	}
	if got := indexes(); strings.Count(got, "\n") != 0 || !strings.Contains(got, "halfvec(8)") {
		t.Errorf("indexes: %s", got)
	}
	wide := ingest.Model{ID: "wide", Dim: 16}
	execute(t, db, "INSERT INTO models (id, dim) VALUES ('wide', 16)")
	if err := db.ensureIndex(t.Context(), wide); err != nil {
		t.Fatal(err)
	}
	if got := indexes(); strings.Count(got, "\n") != 1 {
		t.Errorf("indexes of two models: %s", got)
	}
	execute(t, db, "DELETE FROM passages")
	if err := db.ensureIndex(t.Context(), wide); err != nil {
		t.Fatal(err)
	}
	if got := indexes(); strings.Count(got, "\n") != 0 || !strings.Contains(got, "halfvec(16)") {
		t.Errorf("indexes after %v went: %s", model, got)
	}
	huge := ingest.Model{ID: "huge", Dim: maxIndexed + 1}
	execute(t, db, "INSERT INTO models (id, dim) VALUES ($1, $2)", huge.ID, huge.Dim)
	if err := db.ensureIndex(t.Context(), huge); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkNearest is the search at 27,000 passages, with the passages of 32 named sheets besides.
func BenchmarkNearest(b *testing.B) {
	db := open(b)
	c := newClusters(1500, 384)
	vectors := db.Vectors(fill(b, db, 27000, c))
	sheets := make([]int64, 32)
	var took []time.Duration
	for b.Loop() {
		vector := c.next()
		for i := range sheets {
			sheets[i] = 1 + c.random.Int64N(27000/8)
		}
		start := time.Now()
		if _, err := vectors.Nearest(b.Context(), retrieval.Near{Vector: vector, Centred: vector, Count: 60, Sheets: sheets}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
}
