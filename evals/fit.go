package evals

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"

	"murshid/embedding"
	"murshid/language"
	"murshid/retrieval"
)

// Fitter fits weights on a corpus and on development questions about it.
type Fitter struct {
	Embedder embedding.Embedder
	Corpus   *Collection
	Version  string // of what is fitted
}

// Fit fits, for each writing, how much each evidence counts and how sure a ranking is: once for corpora with
// phrasings and once for those without, each over several conditions of the corpus.
//
// Errors: those of the embedder.
func (f Fitter) Fit(ctx context.Context, cases []Case) (retrieval.Weights, error) {
	e := &remembering{Embedder: f.Embedder, known: map[string][]float32{}}
	start, err := f.neutral(ctx, e, cases)
	if err != nil {
		return retrieval.Weights{}, err
	}
	out := start
	for _, set := range []struct {
		conditions []Condition
		into       *map[language.Language]retrieval.Weighting
	}{{phrased, &out.Phrased}, {bare, &out.Bare}} {
		var samples []sample
		for _, c := range set.conditions {
			some, err := f.weigh(ctx, e, start, c, cases)
			if err != nil {
				return retrieval.Weights{}, fmt.Errorf("condition %s: %w", c.Name, err)
			}
			samples = append(samples, some...)
		}
		*set.into = weightings(samples, foreignOdds(samples))
	}
	return out, nil
}

// neutral are weights that hold nothing but what questions themselves say: their means, and which are foreign.
func (f Fitter) neutral(ctx context.Context, e embedding.Embedder, cases []Case) (retrieval.Weights, error) {
	out := retrieval.Weights{Version: f.Version, Model: e.Model().ID}
	all, err := f.Corpus.Retriever(ctx, e, out)
	if err != nil {
		return out, err
	}
	vectors := make([][]float32, len(cases))
	for i, c := range cases {
		found, err := e.Embed(ctx, embedding.Question, []string{language.Clean(c.Question)})
		if err != nil {
			return out, fmt.Errorf("case %s: %w", c.ID, err)
		}
		vectors[i] = found[0]
	}
	out.Means = means(cases, vectors, all.Index())
	out.Scope = scope(cases, vectors)
	return out, nil
}

// weigh holds the cases against the corpus as the condition leaves it.
func (f Fitter) weigh(ctx context.Context, e embedding.Embedder, w retrieval.Weights, c Condition, cases []Case) ([]sample, error) {
	var out []sample
	for _, writing := range language.Writings {
		r, err := c.of(f.Corpus, writing).Retriever(ctx, e, w)
		if err != nil {
			return nil, err
		}
		asked := cases
		if c.Weight == 1 {
			asked = append(asked[:len(asked):len(asked)], Plain(r.Index())...)
		}
		for _, k := range asked {
			if k.Writing != writing || !measurable(k) {
				continue
			}
			weighed, err := r.Weigh(ctx, k.Question, writing)
			if err != nil {
				return nil, fmt.Errorf("case %s: %w", k.ID, err)
			}
			out = append(out, newSample(k, c, weighed, r.Index().Procedures()))
		}
	}
	return out, nil
}

// weightings fits the writings side by side; their confidences are fitted together, for what makes a ranking sure is
// much the same in all of them.
func weightings(samples []sample, foreign map[string]float64) map[language.Language]retrieval.Weighting {
	out := map[language.Language]retrieval.Weighting{}
	var lock sync.Mutex
	var fitting sync.WaitGroup
	var judged []judgement
	for _, l := range language.Writings {
		fitting.Go(func() {
			var of []sample
			for _, s := range samples {
				if s.Writing == l {
					of = append(of, s)
				}
			}
			weighting, some := listwise(of), judge(of, foreign)
			lock.Lock()
			defer lock.Unlock()
			out[l], judged = weighting, append(judged, some...)
		})
	}
	fitting.Wait()
	for l, c := range calibrate(judged) {
		weighting := out[l]
		weighting.First, weighting.Known, weighting.Missing = c.first, c.known, c.missing
		weighting.Offer, weighting.Curve = c.offer, c.curve
		out[l] = rounded(weighting)
	}
	return out
}

// means of the questions, and of what sheets are called, by language.
func means(cases []Case, vectors [][]float32, x *retrieval.Index) retrieval.Means {
	out := retrieval.Means{Question: map[language.Language][]float32{}, Passage: x.PassageMeans()}
	for _, l := range language.Writings {
		var of [][]float32
		for i, c := range cases {
			if c.Writing == l && !strings.HasPrefix(c.ID, plainPrefix) {
				of = append(of, vectors[i])
			}
		}
		if len(of) > 0 {
			out.Question[l] = roundedVector(retrieval.MeanOf(of))
		}
	}
	for l, mean := range out.Passage {
		out.Passage[l] = roundedVector(mean)
	}
	return out
}

// roundedVector keeps the file of weights short.
func roundedVector(v []float32) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(math.Round(float64(x)*1e5) / 1e5)
	}
	return out
}

// rounded does too.
func rounded(w retrieval.Weighting) retrieval.Weighting {
	for _, figures := range [][]float64{w.Weight[:], w.Mean[:], w.Deviation[:], w.First, w.Known, w.Missing} {
		for i, x := range figures {
			figures[i] = significant(x)
		}
	}
	return w
}

// significant is a figure to six significant digits.
func significant(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// remembering embeds each question once.
type remembering struct {
	embedding.Embedder
	known map[string][]float32
}

func (r *remembering) Embed(ctx context.Context, kind embedding.Kind, texts []string) ([][]float32, error) {
	if kind != embedding.Question || len(texts) != 1 {
		return r.Embedder.Embed(ctx, kind, texts)
	}
	if v, ok := r.known[texts[0]]; ok {
		return [][]float32{v}, nil
	}
	vectors, err := r.Embedder.Embed(ctx, kind, texts)
	if err == nil {
		r.known[texts[0]] = vectors[0]
	}
	return vectors, err
}
