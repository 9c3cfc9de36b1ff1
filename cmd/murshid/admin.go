package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"murshid/corpus"
	"murshid/ingest"
	"murshid/postgres"
)

// migrate brings the schema up to date; opening the database does.
func migrate(ctx context.Context, c *call) (err error) {
	in, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	_, err = fmt.Fprintln(c.stdout, "the schema is up to date")
	return err
}

// vectors computes the vectors that ship with the demo corpus.
func vectors(ctx context.Context, c *call) (err error) {
	if len(c.args) != 1 {
		return usagef("the FILE to write is needed")
	}
	in := &installation{Config: c.Config}
	if err := in.findEngine(); err != nil {
		return err
	}
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	defer closing(&err, in)
	source, err := ingest.FS(corpus.Sheets())
	if err != nil {
		return err
	}
	computed, err := ingest.PrecomputeVectors(ctx, in.embedder, source)
	if err != nil {
		return err
	}
	entries := make([]corpus.TextVector, len(computed))
	for i, v := range computed {
		entries[i] = corpus.TextVector{Kind: v.Kind, Text: v.Text, Vector: v.Vector}
	}
	file, err := os.Create(c.args[0])
	if err != nil {
		return err
	}
	return errors.Join(corpus.WriteVectors(file, in.embedder.Model().ID, entries), file.Close())
}

// keysFolder is where the installation's keys lie.
func (in *installation) keysFolder() string { return filepath.Join(in.Data, postgres.KeysDir) }
