package ingest

import (
	"context"
	"fmt"

	"murshid/embedding"
	"murshid/retrieval"
)

// TextVector is a text with its vector, to be shipped with a corpus. Kind is that of Precomputed.
type TextVector struct {
	Kind   string
	Text   string
	Vector []float32
}

// PrecomputeVectors embeds every passage of a source's sheets, each text once. A bad record is an error here, of
// type RejectionError: what ships must be whole.
func PrecomputeVectors(ctx context.Context, e embedding.Embedder, source Source) ([]TextVector, error) {
	var vectors []TextVector
	seen := map[string]bool{}
	for record := range source {
		sheet, err := readSheet(record)
		if err != nil {
			return nil, err
		}
		for _, p := range retrieval.Passages(&sheet) {
			kind := p.EmbeddedAs()
			key := kindNames[kind] + p.Text
			if seen[key] {
				continue
			}
			seen[key] = true
			embedded, err := e.Embed(ctx, kind, []string{p.Text})
			if err != nil {
				return nil, fmt.Errorf("embed passages: %w", err)
			}
			vectors = append(vectors, TextVector{kindNames[kind], p.Text, embedded[0]})
		}
	}
	return vectors, nil
}

// readSheet is the sheet of a record, or a RejectionError.
func readSheet(r Record) (retrieval.Sheet, error) {
	err := r.Err
	var sheet retrieval.Sheet
	if err == nil {
		sheet, err = parseSheet(r.JSON)
	}
	if err != nil {
		return sheet, RejectionError{r.File, r.Line, err}
	}
	return sheet, nil
}

// Sheets are the sheets of a source. A bad record is an error here, of type RejectionError.
func Sheets(source Source) ([]retrieval.Sheet, error) {
	var sheets []retrieval.Sheet
	for record := range source {
		sheet, err := readSheet(record)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}
