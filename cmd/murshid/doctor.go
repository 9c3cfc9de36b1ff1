package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"murshid/assets"
	"murshid/embedding"
	"murshid/embedding/e5"
	"murshid/retrieval"
)

// check is one thing doctor looks at: what it found, or why it is wrong and how to mend it.
type check struct {
	name string
	run  func(context.Context, *installation) (string, error)
}

var checks = []check{
	{"downloads", checkDownloads},
	{"disk", checkDisk},
	{"engine", checkEngine},
	{"database", checkDatabase},
	{"corpus", checkCorpus},
	{"weights", checkWeights},
	{"model", checkModel},
}

// doctor checks every dependency, says how to mend what is wrong, and goes on to the next.
func doctor(ctx context.Context, c *call) (err error) {
	in := newInstallation(c)
	defer closing(&err, in)
	wrong := 0
	for _, k := range checks {
		found, err := k.run(ctx, in)
		mark := "ok  "
		if err != nil {
			wrong++
			mark, found = "BAD ", oneSentence(err)
		}
		if _, err := fmt.Fprintf(c.stdout, "%s %-10s %s\n", mark, k.name, found); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return errPartly
	}
	return nil
}

func checkDownloads(_ context.Context, in *installation) (string, error) {
	if err := in.find(); err != nil {
		return "", err
	}
	if err := assets.Verify(in.files.Cache); err != nil {
		return "", err
	}
	return "complete and unchanged in " + in.files.Cache, nil
}

// lowDisk is the free space below which an installation may come to a halt.
const lowDisk = 500 << 20

func checkDisk(_ context.Context, in *installation) (string, error) {
	if err := os.MkdirAll(in.Data, 0o700); err != nil {
		return "", err
	}
	free, err := freeSpace(in.Data)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d MB free below %s", free>>20, in.Data)
	if free < lowDisk {
		return "", fmt.Errorf("only %s: free some space", text)
	}
	return text, nil
}

func checkEngine(ctx context.Context, in *installation) (string, error) {
	if err := in.openEmbedder(ctx); err != nil {
		return "", err
	}
	start := time.Now()
	vectors, err := in.embedder.Embed(ctx, embedding.Question, []string{"chno khassni bach njedded la carte nationale?"})
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%s, %d dimensions, %.1f ms a question", in.embedder.Model().ID, len(vectors[0]),
		float64(time.Since(start).Microseconds())/1000)
	if engine, ok := in.embedder.(*e5.Engine); ok {
		text += ", kernels " + engine.Kernels()
	}
	return text, nil
}

func checkDatabase(ctx context.Context, in *installation) (string, error) {
	if err := in.reach(ctx); err != nil {
		return "", err
	}
	if err := in.openStore(ctx); err != nil {
		return "", err
	}
	start := time.Now()
	if err := in.db.Ping(ctx); err != nil {
		return "", err
	}
	kind := "private"
	if in.server == nil {
		kind = "given by --database-url"
	}
	return fmt.Sprintf("%s, answers in %.2f ms, schema up to date", kind, float64(time.Since(start).Microseconds())/1000), nil
}

var errNotOpen = errors.New("not checked: the database is not open")

func checkCorpus(ctx context.Context, in *installation) (string, error) {
	if in.db == nil {
		return "", errNotOpen
	}
	corpora, err := in.db.Corpora(ctx)
	if err != nil {
		return "", err
	}
	if len(corpora) == 0 {
		return "none yet: serve loads the demo corpus, murshid ingest your own", nil
	}
	text := ""
	for _, c := range corpora {
		text += fmt.Sprintf("%s: %d procedures, %d sheets; ", c.Name, c.Procedures, c.Sheets)
	}
	return text[:len(text)-2], nil
}

var errFit = errors.New("the weights were fitted for another embedding model: run murshid evals fit; until then answers are more cautious")

func checkWeights(_ context.Context, in *installation) (string, error) {
	weights, err := retrieval.ShippedWeights()
	if err != nil {
		return "", err
	}
	if in.embedder != nil && in.embedder.Model().ID != weights.Model {
		return "", errFit
	}
	return "fitted for " + weights.Model, nil
}
