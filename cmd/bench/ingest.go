package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"murshid/assets"
	"murshid/embedding"
	"murshid/embedding/e5"
	"murshid/retrieval"
)

const ingestSheets = 120

// ingest measures how fast sheets are loaded against how fast the engine alone embeds their passages.
func (b *bench) ingest(ctx context.Context) error {
	sheets := syntheticSheets(ingestSheets, 1)
	path := filepath.Join(b.folder, "sheets.jsonl")
	if err := writeSheets(path, sheets); err != nil {
		return err
	}
	alone, passages, err := engineRate(ctx, sheets)
	if err != nil {
		return err
	}
	data := filepath.Join(b.folder, "ingest")
	if err := exec.CommandContext(ctx, b.binary, "migrate", "--data", data).Run(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	command := exec.CommandContext(ctx, b.binary, "ingest", "--json", "--data", data, path)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("ingest: %w", err)
	}
	var summary struct{ Seconds float64 }
	if err := json.Unmarshal(out.Bytes(), &summary); err != nil {
		return err
	}
	loaded := float64(passages) / summary.Seconds
	b.row("engine alone, passages a second", fmt.Sprintf("%.0f", alone), "")
	b.row("ingest, passages a second", fmt.Sprintf("%.0f", loaded), "")
	b.row("ingest rate over the engine's own", fmt.Sprintf("%.2f", loaded/alone), "≥ 0.9")
	return nil
}

// engineRate embeds all passages of the sheets with the engine alone.
func engineRate(ctx context.Context, sheets []retrieval.Sheet) (rate float64, passages int, err error) {
	cache, err := assets.Dir()
	if err != nil {
		return 0, 0, err
	}
	files, err := assets.Find(cache)
	if err != nil {
		return 0, 0, err
	}
	engine, err := e5.Open(e5.Options{ModelPath: files.Model, CharsmapPath: files.Charsmap})
	if err != nil {
		return 0, 0, err
	}
	defer engine.Close()
	var texts []string
	for i := range sheets {
		for _, p := range retrieval.Passages(&sheets[i]) {
			texts = append(texts, p.Text)
		}
	}
	begin := time.Now()
	if _, err := engine.Embed(ctx, embedding.Passage, texts); err != nil {
		return 0, 0, err
	}
	return float64(len(texts)) / time.Since(begin).Seconds(), len(texts), nil
}
