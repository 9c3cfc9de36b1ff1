package retrieval

import (
	"math"

	"murshid/language"
)

// NamedVector is the stored vector of a text by which people call or ask for a procedure.
type NamedVector struct {
	Sheet  int64
	Kind   Kind
	Lang   language.Language // in which it is written
	Vector []float32
}

// Means are the mean vectors of questions and of passages by language. Vectors of one language and kind lie close
// together, whatever they say; taking their mean away leaves what they say.
type Means struct {
	Question map[language.Language][]float32 `json:"question"`
	Passage  map[language.Language][]float32 `json:"passage"`
}

// group is a kind of text in a language, which has a mean of its own.
type group struct {
	kind Kind
	lang language.Language
}

// groupOf puts all that a sheet says into one group a language.
func groupOf(kind Kind, lang language.Language) group {
	if kind != KindCalled && kind != KindPhrasing {
		kind = ""
	}
	return group{kind, lang}
}

// A space is what is known of the directions in a corpus's vectors.
type space struct {
	questions map[language.Language][]float32
	means     map[group][]float32
	head      *head
}

const (
	enough      = 60    // texts for a mean of the corpus's own
	headLimit   = 30000 // texts that a head is fitted on: beyond, fitting would hold up the start for too long
	headPenalty = 1.0
)

// newSpace learns the space of a corpus from its named vectors. Means of its own replace the shipped ones where it
// has texts enough.
func newSpace(x *Index, named []NamedVector, shipped Means) *space {
	s := &space{questions: map[language.Language][]float32{}, means: map[group][]float32{}}
	for l, mean := range shipped.Passage {
		s.means[groupOf(KindTitle, l)] = mean
	}
	for l, mean := range shipped.Question {
		s.questions[l] = mean
		s.means[groupOf(KindPhrasing, l)] = mean
	}
	texts := map[group][][]float32{}
	for _, n := range named {
		g := groupOf(n.Kind, n.Lang)
		texts[g] = append(texts[g], n.Vector)
	}
	for g, of := range texts {
		if len(of) >= enough || s.means[g] == nil {
			s.means[g] = meanOf(of)
		}
		if g.kind == KindPhrasing && len(of) >= enough {
			s.questions[g.lang] = s.means[g]
		}
	}
	s.fit(x, named)
	return s
}

// fit fits the head on all that people call and ask for.
func (s *space) fit(x *Index, named []NamedVector) {
	if len(named) > headLimit {
		return
	}
	var vectors [][]float32
	var class []int32
	for _, n := range named {
		sheet, ok := x.rows[n.Sheet]
		if !ok || n.Kind == KindNames { // stored after the sheets were read; or there name by name as well
			continue
		}
		vectors = append(vectors, centred(n.Vector, s.means[groupOf(n.Kind, n.Lang)]))
		class = append(class, x.ofSheet[sheet])
	}
	s.head = newHead(vectors, class, len(x.procedures), headPenalty)
}

// question centres the vector of a question in a language; it is the vector itself where no mean is known.
func (s *space) question(v []float32, l language.Language) []float32 {
	mean, ok := s.questions[l]
	if !ok {
		mean = s.questions[language.French]
	}
	return centred(v, mean)
}

// offsets are the products of a centred question with each group's mean: what is to be taken from its product with
// a stored raw vector to centre that too. (The vector's length is left as it is: after centring, lengths differ
// little.)
func (s *space) offsets(question []float32) map[group]float64 {
	out := make(map[group]float64, len(s.means))
	for g, mean := range s.means {
		if len(mean) == len(question) {
			out[g] = dot(question, mean)
		}
	}
	return out
}

// centred is the unit vector of v − mean, v where the mean is of another space.
func centred(v, mean []float32) []float32 {
	if len(mean) != len(v) {
		return v
	}
	out := make([]float32, len(v))
	square := 0.0
	for i, x := range v {
		out[i] = x - mean[i]
		square += float64(out[i]) * float64(out[i])
	}
	if square == 0 {
		return v
	}
	scale := float32(1 / math.Sqrt(square))
	for i := range out {
		out[i] *= scale
	}
	return out
}

// MeanOf is the mean of vectors of one length, nil of none.
func MeanOf(vectors [][]float32) []float32 {
	if len(vectors) == 0 {
		return nil
	}
	return meanOf(vectors)
}

func meanOf(vectors [][]float32) []float32 {
	sum := make([]float64, len(vectors[0]))
	for _, v := range vectors {
		for i, x := range v {
			sum[i] += float64(x)
		}
	}
	out := make([]float32, len(sum))
	for i, x := range sum {
		out[i] = float32(x / float64(len(vectors)))
	}
	return out
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}
