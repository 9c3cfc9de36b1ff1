package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"murshid/embedding"
	"murshid/embedding/e5"
	"murshid/ingest"
	"murshid/postgres"
	"murshid/postgres/server/servertest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(loadAsChild())
	}
	servertest.Main(m)
}

// openStore gives a store on a fresh database of the test's own.
func openStore(t testing.TB) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Options{Config: servertest.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// toy gives texts vectors without meaning and notes which it was given. The zero value has 8 dimensions.
type toy struct {
	id     string
	dim    int
	before func(context.Context) error // called before each text

	mu    sync.Mutex
	texts []string
}

func (e *toy) Model() embedding.Model {
	if e.dim == 0 {
		return embedding.Model{ID: "toy" + e.id, Dim: 8}
	}
	return embedding.Model{ID: "toy" + e.id, Dim: e.dim}
}

func (e *toy) Embed(ctx context.Context, _ embedding.Kind, texts []string) ([][]float32, error) {
	var vectors [][]float32
	for _, text := range texts {
		if e.before != nil {
			if err := e.before(ctx); err != nil {
				return nil, err
			}
		}
		vectors = append(vectors, toyVector(text, e.Model().Dim))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts = append(e.texts, texts...)
	return vectors, ctx.Err()
}

// taken are the texts embedded since the last call.
func (e *toy) taken() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	texts := e.texts
	e.texts = nil
	return texts
}

func toyVector(text string, dim int) []float32 {
	vector := make([]float32, dim)
	sum := 0.0
	state := sha256.Sum256([]byte(text))
	for i := range vector {
		if i%8 == 0 {
			state = sha256.Sum256(state[:])
		}
		vector[i] = float32(int32(binary.LittleEndian.Uint32(state[4*(i%8):]))) / math.MaxInt32
		sum += float64(vector[i]) * float64(vector[i])
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(sum))
	}
	return vector
}

// engine is the built-in engine with the real model.
func engine(t testing.TB) *e5.Engine {
	t.Helper()
	cache := os.Getenv("MURSHID_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(user, "murshid")
	}
	e, err := e5.Open(e5.Options{ModelPath: filepath.Join(cache, "e5", "e5-small-q4.bin"),
		CharsmapPath: filepath.Join(cache, "e5", "charsmap.bin")})
	if err != nil {
		t.Fatalf("the embedding model is not here: run make setup (%v)", err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// lines is the source of a file of JSON Lines.
func lines(t testing.TB, text ...string) ingest.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sheets.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(text, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := ingest.Paths(path)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// sheetLine is a small sheet as a line of JSON.
func sheetLine(id, lang, fee string) string {
	return fmt.Sprintf(`{"id":%q,"lang":%q,"title":"Titre de %s","documents":["papier de %s"],"fee":%q}`, id, lang, id, id, fee)
}

func load(t testing.TB, in *ingest.Ingester, o ingest.Options, source ingest.Source) ingest.Summary {
	t.Helper()
	summary, err := in.Load(t.Context(), o, source)
	if err != nil {
		t.Fatal(err)
	}
	summary.Seconds = 0
	return summary
}
