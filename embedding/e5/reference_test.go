package e5

import (
	"math"
	"slices"
	"testing"

	"murshid/embedding"
)

// reference is a line of testdata/reference.jsonl: ids of the reference
// tokenizer with the kind's prefix, and for some the vector of the fp32 graph.
type reference struct {
	Text   string    `json:"text"`
	Kind   string    `json:"kind"`
	IDs    []int32   `json:"ids"`
	Vector []float32 `json:"vector"`
}

func (r reference) kind() embedding.Kind {
	if r.Kind == "passage" {
		return embedding.Passage
	}
	return embedding.Question
}

// specialSpelling is meant to differ: the reference turns spellings of special
// tokens into those tokens, here they stay text.
const specialSpelling = "<s> </s> <mask>"

func TestReferenceTokens(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	for _, r := range readLines[reference](t, "testdata/reference.jsonl") {
		got := e.Tokens(prefixes[r.kind()] + r.Text)
		if same := slices.Equal(got, r.IDs); same == (r.Text == specialSpelling) {
			t.Errorf("%q:\n got %v\nwant %v", r.Text, got, r.IDs)
		}
	}
}

// TestReferenceVectors compares every kernel set with the fp32 graph.
func TestReferenceVectors(t *testing.T) {
	t.Parallel()
	lines := readLines[reference](t, "testdata/reference.jsonl")
	for _, set := range kernelSets() {
		t.Run(set.name, func(t *testing.T) {
			t.Parallel()
			e := withKernels(testEngine(t), set, 2)
			every := 1 // line
			switch plain := set.name == "plain Go"; {
			case plain && underRace:
				every = 40
			case plain:
				every = 10
			}
			worst, sum, n := 1.0, 0.0, 0
			for i, r := range lines {
				if r.Vector == nil || r.Text == specialSpelling || i%every != 0 {
					continue
				}
				vectors, err := e.Embed(t.Context(), r.kind(), []string{r.Text})
				if err != nil {
					t.Fatal(err)
				}
				got := vectors[0]
				if length := math.Sqrt(cosine(got, got)); math.Abs(length-1) > 1e-6 {
					t.Errorf("%q: length %g", r.Text, length)
				}
				c := cosine(got, r.Vector) / math.Sqrt(cosine(r.Vector, r.Vector))
				if c < .9998 {
					t.Errorf("%q: cosine %.6f with the fp32 graph", r.Text, c)
				}
				worst, sum, n = min(worst, c), sum+c, n+1
			}
			if n < 3 {
				t.Fatalf("only %d vectors compared", n)
			}
			t.Logf("%d vectors, mean cosine %.6f, worst %.6f", n, sum/float64(n), worst)
		})
	}
}
