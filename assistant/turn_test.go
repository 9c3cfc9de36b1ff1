package assistant

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/corpus"
	"murshid/language"
	"murshid/retrieval"
)

var update = flag.Bool("update", false, "write the golden files anew")

// demoIndex is the index of the demo corpus.
func demoIndex(t testing.TB) *retrieval.Index {
	t.Helper()
	var sheets []retrieval.Sheet
	names, err := fs.Glob(corpus.Sheets(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := fs.ReadFile(corpus.Sheets(), name)
		if err != nil {
			t.Fatal(err)
		}
		var some []retrieval.Sheet
		if err := json.Unmarshal(file, &some); err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, some...)
	}
	return retrieval.NewIndex(sheets)
}

// script is a retriever that finds what it is told.
type script struct {
	index   *retrieval.Index
	ranking retrieval.Ranking
	err     error
	asked   []string
}

func (s *script) Search(_ context.Context, question string, _ language.Language, _ int) (retrieval.Ranking, error) {
	s.asked = append(s.asked, question)
	return s.ranking, s.err
}

func (s *script) Index() *retrieval.Index { return s.index }

// finds makes the script find the procedures with falling shares, the first with the given confidence.
func (s *script) finds(confidence float64, ids ...string) *script {
	s.ranking = retrieval.Ranking{Confidence: confidence, Known: confidence,
		Weighting: retrieval.Weighting{Offer: 0.3, Curve: []retrieval.Operating{{From: 0.5, Error: 0.01}}}}
	for i, id := range ids {
		s.ranking.Hits = append(s.ranking.Hits, retrieval.Hit{Procedure: id, Score: 0.5 / float64(i+1)})
	}
	return s
}

// diary is a store in memory that notes the order of what is done.
type diary struct {
	events   []string
	memory   Memory
	held     bool
	seq      int64
	outcome  Outcome
	saveFail error
}

func (d *diary) SaveQuestion(_ context.Context, q Question, masked string) (Asked, error) {
	d.seq++
	d.events = append(d.events, "question "+masked)
	return Asked{Conversation: "c", Seq: d.seq, First: d.seq == 1, Held: d.held, Memory: d.memory}, nil
}

func (d *diary) SaveAnswer(_ context.Context, _ Asked, o Outcome) (int64, error) {
	d.seq++
	d.events = append(d.events, "answer "+string(o.Answer.Status))
	d.outcome, d.memory = o, o.Memory
	return d.seq, d.saveFail
}

func (d *diary) Kept(context.Context, string) (Kept, error) {
	return Kept{Messages: int(d.seq), Since: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, nil
}

func newTestAssistant(s Store, r Retriever) *Assistant {
	return New(Options{Store: s, Retriever: r, Log: slog.New(slog.DiscardHandler)})
}

func TestAnswerGolden(t *testing.T) {
	t.Parallel()
	index := demoIndex(t)
	var out strings.Builder
	for _, c := range []struct{ question, procedure string }{
		{"Combien coûte le passeport ?", "passeport-majeur"},
		{"bch7al lpaspor daba?", "passeport-majeur"},
		{"بشحال الباسبور دابا؟", "passeport-majeur"},
		{"كم يكلف جواز السفر؟", "passeport-majeur"},
		{"Quels papiers pour renouveler la CIN ?", "cnie-renouvellement"},
		{"kifach njedded lacarte?", "cnie-renouvellement"},
		{"شنو الوراق اللي خاصني باش نجدد لاكارط؟", "cnie-renouvellement"},
		{"ما هي الوثائق المطلوبة لتجديد البطاقة الوطنية؟", "cnie-renouvellement"},
		{"Quel est le délai pour le passeport au consulat ?", "passeport-consulat"},
		{"شحال كيتعطل الباسبور فالقنصلية؟", "passeport-consulat"},
		{"combien donne la CNSS par enfant ?", "allocations-familiales"},
		{"how much is the passport?", "passeport-majeur"},
		{"ch7al ghan3tiw f la douane", "franchise-cadeaux-familiaux"},
	} {
		a := newTestAssistant(&diary{}, (&script{index: index}).finds(0.9, c.procedure))
		answer, err := a.Answer(t.Context(), Question{Channel: Web, Text: c.question, Test: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "# %s\n%s %s %v\n%s\n\n", c.question, answer.Language, answer.Status, answer.Aspects, answer.Text)
	}
	golden(t, "testdata/answers.golden", out.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run with -update where this is right:\n%s", diff)
	}
}

func TestAnswerStoresFirst(t *testing.T) {
	t.Parallel()
	store := &diary{}
	retriever := (&script{index: demoIndex(t)}).finds(0.9, "passeport-majeur")
	stored := false
	q := Question{Channel: Web, Text: "prix du passeport, mon numéro est 0612345678", Stored: func(Asked) { stored = len(retriever.asked) == 0 }}
	answer, err := newTestAssistant(store, retriever).Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"question prix du passeport, mon numéro est [phone]", "answer answered"}
	if diff := cmp.Diff(want, store.events); diff != "" {
		t.Error(diff)
	}
	if !stored {
		t.Error("the question was worked on before it was stored")
	}
	if strings.Contains(retriever.asked[0], "0612") {
		t.Error("the retriever saw a telephone number")
	}
	if answer.Notice == "" {
		t.Error("the first answer carries no privacy notice")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	index := demoIndex(t)
	for name, c := range map[string]struct {
		text    string
		ranking retrieval.Ranking
		status  Status
		intent  Intent
	}{
		"sure":            {"passeport", (&script{}).finds(0.9, "passeport-majeur").ranking, Answered, IntentQuestion},
		"near":            {"passeport", (&script{}).finds(0.4, "passeport-majeur", "passeport-mineur").ranking, Clarification, IntentQuestion},
		"nothing":         {"passeport", (&script{}).finds(0.05, "passeport-majeur", "passeport-mineur").ranking, NotInCorpus, IntentQuestion},
		"another world":   {"recette du tajine", retrieval.Ranking{Foreign: 0.9, Hits: (&script{}).finds(0, "passeport-majeur").ranking.Hits}, OutOfScope, IntentOutOfScope},
		"detail missing":  {"délai du passeport au consulat", (&script{}).finds(0.9, "passeport-consulat").ranking, Partial, IntentQuestion},
		"abuse and sense": {"espèce d'idiot, le prix du passeport ?", (&script{}).finds(0.9, "passeport-majeur").ranking, Answered, IntentQuestion},
		"abuse":           {"espèce d'idiot, tu ne sers vraiment jamais", (&script{}).finds(0.1, "passeport-majeur").ranking, Refused, IntentAbuse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAssistant(&diary{}, &script{index: index, ranking: c.ranking})
			answer, err := a.Answer(t.Context(), Question{Channel: Web, Text: c.text, Test: true})
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != c.status || answer.Intent != c.intent {
				t.Errorf("%s %s, want %s %s", answer.Intent, answer.Status, c.intent, c.status)
			}
			if answer.Text == "" {
				t.Error("no text")
			}
		})
	}
}

func TestFollowUps(t *testing.T) {
	t.Parallel()
	store := &diary{}
	retriever := (&script{index: demoIndex(t)}).finds(0.4, "passeport-majeur", "passeport-mineur")
	a := newTestAssistant(store, retriever)
	say := func(text string) Answer {
		t.Helper()
		answer, err := a.Answer(t.Context(), Question{Conversation: "c", Channel: Web, Text: text, Test: true})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	if first := say("passeport"); !slices.Equal(first.Choices, []string{"passeport-majeur", "passeport-mineur"}) {
		t.Fatalf("choices %v", first.Choices)
	}
	if chosen := say("2"); chosen.Procedure != "passeport-mineur" || chosen.Status != Answered {
		t.Errorf("chose %q, %s", chosen.Procedure, chosen.Status)
	}
	if price := say("et le prix ?"); price.Procedure != "passeport-mineur" || !slices.Equal(price.Aspects, []retrieval.Field{retrieval.Fee}) {
		t.Errorf("follow-up about %q, aspects %v", price.Procedure, price.Aspects)
	}
	if again := say("w ch7al?"); again.Procedure != "passeport-mineur" || again.Language != language.Arabizi {
		t.Errorf("follow-up about %q in %s", again.Procedure, again.Language)
	}
	if len(retriever.asked) != 1 {
		t.Errorf("searched %d times, want once", len(retriever.asked))
	}
}

func TestHeldConversation(t *testing.T) {
	t.Parallel()
	store := &diary{held: true}
	answer, err := newTestAssistant(store, &script{}).Answer(t.Context(), Question{Conversation: "c", Channel: Web, Text: "allo ?"})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != HandedOff || len(store.events) != 1 {
		t.Errorf("%s, events %v: the assistant must be silent", answer.Status, store.events)
	}
}

func TestFailuresAreAnswers(t *testing.T) {
	t.Parallel()
	store := &diary{}
	a := newTestAssistant(store, &script{index: demoIndex(t), err: errors.New("the engine is on fire")})
	answer, err := a.Answer(t.Context(), Question{Channel: Web, Text: "prix du passeport"})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != Failed || strings.Contains(answer.Text, "fire") || answer.Text == "" {
		t.Errorf("%s: %q", answer.Status, answer.Text)
	}
	if diff := cmp.Diff("answer error", store.events[1]); diff != "" {
		t.Error(diff)
	}
}

func TestRefusesWrongQuestions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{"": ErrEmpty, "\u200f": ErrEmpty, strings.Repeat("a", MaxQuestion+1): ErrTooLong} {
		if _, err := newTestAssistant(&diary{}, &script{}).Answer(t.Context(), Question{Text: text}); !errors.Is(err, want) {
			t.Errorf("%.10q: %v, want %v", text, err, want)
		}
	}
}
