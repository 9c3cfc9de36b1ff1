package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"murshid/embedding"
	"murshid/language"
)

// ErrNotReady says that no corpus was indexed yet.
var ErrNotReady = errors.New("the corpus is not indexed yet")

// How many passages the vector index returns, and for how many procedures that words or the head put first it
// returns all texts.
const (
	nearPassages   = 50
	wordProcedures = 8
	headProcedures = 4
)

// Nearness is how near one stored text is to a question.
type Nearness struct {
	Sheet   int64
	Kind    Kind
	Lang    language.Language // of what is embedded as a question
	Ordinal int               // of the passage in its sheet
	Raw     float32           // inner product with the question's vector
	Centred float32           // inner product with the centred vector
}

// Near is what a vector search asks for.
type Near struct {
	Vector  []float32
	Centred []float32
	Count   int     // of nearest passages
	Sheets  []int64 // rows of the store of which all texts are wanted
}

// Vectors are the stored vectors of one model.
type Vectors interface {
	// Nearest finds, in one round trip, the passages nearest to the vector and all texts of the named sheets.
	Nearest(ctx context.Context, n Near) ([]Nearness, error)
	// Named are the vectors of all titles, names and phrasings.
	Named(ctx context.Context) ([]NamedVector, error)
}

// Retriever ranks procedures for a question. Its methods may be called at the same time.
type Retriever struct {
	embedder embedding.Embedder
	vectors  Vectors
	weights  Weights
	index    atomic.Pointer[Index]
}

// NewRetriever gives a Retriever without sheets; Use gives it some.
func NewRetriever(e embedding.Embedder, v Vectors, w Weights) *Retriever {
	return &Retriever{embedder: e, vectors: v, weights: w}
}

// Use indexes the sheets and what is stored of their vectors, in the place of those before.
func (r *Retriever) Use(ctx context.Context, sheets []Sheet) error {
	named, err := r.vectors.Named(ctx)
	if err != nil {
		return fmt.Errorf("read vectors of names: %w", err)
	}
	x := NewIndex(sheets)
	x.space = newSpace(x, named, r.weights.Means)
	r.index.Store(x)
	return nil
}

// Index is the index in use, nil before the first.
func (r *Retriever) Index() *Index { return r.index.Load() }

// Hit is one procedure in a ranking.
type Hit struct {
	Procedure string
	Lang      language.Language // of the sheet named by Title
	Title     string
	Score     float64 // softmax share, 0…1
	Evidences Evidences
	Nearest   Nearest
}

// Nearest is the piece of a procedure's sections that is nearest to a question: a passage of a sheet. The zero value
// is none.
type Nearest struct {
	Sheet   *Sheet
	Ordinal int
	value   float64
}

// Passage is the piece itself. It reports false where there is none.
func (n Nearest) Passage() (Passage, bool) {
	if n.Sheet == nil {
		return Passage{}, false
	}
	passages := Passages(n.Sheet)
	if n.Ordinal >= len(passages) || passages[n.Ordinal].Quote == "" {
		return Passage{}, false
	}
	return passages[n.Ordinal], true
}

// Named is how far the question says one of the procedure's names, 0…1: 1 where it says the whole of it.
func (h Hit) Named() float64 {
	return math.Max(h.Evidences[namesReverse], h.Evidences[namesSkeletonReverse])
}

// Ranking is what a search finds, best first.
type Ranking struct {
	Hits       []Hit
	Signals    Signals
	Confidence float64   // calibrated probability that the first hit is the right procedure
	Known      float64   // calibrated probability that one of the first four is
	Foreign    float64   // probability that the question is not about public administration
	Missing    float64   // probability that the first hit is right and does not hold the detail that is asked
	Weighting  Weighting // that they come from
	Vector     []float32 // of the question
	Embed      time.Duration
	Search     time.Duration // everything but the embedding
}

// Sure reports whether the first hit is sure enough to be answered with, when at most the share risk of answers may
// be wrong. Who says nothing but the name of a single procedure means that one, when it is more likely than not.
func (r Ranking) Sure(risk float64) bool {
	if len(r.Hits) > 0 && r.Hits[0].Evidences[exactName] == 1 && r.Confidence > 0.5 {
		return true
	}
	return r.Confidence >= r.Weighting.From(risk)
}

// Offer reports whether the right procedure is likely enough among the first four to offer these.
func (r Ranking) Offer() bool { return r.Known >= r.Weighting.Offer }

// Search ranks the count best procedures for a question in a language: count of them whenever there are as
// many.
//
// Errors: ErrNotReady, those of the embedder and of the store.
func (r *Retriever) Search(ctx context.Context, question string, lang language.Language, count int) (Ranking, error) {
	start := time.Now()
	weighed, err := r.Weigh(ctx, question, lang)
	if err != nil {
		return Ranking{}, err
	}
	ranking := weighed.Rank(r.weights, lang, count)
	ranking.Embed, ranking.Search = weighed.embed, time.Since(start)-weighed.embed
	return ranking, nil
}

// Weighed are the evidences of a question for every procedure, not yet made into a score.
type Weighed struct {
	Vector    []float32
	Evidences []Evidences // in the order of Index.Procedures
	nearest   []Nearest   // likewise
	question  string
	index     *Index
	embed     time.Duration
}

// Weigh holds a question against every procedure. Words are counted while the question is embedded; their best
// procedures go into the same query as the vector search, so that one round trip brings the rest.
func (r *Retriever) Weigh(ctx context.Context, question string, lang language.Language) (Weighed, error) {
	x := r.index.Load()
	if x == nil || x.Len() == 0 {
		return Weighed{}, ErrNotReady
	}
	question = language.Clean(question)
	start := time.Now()
	words := make(chan []Evidences, 1)
	go func() { words <- x.words(question) }()
	vectors, err := r.embedder.Embed(ctx, embedding.Question, []string{x.bridged(question, lang)})
	if err != nil {
		return Weighed{}, fmt.Errorf("embed question: %w", err)
	}
	w := Weighed{Vector: vectors[0], question: question, index: x, embed: time.Since(start)}
	w.Evidences = <-words
	near := Near{Vector: w.Vector, Centred: x.space.question(w.Vector, lang), Count: nearPassages}
	x.classify(w.Evidences, near.Centred)
	near.Sheets = x.rowsOf(x.candidates(w.Evidences))
	found, err := r.vectors.Nearest(ctx, near)
	if err != nil {
		return Weighed{}, fmt.Errorf("search passages: %w", err)
	}
	x.nearness(w.Evidences, near.Centred, found)
	w.nearest = x.nearestPieces(near.Centred, found)
	return w, nil
}

// bridged is the question with the official terms, in the sheets' language, for what it names, where most sheets are
// not in the language that is asked in.
func (x *Index) bridged(question string, lang language.Language) string {
	own := lang.SheetLanguage()
	if x.written[own]*5 >= len(x.procedures)*4 {
		return question
	}
	terms := language.Official(question)
	switch {
	case terms == nil:
		return question
	case own == language.French:
		return question + " " + terms[1]
	}
	return question + " " + terms[0]
}

// Rank makes a ranking of the evidences.
func (w Weighed) Rank(weights Weights, lang language.Language, count int) Ranking {
	return w.RankBy(weights.of(lang, w.index.phrased), weights.Scope.Odds(w.Vector), lang, count)
}

func (x *Index) rowsOf(procedures []int32) []int64 {
	rows := make([]int64, 0, 2*len(procedures))
	for _, p := range procedures {
		for _, s := range x.procedures[p].sheets {
			rows = append(rows, x.sheets[s].No)
		}
	}
	return rows
}

// RankBy makes a ranking of the evidences by one weighting; foreign are the log-odds that the question is not about
// public administration.
func (w Weighed) RankBy(weighting Weighting, foreign float64, lang language.Language, count int) Ranking {
	x := w.index
	scores := make([]float64, len(w.Evidences))
	for i, e := range w.Evidences {
		scores[i] = weighting.Score(e)
	}
	order := highest(scores, max(count, rivals))
	total := 0.0
	for _, s := range scores {
		total += math.Exp(s - scores[order[0]])
	}
	ranking := Ranking{Hits: make([]Hit, 0, len(order)), Vector: w.Vector, Foreign: logistic(foreign), Weighting: weighting}
	best := make([]float64, 0, len(order))
	for _, p := range order {
		sheet, _ := x.Sheet(x.procedures[p].id, lang.SheetLanguage())
		best = append(best, scores[p])
		ranking.Hits = append(ranking.Hits, Hit{Procedure: sheet.ID, Lang: sheet.Lang, Title: sheet.Title,
			Score: math.Exp(scores[p]-scores[order[0]]) / total, Evidences: w.Evidences[p], Nearest: w.nearest[p]})
	}
	ranking.Signals = w.signals(ranking.Hits, best, foreign)
	ranking.Confidence = weighting.First.Probability(ranking.Signals)
	ranking.Known = weighting.Known.Probability(ranking.Signals)
	ranking.Missing = weighting.Missing.Probability(ranking.Signals)
	ranking.Hits = ranking.Hits[:min(count, len(ranking.Hits))]
	return ranking
}

// rivals are the procedures that the confidence looks at.
const rivals = 4
