package e5

import (
	"context"
	"iter"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"murshid/embedding"
)

// Bounds of one text. What lies beyond them does not change the vector.
const (
	// maxWindows is the number of windows that are embedded: 2,040 tokens,
	// about eight thousand letters, half a second of work on one thread.
	maxWindows = 4
	// maxText is the number of bytes that are cut into tokens, counted after
	// normalisation (one character can become thirty bytes).
	maxText = 32 << 10
)

// prefixes are what the model was trained to see before each kind of text.
var prefixes = [...]string{embedding.Question: "query: ", embedding.Passage: "passage: "}

// Embed returns one unit-length vector a text, in order; the model's prefix for
// the kind is put before each. Any bytes are a text, none at all too; of very
// long ones the beginning counts (4 windows of 510 tokens, 32 KiB). Several
// texts are spread over the processors; questions go before passages. It
// returns the context's error, ErrClosed after Close, and ErrModel when damaged
// weights give no vector.
func (e *Engine) Embed(ctx context.Context, kind embedding.Kind, texts []string) ([][]float32, error) {
	e.life.RLock()
	defer e.life.RUnlock()
	if e.unmap == nil {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	vectors := make([][]float32, len(texts))
	workers := min(len(texts), e.scheduler.threads)
	if workers > 1 {
		return e.embedParallel(ctx, kind, texts, workers)
	}
	for i, text := range texts {
		vector, err := e.embedText(ctx, kind, text, maxThreads)
		if err != nil {
			return nil, err
		}
		vectors[i] = vector
	}
	return vectors, nil
}

// embedParallel lets each worker take the next text: two texts on a thread each
// are faster than one after the other on two.
func (e *Engine) embedParallel(ctx context.Context, kind embedding.Kind, texts []string, workers int) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range workers {
		group.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(texts); i = int(next.Add(1)) - 1 {
				vector, err := e.embedText(ctx, kind, texts[i], 1)
				if err != nil {
					return err
				}
				vectors[i] = vector
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// embedText embeds one text on at most so many threads.
func (e *Engine) embedText(ctx context.Context, kind embedding.Kind, text string, threads int) ([]float32, error) {
	prefix := prefixes[queue(kind)]
	ids := e.tokenizer.encode(make([]int32, 0, 64), prefix+text, maxText)
	var p pooling
	for window := range e.windows(ids) {
		granted, err := e.scheduler.acquire(ctx, kind, threads)
		if err != nil {
			return nil, err
		}
		w := e.workspaces.take(len(window))
		e.forward(w, window, granted)
		p.add(w.x, len(window))
		e.workspaces.put(w)
		e.scheduler.release(granted)
	}
	return p.unit()
}

// windows cuts the ids of a text, with <s> and </s> around them, into windows
// the model can take, each with its own <s> and </s>. Window and ids share
// memory: a window is good until the next one.
func (e *Engine) windows(ids []int32) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		size := e.positions - 2
		begin, end := ids[0], ids[len(ids)-1]
		content := min(len(ids)-2, size*maxWindows)
		for at := 0; at == 0 || at < content; at += size {
			to := min(at+size, content)
			window := ids[at : to+2]
			next := window[len(window)-1]
			window[0], window[len(window)-1] = begin, end
			if !yield(window) {
				return
			}
			window[len(window)-1] = next
		}
	}
}
