package retrieval

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"murshid/embedding"
	"murshid/language"
)

// A toy embedder and store: one dimension a sheet, so that nearness is what the test says.
type toy struct{ question []float32 }

func (toy) Model() embedding.Model { return embedding.Model{ID: "toy", Dim: 3} }

func (t toy) Embed(context.Context, embedding.Kind, []string) ([][]float32, error) {
	return [][]float32{t.question}, nil
}

type toyStore struct {
	named []NamedVector
	fail  error
}

func (s toyStore) Named(context.Context) ([]NamedVector, error) { return s.named, nil }

func (s toyStore) Nearest(_ context.Context, n Near) ([]Nearness, error) {
	var found []Nearness
	for _, v := range s.named {
		found = append(found, Nearness{Sheet: v.Sheet, Kind: v.Kind, Lang: v.Lang,
			Raw: float32(dot(n.Vector, v.Vector)), Centred: float32(dot(n.Centred, v.Vector))})
	}
	return found, s.fail
}

func sheets() []Sheet {
	return []Sheet{
		{No: 1, ID: "passeport", Lang: "fr", Title: "Passeport biométrique", AlsoCalled: []string{"paspor"}},
		{No: 2, ID: "passeport", Lang: "ar", Title: "جواز السفر البيومتري"},
		{No: 3, ID: "cnie", Lang: "fr", Title: "Carte nationale d'identité", Documents: []string{"Photos"},
			AskedAs: []Phrasing{{Lang: language.Arabizi, Text: "tlef liya lportfeuille w fih kolchi"}}},
		{No: 4, ID: "residence", Lang: "ar", Title: "شهادة السكنى"},
	}
}

func newToy(t testing.TB, question []float32) *Retriever {
	t.Helper()
	weights, err := ShippedWeights()
	if err != nil {
		t.Fatal(err)
	}
	store := toyStore{named: []NamedVector{
		{1, KindTitle, "fr", []float32{1, 0, 0}}, {2, KindTitle, "ar", []float32{1, 0, 0}},
		{3, KindTitle, "fr", []float32{0, 1, 0}}, {4, KindTitle, "ar", []float32{0, 0, 1}},
	}}
	r := NewRetriever(toy{question}, store, weights)
	if err := r.Use(t.Context(), sheets()); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSearchRanksEachProcedureOnce(t *testing.T) {
	t.Parallel()
	flat := []float32{0.577, 0.577, 0.577}
	for question, want := range map[string]string{
		"passeport":                      "passeport",
		"lpaspor":                        "passeport", // the article is glued
		"chahadat sokna":                 "residence", // skeletons meet across scripts
		"ma carte nationale":             "cnie",
		"tlef liya lportfeuille":         "cnie", // words of a phrasing alone
		"شهادة السكنى":                   "residence",
		"جواز السفر":                     "passeport",
		"la photo de la carte identitee": "cnie",
	} {
		r := newToy(t, flat)
		lang := language.Decider{}.Decide(question, "")
		ranking, err := r.Search(t.Context(), question, lang, 10)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, h := range ranking.Hits {
			ids[h.Procedure] = true
		}
		if len(ranking.Hits) != 3 || len(ids) != 3 {
			t.Errorf("%q: hits %v: want each of 3 procedures once", question, ranking.Hits)
		}
		if ranking.Hits[0].Procedure != want {
			t.Errorf("%q: first %s, want %s", question, ranking.Hits[0].Procedure, want)
		}
	}
}

func TestSearchByVectorAlone(t *testing.T) {
	t.Parallel()
	ranking, err := newToy(t, []float32{0, 0, 1}).Search(t.Context(), "xyzzy", language.French, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := ranking.Hits[0].Procedure; got != "residence" {
		t.Errorf("first %s", got)
	}
	if len(ranking.Hits) != 1 {
		t.Errorf("%d hits, want 1", len(ranking.Hits))
	}
}

func TestSearchErrors(t *testing.T) {
	t.Parallel()
	if _, err := NewRetriever(toy{}, toyStore{}, Weights{}).Search(t.Context(), "x", "fr", 1); !errors.Is(err, ErrNotReady) {
		t.Errorf("without sheets: %v", err)
	}
	r := newToy(t, []float32{1, 0, 0})
	broken := errors.New("broken")
	r.vectors = toyStore{fail: broken}
	if _, err := r.Search(t.Context(), "x", "fr", 1); !errors.Is(err, broken) {
		t.Errorf("store fails: %v", err)
	}
}

func TestSheetLanguages(t *testing.T) {
	t.Parallel()
	x := NewIndex(sheets())
	for _, c := range []struct {
		id         string
		lang, want language.Language
	}{{"passeport", "ar", "ar"}, {"passeport", "fr", "fr"}, {"cnie", "ar", "fr"}, {"residence", "fr", "ar"}} {
		if s, ok := x.Sheet(c.id, c.lang); !ok || s.Lang != c.want {
			t.Errorf("%s in %s: %v", c.id, c.lang, s)
		}
	}
	if _, ok := x.Sheet("nothing", "fr"); ok {
		t.Error("an unknown id has a sheet")
	}
}

func TestCoverageIsAShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zéا-ي]{0,8}`)
		texts := rapid.SliceOfN(rapid.Map(rapid.SliceOf(word), joinTexts), 1, 6).Draw(t, "texts")
		question := joinTexts(rapid.SliceOf(word).Draw(t, "question"))
		for _, grams := range []gramsFunc{letterGrams, skeletonGrams} {
			for _, m := range newCoverage(texts, grams, bodyLength).score(grams(question)) {
				if !(m.forward >= 0 && m.forward <= 1+1e-9 && m.reverse >= 0 && m.reverse <= 1+1e-9) {
					t.Fatalf("match %+v", m)
				}
			}
		}
	})
}

// A text covers itself wholly in reverse, and more of the question than a stranger does.
func TestCoverageOfItself(t *testing.T) {
	t.Parallel()
	c := newCoverage([]string{"certificat de résidence", "permis de construire"}, letterGrams, namesLength)
	m := c.score(letterGrams("certificat de residence"))
	if m[0].reverse < 1-1e-9 || m[0].forward <= m[1].forward {
		t.Errorf("matches %+v", m)
	}
}

func TestHighest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) })).Draw(t, "values")
		count := rapid.IntRange(1, 9).Draw(t, "count")
		want := make([]int32, len(values))
		for i := range want {
			want[i] = int32(i)
		}
		slices.SortStableFunc(want, func(a, b int32) int { return int(values[b] - values[a]) })
		if got := highest(values, count); !slices.Equal(got, want[:min(count, len(want))]) {
			t.Fatalf("highest %d of %v: %v", count, values, got)
		}
	})
}

// The head solves its ridge regression: its gradient is zero at the solution.
func TestHeadIsTheRidgeSolution(t *testing.T) {
	t.Parallel()
	const n, dim, classes, lambda = 40, 6, 3, 0.7
	random := rand.New(rand.NewPCG(1, 1))
	vectors, class := make([][]float32, n), make([]int32, n)
	for i := range vectors {
		vectors[i], class[i] = make([]float32, dim), int32(i%classes)
		for k := range vectors[i] {
			vectors[i][k] = float32(random.NormFloat64())
		}
	}
	h := newHead(vectors, class, classes, lambda)
	for c := range classes {
		for a := range dim {
			gradient := lambda * float64(h.weights[a*classes+c])
			for i, v := range vectors {
				miss := float64(h.scores(v)[c])
				if int(class[i]) == c {
					miss--
				}
				gradient += miss * float64(v[a])
			}
			if math.Abs(gradient) > 1e-3 {
				t.Errorf("class %d, dimension %d: gradient %g", c, a, gradient)
			}
		}
	}
}

func TestShippedWeights(t *testing.T) {
	t.Parallel()
	w, err := ShippedWeights()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]map[language.Language]Weighting{"phrased": w.Phrased, "bare": w.Bare} {
		for l, weighting := range set {
			for i, v := range weighting.Weight {
				if v < 0 || weighting.Deviation[i] <= 0 || math.IsNaN(v) {
					t.Errorf("%s %s %s: weight %g, deviation %g", name, l, EvidenceNames[i], v, weighting.Deviation[i])
				}
			}
			if len(weighting.First) != len(SignalNames()) || len(weighting.Known) != len(SignalNames()) {
				t.Errorf("%s %s: fitted for other signals", name, l)
			}
			if from := weighting.From(.02); from <= 0 || from > 1 || weighting.From(.5) > from {
				t.Errorf("%s %s: answers from %g on", name, l, from)
			}
		}
	}
	if len(w.Scope.Weight) != 384 || len(w.Means.Question) != 4 || len(w.Means.Passage) != 2 {
		t.Error("scope or means are missing")
	}
}
