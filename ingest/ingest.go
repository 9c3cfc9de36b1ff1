// Package ingest loads procedure sheets: it reads and checks them, cuts them into passages, embeds what changed
// and saves each sheet as a whole.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"murshid/embedding"
)

// DefaultCorpus is the corpus of sheets for which none is named.
const DefaultCorpus = "main"

// finishTime bounds what is still done for the sheets already saved when a load is stopped.
const finishTime = 2 * time.Minute

// Precomputed finds the vector of a text that was embedded before, by the model's id and the kind of text
// ("passage" or "question"). It reports false for texts it does not hold.
type Precomputed func(model, kind, text string) ([]float32, bool)

// kindNames are the kinds of texts as Precomputed knows them.
var kindNames = map[embedding.Kind]string{embedding.Passage: "passage", embedding.Question: "question"}

// Ingester loads sheets into a store. Its methods may run at the same time.
type Ingester struct {
	Store       Store
	Embedder    embedding.Embedder
	Precomputed Precomputed  // nil means that nothing is
	Log         *slog.Logger // nil is silence
}

// Options say how an input is loaded.
type Options struct {
	Corpus  string // defaults to DefaultCorpus
	Replace bool   // what the corpus holds and the input does not is removed
	Workers int    // sheets in work at once; defaults to twice GOMAXPROCS, so that some can wait for the store
	// Shipped marks a corpus that comes with the binary: sheets that somebody edited since stay as they are.
	Shipped bool
	Version string // of the corpus, for Shipped
	// Progress receives the number of records done, one call at a time; nil is allowed.
	Progress func(done int)
	// Rejected receives each bad record, one call at a time; nil is allowed.
	Rejected func(RejectionError)
}

// Summary counts what became of the records of an input.
type Summary struct {
	Read      int     `json:"read"`
	Inserted  int     `json:"inserted"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Removed   int     `json:"removed"`
	Rejected  int     `json:"rejected"`
	Seconds   float64 `json:"seconds"`
}

// changed reports whether the load changed the store.
func (s Summary) changed() bool { return s.Inserted+s.Updated+s.Removed > 0 }

// Load loads the input. Bad records are reported and skipped. When the context ends or the store or the embedder
// fails, what was loaded stays, each sheet whole, and the summary counts it.
//
// With Replace nothing is removed of an id that had a bad record, and nothing at all when a part of the input
// could not be read or no record of it was good.
func (in *Ingester) Load(ctx context.Context, o Options, source Source) (Summary, error) {
	start := time.Now()
	if o.Corpus == "" {
		o.Corpus = DefaultCorpus
	}
	l := newLoad(in, o)
	err := l.run(ctx, l.jobs(source))
	if err == nil && o.Replace {
		err = l.remove(ctx)
	}
	if err == nil || l.summary.changed() {
		err = errors.Join(err, in.finish(ctx, l.closing(err == nil)))
	}
	l.summary.Seconds = time.Since(start).Seconds()
	if err != nil {
		return l.summary, fmt.Errorf("load sheets (%d saved before): %w", l.summary.Inserted+l.summary.Updated, err)
	}
	return l.summary, nil
}

// Refresh brings the stored passages up to date with the embedder's model and with the way passages are cut. It
// costs little where they are.
func (in *Ingester) Refresh(ctx context.Context) (Summary, error) {
	start := time.Now()
	sheets, err := in.Store.Sheets(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("read sheets: %w", err)
	}
	l := newLoad(in, Options{})
	l.refresh = true
	err = l.run(ctx, func(yield func(job) bool) {
		for _, s := range sheets {
			if !yield(job{sheet: s}) {
				return
			}
		}
	})
	if err == nil || l.summary.changed() {
		err = errors.Join(err, in.finish(ctx, l.closing(false)))
	}
	l.summary.Seconds = time.Since(start).Seconds()
	if err != nil {
		return l.summary, fmt.Errorf("refresh passages: %w", err)
	}
	if l.summary.changed() {
		in.log().Info("passages embedded again", "sheets", l.summary.Updated, "model", in.Embedder.Model().ID)
	}
	return l.summary, nil
}

// finish also runs when the context has ended: what was saved must become visible.
func (in *Ingester) finish(ctx context.Context, f Finish) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	if err := in.Store.FinishLoad(ctx, f); err != nil {
		return fmt.Errorf("finish load: %w", err)
	}
	return nil
}

func (in *Ingester) log() *slog.Logger {
	if in.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return in.Log
}
