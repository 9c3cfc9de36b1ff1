package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"murshid/assets"
	"murshid/assistant"
	"murshid/corpus"
	"murshid/embedding"
	"murshid/embedding/e5"
	"murshid/ingest"
	"murshid/language"
	"murshid/postgres"
	"murshid/postgres/server"
	"murshid/retrieval"
)

// databaseName is the database of the installation in its private server.
const databaseName = "murshid"

// installation is what the commands work with: the database, the engine and what is built on them. Its parts are
// opened as they are needed and closed together.
type installation struct {
	Config
	service   bool // it serves, where other commands do one thing and leave
	log       *slog.Logger
	files     assets.Files
	server    *server.Server // nil with a database of one's own
	target    *pgx.ConnConfig
	db        *postgres.DB
	embedder  embedding.Embedder
	retriever *retrieval.Retriever
	composer  assistant.Composer // nil without a language model
	indexing  sync.Mutex         // one index is built at a time
	closers   []func() error
}

func newInstallation(c *call) *installation {
	level := slog.LevelWarn
	serving := c.name == "serve"
	if serving {
		level = slog.LevelInfo
	}
	return &installation{Config: c.Config, service: serving, log: slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: level}))}
}

// openDatabase starts or joins the installation's database and migrates it.
func openDatabase(ctx context.Context, c *call) (*installation, error) {
	in := newInstallation(c)
	err := in.find()
	if err == nil {
		err = in.reach(ctx)
	}
	if err == nil {
		err = in.openStore(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

// openStore migrates the database and opens the store on it.
func (in *installation) openStore(ctx context.Context) error {
	keys, err := postgres.LoadKeys(in.Data)
	if err != nil {
		return err
	}
	seal, err := postgres.NewSeal(keys)
	if err != nil {
		return err
	}
	in.db, err = postgres.Open(ctx, postgres.Options{Config: in.target, Seal: seal, Log: in.log})
	if err != nil {
		return err
	}
	in.onClose(func() error { in.db.Close(); return nil })
	return nil
}

// find looks for what make setup fetched. What is missing is an error only where it is needed.
func (in *installation) find() (err error) {
	if in.files, err = findAssets(in.Cache); err == nil {
		return nil
	}
	if in.DatabaseURL == "" && in.files.PostgresBin == "" {
		if err := assets.Platform(); err != nil {
			return err
		}
		return err
	}
	return in.needEngine(err)
}

// findEngine looks only for the engine's files.
func (in *installation) findEngine() (err error) {
	in.files, err = findAssets(in.Cache)
	return in.needEngine(err)
}

func (in *installation) needEngine(missing error) error {
	if in.EmbeddingsURL != "" || (in.files.Model != "" && in.files.Charsmap != "") {
		return nil
	}
	return missing
}

func findAssets(cache string) (assets.Files, error) {
	if cache == "" {
		var err error
		if cache, err = assets.Dir(); err != nil {
			return assets.Files{}, err
		}
	}
	return assets.Find(cache)
}

// reach gives the way to the database.
func (in *installation) reach(ctx context.Context) (err error) {
	if in.DatabaseURL != "" {
		if in.target, err = pgx.ParseConfig(in.DatabaseURL); err != nil {
			return usagef("--database-url: %v", err)
		}
		return nil
	}
	in.server, err = server.Acquire(ctx, server.Options{Dir: in.Data, Binaries: in.files.PostgresBin, Log: in.log})
	if err != nil {
		return err
	}
	in.onClose(in.server.Release)
	if err := createDatabase(ctx, in.server.Config("postgres")); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	in.target = in.server.Config(databaseName)
	return nil
}

// createDatabase makes the installation's database where it is missing. Two commands may try at once: the loser of
// the race finds it made.
func createDatabase(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	exists := func() (found bool, err error) {
		err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", databaseName).Scan(&found)
		return found, err
	}
	if found, err := exists(); err != nil || found {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
	if found, again := exists(); again == nil && found {
		return nil
	}
	return err
}

// openAnswers opens what answering needs: the database with a corpus, the engine, and the index of all sheets.
func openAnswers(ctx context.Context, c *call) (*installation, error) {
	in, err := openDatabase(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := in.prepareAnswers(ctx, c.stderr); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

func (in *installation) prepareAnswers(ctx context.Context, progress io.Writer) error {
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	if err := in.loadDemo(ctx, progress); err != nil {
		return err
	}
	if err := in.refresh(ctx); err != nil {
		return err
	}
	weights, err := retrieval.ShippedWeights()
	if err != nil {
		return err
	}
	in.retriever = retrieval.NewRetriever(in.embedder, in.db.Vectors(in.embedder.Model()), weights)
	if err := in.openComposer(); err != nil {
		return err
	}
	return in.reindex(ctx)
}

// openEmbedder opens the built-in engine, or the endpoint that takes its place.
func (in *installation) openEmbedder(ctx context.Context) error {
	if in.EmbeddingsURL != "" {
		endpoint, err := embedding.NewEndpoint(ctx, embedding.EndpointOptions{URL: in.EmbeddingsURL,
			Model: in.EmbeddingsModel, Key: in.EmbeddingsKey})
		if err != nil {
			return err
		}
		in.embedder = endpoint
		return nil
	}
	engine, err := e5.Open(e5.Options{ModelPath: in.files.Model, CharsmapPath: in.files.Charsmap,
		CacheDir: filepath.Join(in.files.Cache, "e5")})
	if err != nil {
		return fmt.Errorf("open the embedding engine: %w", err)
	}
	in.onClose(engine.Close)
	in.embedder = engine
	return nil
}

func (in *installation) ingester() *ingest.Ingester {
	shipped := corpus.ShippedVectors()
	return &ingest.Ingester{Store: in.db, Embedder: in.embedder, Precomputed: shipped.Find, Log: in.log}
}

// loadDemo loads the demo corpus where no corpus was ever loaded, and its newer sheets where the binary brings some.
func (in *installation) loadDemo(ctx context.Context, progress io.Writer) error {
	corpora, err := in.db.Corpora(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(corpora, func(c postgres.Corpus) bool { return c.Name == corpus.Name })
	if (i < 0 && len(corpora) > 0) || (i >= 0 && corpora[i].Version == corpus.Version()) {
		return nil
	}
	fmt.Fprintln(progress, "Loading the demo corpus …")
	_, err = in.ingestDemo(ctx)
	return err
}

// refresh embeds anew what another model embedded, or what a load that was killed left without an index.
func (in *installation) refresh(ctx context.Context) error {
	if !in.service && in.EmbeddingsURL == "" {
		return nil
	}
	_, err := in.ingester().Refresh(ctx)
	return err
}

// reindex builds the in-memory index of all sheets anew.
func (in *installation) reindex(ctx context.Context) error {
	in.indexing.Lock()
	defer in.indexing.Unlock()
	sheets, err := in.db.Sheets(ctx)
	if err != nil {
		return fmt.Errorf("read sheets: %w", err)
	}
	return in.retriever.Use(ctx, sheets)
}

func (in *installation) assistant() *assistant.Assistant {
	return assistant.New(assistant.Options{Store: in.db, Retriever: in.retriever, Latin: language.NewLatin(), Log: in.log,
		Composer: in.composer, Patience: modelPatience, Retention: in.Retention, Policy: assistant.Policy{Risk: in.MaxError / 100}})
}

func (in *installation) onClose(f func() error) { in.closers = append(in.closers, f) }

// close gives everything back, the last opened first.
func (in *installation) close() error {
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i]())
	}
	in.closers = nil
	return errors.Join(errs...)
}
