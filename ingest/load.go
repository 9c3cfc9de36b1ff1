package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"murshid/retrieval"
)

// attempts bounds how often a sheet is saved anew after another ingest changed it.
const attempts = 3

// A load is one run of Load or Refresh.
type load struct {
	in      *Ingester
	options Options
	model   Model
	refresh bool // stored sheets are gone over, there is no input

	mu      sync.Mutex // guards what follows, and the calls of the options' functions
	summary Summary
	done    int
	seen    map[Key]bool    // sheets of the input
	bad     map[string]bool // ids with a bad record
	lost    bool            // a part of the input could not be read
}

// job is one sheet on its way, and where it came from.
type job struct {
	sheet retrieval.Sheet
	at    RejectionError // without reason
}

func newLoad(in *Ingester, o Options) *load {
	if o.Workers <= 0 {
		o.Workers = 2 * runtime.GOMAXPROCS(0)
	}
	return &load{in: in, options: o, model: in.Embedder.Model(), seen: map[Key]bool{}, bad: map[string]bool{}}
}

// jobs are the good records of a source.
func (l *load) jobs(source Source) iter.Seq[job] {
	return func(yield func(job) bool) {
		for record := range source {
			if j, ok := l.check(record); ok && !yield(j) {
				return
			}
		}
	}
}

// run takes the jobs through embedding and store, several at once.
func (l *load) run(ctx context.Context, all iter.Seq[job]) error {
	group, ctx := errgroup.WithContext(ctx)
	jobs := make(chan job)
	group.Go(func() error {
		defer close(jobs)
		for j := range all {
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return ctx.Err()
	})
	for range l.options.Workers {
		group.Go(func() error {
			for j := range jobs {
				if err := l.save(ctx, j); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// check parses a record. It reports false for a bad one, after reporting it.
func (l *load) check(r Record) (job, bool) {
	at := RejectionError{File: r.File, Line: r.Line}
	sheet, err := parseSheet(r.JSON)
	if r.Err != nil {
		err = r.Err
	}
	sheet.Corpus = l.options.Corpus
	key := keyOf(&sheet)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.summary.Read++
	l.lost = l.lost || r.Lost
	if err == nil && l.seen[key] {
		err = fmt.Errorf("%s in %s stands twice in the input", key.ID, key.Lang)
	}
	if err != nil {
		l.reject(at, sheet.ID, err)
		return job{}, false
	}
	l.seen[key] = true
	return job{sheet, at}, true
}

func keyOf(s *retrieval.Sheet) Key { return Key{s.ID, string(s.Lang)} }

// reject counts and reports a bad record; l.mu is held.
func (l *load) reject(at RejectionError, id string, reason error) {
	at.Reason = reason
	l.bad[id] = true
	l.summary.Rejected++
	if l.options.Rejected != nil {
		l.options.Rejected(at)
	}
	l.step()
}

// step counts a record as done; l.mu is held.
func (l *load) step() {
	l.done++
	if l.options.Progress != nil {
		l.options.Progress(l.done)
	}
}

// save brings one sheet into the store where that is needed, and counts it.
func (l *load) save(ctx context.Context, j job) error {
	var count *int
	var err error
	for range attempts {
		if count, err = l.try(ctx, j.sheet); !errors.Is(err, ErrRaced) {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(err, ErrForeign) {
		l.reject(j.at, j.sheet.ID, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s in %s: %w", j.sheet.ID, j.sheet.Lang, err)
	}
	*count++
	l.step()
	return nil
}

// try is one attempt to save a sheet. It returns the figure of the summary that counts it.
func (l *load) try(ctx context.Context, s retrieval.Sheet) (*int, error) {
	stored, err := l.in.Store.FindSheet(ctx, keyOf(&s), l.model)
	if err != nil {
		return nil, fmt.Errorf("find sheet: %w", err)
	}
	change := Change{Sheet: s, Shipped: l.options.Shipped, Model: l.model, Was: stored.Digest}
	if l.refresh { // what the store holds now, not what it held when the refresh began
		change.Sheet, change.Shipped = stored.Sheet, stored.Shipped
	} else if stored.Corpus != "" && stored.Corpus != s.Corpus {
		return nil, fmt.Errorf("%w: %s", ErrForeign, stored.Corpus)
	}
	passages := retrieval.Passages(&change.Sheet)
	if change.Digest, err = sheetDigest(change.Sheet, l.model, passages); err != nil {
		return nil, err
	}
	if l.stays(stored, change.Digest) {
		return &l.summary.Unchanged, nil
	}
	if change.Passages, err = l.in.embed(ctx, passages, stored.Texts); err != nil {
		return nil, err
	}
	if err := l.in.Store.SaveSheet(ctx, change); err != nil {
		return nil, fmt.Errorf("save sheet: %w", err)
	}
	if stored.Exists {
		return &l.summary.Updated, nil
	}
	return &l.summary.Inserted, nil
}

// stays reports whether there is nothing to save.
func (l *load) stays(stored Stored, digest Digest) bool {
	if !stored.Exists {
		return l.refresh // removed meanwhile
	}
	return stored.Digest == digest || l.options.Shipped && !stored.Shipped
}

// remove takes out of the corpus what the input does not hold.
func (l *load) remove(ctx context.Context) error {
	if l.lost || l.summary.Rejected > 0 && len(l.seen) == 0 {
		l.in.log().Warn("nothing was removed: the input could not be read whole", "corpus", l.options.Corpus)
		return nil
	}
	keep := func(k Key) bool { return l.seen[k] || l.bad[k.ID] }
	removed, err := l.in.Store.RemoveSheets(ctx, Removal{l.options.Corpus, l.options.Shipped, keep})
	if err != nil {
		return fmt.Errorf("remove sheets: %w", err)
	}
	l.summary.Removed = removed
	return nil
}

// closing is what the store is told at the end; complete says that the whole input was seen.
func (l *load) closing(complete bool) Finish {
	f := Finish{Corpus: l.options.Corpus, Model: l.model, Changed: l.summary.changed()}
	if complete {
		f.Version = l.options.Version
	}
	return f
}
