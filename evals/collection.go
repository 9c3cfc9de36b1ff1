package evals

import (
	"context"
	"fmt"
	"slices"

	"murshid/embedding"
	"murshid/language"
	"murshid/retrieval"
)

// A Collection is a corpus with its vectors in memory. It answers as the store does, only exactly, so that a corpus
// with something taken away costs nothing to make. It is a retrieval.Vectors.
type Collection struct {
	sheets []retrieval.Sheet
	texts  []text
}

// text is a passage with its vector.
type text struct {
	retrieval.Passage
	sheet  int64
	lang   language.Language
	vector []float32
}

// Precomputed finds the vector of a text that was embedded before.
type Precomputed func(model, kind, text string) ([]float32, bool)

// NewCollection embeds the passages of sheets. Errors: those of the embedder.
func NewCollection(ctx context.Context, e embedding.Embedder, sheets []retrieval.Sheet, known Precomputed) (*Collection, error) {
	c := &Collection{}
	for i, s := range sheets {
		s.No = int64(i + 1)
		c.sheets = append(c.sheets, s)
		for _, p := range retrieval.Passages(&s) {
			vector, err := vectorOf(ctx, e, p, known)
			if err != nil {
				return nil, fmt.Errorf("sheet %s: %w", s.ID, err)
			}
			lang := s.Lang
			if p.EmbeddedAs() == embedding.Question {
				lang = language.Language(p.Section)
			}
			c.texts = append(c.texts, text{p, s.No, lang, vector})
		}
	}
	return c, nil
}

func vectorOf(ctx context.Context, e embedding.Embedder, p retrieval.Passage, known Precomputed) ([]float32, error) {
	kind := "passage"
	if p.EmbeddedAs() == embedding.Question {
		kind = "question"
	}
	if vector, ok := known(e.Model().ID, kind, p.Text); ok {
		return vector, nil
	}
	vectors, err := e.Embed(ctx, p.EmbeddedAs(), []string{p.Text})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// Retriever ranks the collection's procedures.
func (c *Collection) Retriever(ctx context.Context, e embedding.Embedder, w retrieval.Weights) (*retrieval.Retriever, error) {
	r := retrieval.NewRetriever(e, c, w)
	return r, r.Use(ctx, c.sheets)
}

// keep is the collection of the sheets, phrasings and names that the functions hold on to.
func (c *Collection) keep(sheet func(retrieval.Sheet) bool, phrasing func(p retrieval.Phrasing, nth int) bool) *Collection {
	out := &Collection{}
	kept := map[int64]map[string]bool{} // the phrasings of a sheet that stays
	for _, s := range c.sheets {
		if !sheet(s) {
			continue
		}
		said := map[string]bool{}
		nth := map[language.Language]int{}
		s.AskedAs = slices.DeleteFunc(slices.Clone(s.AskedAs), func(p retrieval.Phrasing) bool {
			keeps := phrasing(p, nth[p.Lang])
			nth[p.Lang]++
			if keeps {
				said[language.Clean(p.Text)] = true
			}
			return !keeps
		})
		kept[s.No] = said
		out.sheets = append(out.sheets, s)
	}
	for _, t := range c.texts {
		if said, ok := kept[t.sheet]; ok && (t.Kind != retrieval.KindPhrasing || said[t.Text]) {
			out.texts = append(out.texts, t)
		}
	}
	return out
}

// Nearest gives the passages nearest to the vector and all texts of the named sheets.
func (c *Collection) Nearest(_ context.Context, n retrieval.Near) ([]retrieval.Nearness, error) {
	var near, named []retrieval.Nearness
	for _, t := range c.texts {
		asked := t.EmbeddedAs() == embedding.Question
		wanted := slices.Contains(n.Sheets, t.sheet)
		if asked && !wanted {
			continue
		}
		found := retrieval.Nearness{Sheet: t.sheet, Kind: t.Kind, Ordinal: t.Ordinal, Raw: dot(t.vector, n.Vector),
			Centred: dot(t.vector, n.Centred)}
		if asked {
			found.Lang = t.lang
		} else {
			near = append(near, found)
		}
		if wanted {
			named = append(named, found)
		}
	}
	slices.SortFunc(near, func(a, b retrieval.Nearness) int { return -int(sign(a.Raw - b.Raw)) })
	return append(near[:min(n.Count, len(near))], named...), nil
}

// Named are the vectors of all titles, names and phrasings.
func (c *Collection) Named(context.Context) ([]retrieval.NamedVector, error) {
	var out []retrieval.NamedVector
	for _, t := range c.texts {
		switch t.Kind {
		case retrieval.KindTitle, retrieval.KindNames, retrieval.KindCalled, retrieval.KindPhrasing:
			out = append(out, retrieval.NamedVector{Sheet: t.sheet, Kind: t.Kind, Lang: t.lang, Vector: t.vector})
		}
	}
	return out, nil
}

func sign(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// dot is the inner product of vectors of one length, by four sums that a processor can work on at once.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
	}
	for i, x := range a {
		s0 += x * b[i]
	}
	return s0 + s1 + s2 + s3
}
