package ingest

import (
	"context"
	"fmt"
	"slices"

	"murshid/embedding"
	"murshid/retrieval"
)

// embedAtOnce bounds the texts of one call of the embedder, so that a stop is soon seen.
const embedAtOnce = 32

// embed gives the passages the vectors that the store does not have.
func (in *Ingester) embed(ctx context.Context, passages []retrieval.Passage, stored map[Digest]bool) ([]Embedded, error) {
	out := make([]Embedded, len(passages))
	var missing []int
	for i, p := range passages {
		out[i] = Embedded{Passage: p, Digest: textDigest(p)}
		if stored[out[i].Digest] {
			continue
		}
		vector, ok := in.precomputed(p)
		if !ok {
			missing = append(missing, i)
			continue
		}
		out[i].Vector = vector
	}
	for _, kind := range []embedding.Kind{embedding.Passage, embedding.Question} {
		of := slices.DeleteFunc(slices.Clone(missing), func(i int) bool { return passages[i].EmbeddedAs() != kind })
		for some := range slices.Chunk(of, embedAtOnce) {
			if err := in.embedSome(ctx, kind, out, some); err != nil {
				return nil, fmt.Errorf("embed passages: %w", err)
			}
		}
	}
	return out, nil
}

func (in *Ingester) embedSome(ctx context.Context, kind embedding.Kind, out []Embedded, which []int) error {
	texts := make([]string, len(which))
	for i, at := range which {
		texts[i] = out[at].Text
	}
	vectors, err := in.Embedder.Embed(ctx, kind, texts)
	if err != nil {
		return err
	}
	for i, at := range which {
		out[at].Vector = vectors[i]
	}
	return nil
}

func (in *Ingester) precomputed(p retrieval.Passage) ([]float32, bool) {
	if in.Precomputed == nil {
		return nil, false
	}
	model := in.Embedder.Model()
	vector, ok := in.Precomputed(model.ID, kindNames[p.EmbeddedAs()], p.Text)
	return vector, ok && len(vector) == model.Dim
}
