package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"murshid/corpus"
	"murshid/evals"
	"murshid/ingest"
	"murshid/retrieval"
)

// fit writes weights fitted on the demo corpus and the cases. It needs the engine and no database.
func fit(ctx context.Context, c *call, cases []evals.Case) (err error) {
	started, cases := time.Now(), evals.Fit.Of(cases)
	in := &installation{Config: c.Config}
	if err := in.findEngine(); err != nil {
		return err
	}
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	defer closing(&err, in)
	collection, err := in.demoCollection(ctx)
	if err != nil {
		return err
	}
	weights, err := evals.Fitter{Embedder: in.embedder, Corpus: collection, Version: version}.Fit(ctx, cases)
	if err != nil {
		return err
	}
	content, err := json.Marshal(weights)
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	if err := os.WriteFile(c.Out, append(content, '\n'), 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	_, err = fmt.Fprintf(c.stdout, "fitted on %d cases in %.1f s: %s; build again to use it\n", len(cases),
		time.Since(started).Seconds(), c.Out)
	return err
}

// demoCollection is the demo corpus in memory.
func (in *installation) demoCollection(ctx context.Context) (*evals.Collection, error) {
	source, err := ingest.FS(corpus.Sheets())
	if err != nil {
		return nil, err
	}
	sheets, err := ingest.Sheets(source)
	if err != nil {
		return nil, err
	}
	return evals.NewCollection(ctx, in.embedder, sheets, corpus.ShippedVectors().Find)
}

// study prints what the parts of the retrieval bring, on the demo corpus.
func study(ctx context.Context, c *call, cases []evals.Case) (err error) {
	in := &installation{Config: c.Config}
	if err := in.findEngine(); err != nil {
		return err
	}
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	defer closing(&err, in)
	collection, err := in.demoCollection(ctx)
	if err != nil {
		return err
	}
	weights, err := retrieval.ShippedWeights()
	if err != nil {
		return err
	}
	return evals.Study{Fitter: evals.Fitter{Embedder: in.embedder, Corpus: collection}, Weights: weights, Out: c.stdout}.Run(ctx, cases)
}
