package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"murshid/corpus"
	"murshid/ingest"
)

// ingestSheets loads sheets from files and folders, or the demo corpus.
func ingestSheets(ctx context.Context, c *call) (err error) {
	switch {
	case c.Demo && len(c.args) > 0:
		return usagef("give --demo or paths, not both")
	case !c.Demo && len(c.args) == 0:
		return usagef("a PATH of sheets or --demo is needed")
	case !c.Demo && c.Corpus == corpus.Name:
		return usagef("the corpus %q is the one that comes with murshid: choose another name", corpus.Name)
	}
	in, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	summary, err := in.ingest(ctx, c)
	return errors.Join(summary.print(c), err)
}

type loadSummary struct{ ingest.Summary }

func (in *installation) ingest(ctx context.Context, c *call) (loadSummary, error) {
	if c.Demo {
		summary, err := in.ingestDemo(ctx)
		return loadSummary{summary}, err
	}
	source, err := ingest.Paths(c.args...)
	if err != nil {
		return loadSummary{}, err
	}
	summary, err := in.ingester().Load(ctx, ingest.Options{Corpus: c.Corpus, Replace: c.Replace,
		Progress: progressBar(c.stderr),
		Rejected: func(r ingest.RejectionError) { fmt.Fprintln(c.stderr, oneSentence(r)) }}, source)
	if err == nil && summary.Rejected > 0 {
		err = errPartly
	}
	return loadSummary{summary}, err
}

// ingestDemo loads the demo corpus; sheets of it that somebody edited stay.
func (in *installation) ingestDemo(ctx context.Context) (ingest.Summary, error) {
	source, err := ingest.FS(corpus.Sheets())
	if err != nil {
		return ingest.Summary{}, fmt.Errorf("read the demo corpus: %w", err)
	}
	return in.ingester().Load(ctx, ingest.Options{Corpus: corpus.Name, Replace: true, Shipped: true, Version: corpus.Version()}, source)
}

func (s loadSummary) print(c *call) error {
	if c.JSON {
		return writeLine(c.stdout, s.Summary)
	}
	_, err := fmt.Fprintf(c.stdout, "%d read: %d inserted, %d updated, %d unchanged, %d removed, %d rejected, in %.1f s\n",
		s.Read, s.Inserted, s.Updated, s.Unchanged, s.Removed, s.Rejected, s.Seconds)
	return err
}

// progressBar counts on a terminal and is silent elsewhere.
func progressBar(w io.Writer) func(done int) {
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(done int) { fmt.Fprintf(w, "\r%d sheets", done) }
}
