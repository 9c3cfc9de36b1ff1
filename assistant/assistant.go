// Package assistant is the domain: how a question becomes an answer.
//
// A Turn is one question on its way. It walks an ordered list of steps; any step may end it with a status and a
// text. Every outcome is an answer, failures included.
package assistant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"murshid/language"
	"murshid/retrieval"
)

// Retriever finds procedures: *retrieval.Retriever.
type Retriever interface {
	Search(ctx context.Context, question string, lang language.Language, count int) (retrieval.Ranking, error)
	Index() *retrieval.Index
}

// Options are what an Assistant is made of.
type Options struct {
	Store     Store
	Retriever Retriever
	Latin     language.LatinFunc // nil: texts in Latin letters are French unless a word says otherwise
	Policy    Policy
	Composer  Composer      // nil: answers are rendered from the sheets
	Patience  time.Duration // how long a turn waits for Composer. Defaults to DefaultPatience.
	Log       *slog.Logger
	Retention time.Duration // how long a conversation is kept after its last message, as people are told. Defaults to DefaultRetention.
}

// Assistant answers questions. Its methods may be called at the same time.
type Assistant struct {
	store     Store
	retriever Retriever
	decider   language.Decider
	policy    Policy
	composer  Composer
	patience  time.Duration
	log       *slog.Logger
	retention time.Duration
}

// New gives an Assistant.
func New(o Options) *Assistant {
	return &Assistant{store: o.Store, retriever: o.Retriever, decider: language.Decider{Latin: o.Latin},
		policy: o.Policy.orDefault(), composer: o.Composer, patience: cmp.Or(o.Patience, DefaultPatience), log: o.Log,
		retention: cmp.Or(o.Retention, DefaultRetention)}
}

// step is one stage of a turn. Its error ends the turn with the status Failed.
type step struct {
	name string
	do   func(*Assistant, context.Context, *Turn) error
}

// steps are the whole way of a question, in order.
var steps = []step{
	{"hold", (*Assistant).hold},             // an agent holds the conversation: stay silent
	{"language", (*Assistant).nameLanguage}, // which writing is it?
	{"privacy", (*Assistant).privacy},       // is it about the person's own data?
	{"cancel", (*Assistant).cancel},         // does it take a complaint back?
	{"route", (*Assistant).route},           // what does the person want?
	{"recall", (*Assistant).recall},         // does it go on from the turn before?
	{"retrieve", (*Assistant).retrieve},     // which procedure is it about?
	{"follow", (*Assistant).follow},         // does what was found go on from the turn before?
	{"pair", (*Assistant).pair},             // are there two procedures in it?
	{"decide", (*Assistant).decide},         // is that sure enough to answer?
	{"compose", (*Assistant).finishAnswer},  // what does its sheet say?
}

// Answer takes one question through a turn. The question is stored before anything works on it, the answer before
// it is returned.
//
// Errors: ErrEmpty, ErrTooLong, ErrNoConversation, and those of the store; all other failures are answers with the
// status Failed.
func (a *Assistant) Answer(ctx context.Context, q Question) (Answer, error) {
	t, err := a.open(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	if t.Asked.Answer != nil { // this message was answered before
		return *t.Asked.Answer, nil
	}
	return a.walk(ctx, t)
}

// Resume takes up a question that was stored but not answered, because the process that worked on it died. Errors:
// those of the store.
func (a *Assistant) Resume(ctx context.Context, q Question, asked Asked) (Answer, error) {
	return a.walk(ctx, newTurn(q, asked, Mask(language.Clean(q.Text)), time.Now()))
}

// walk takes a turn through the steps and stores what comes of it.
func (a *Assistant) walk(ctx context.Context, t *Turn) (Answer, error) {
	t.retention = a.retention
	for _, s := range steps {
		if err := s.do(a, ctx, t); err != nil {
			a.log.ErrorContext(ctx, "step failed", "step", s.name, "seq", t.Asked.Seq, "error", err)
			t.fail()
		}
		if t.done {
			break
		}
	}
	return a.close(ctx, t)
}

// open checks the question and stores it.
func (a *Assistant) open(ctx context.Context, q Question) (*Turn, error) {
	start := time.Now()
	text := language.Clean(q.Text)
	switch {
	case text == "":
		return nil, ErrEmpty
	case len(q.Text) > MaxQuestion:
		return nil, ErrTooLong
	}
	text = Mask(text)
	asked, err := a.store.SaveQuestion(ctx, q, text)
	if err != nil {
		return nil, fmt.Errorf("save question: %w", err)
	}
	if q.Stored != nil {
		q.Stored(asked)
	}
	return newTurn(q, asked, text, start), nil
}

// close stores the answer, unless the assistant is silent.
func (a *Assistant) close(ctx context.Context, t *Turn) (Answer, error) {
	t.Answer.Ms.Total = milliseconds(time.Since(t.start))
	outcome := t.outcome()
	if t.silent {
		return outcome.Answer, nil
	}
	ctx = context.WithoutCancel(ctx)
	_, err := a.store.SaveAnswer(ctx, t.Asked, outcome)
	if errors.Is(err, ErrHeld) {
		t.keepHeld()
		outcome = t.outcome()
		_, err = a.store.SaveAnswer(ctx, t.Asked, outcome)
	}
	if err != nil {
		return Answer{}, fmt.Errorf("save answer: %w", err)
	}
	return outcome.Answer, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
