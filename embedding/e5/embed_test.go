package e5

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"murshid/embedding"
)

func TestEmbedOrderAndKind(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	texts := []string{"Comment renouveler mon passeport ?", "كيف أجدد جواز السفر؟", "kifach njedded l passport", "la pêche au thon"}
	for _, kind := range []embedding.Kind{embedding.Question, embedding.Passage} {
		all, err := e.Embed(t.Context(), kind, texts)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if !slices.Equal(all[i], embedOne(t, e, kind, text)) {
				t.Errorf("vector %d is not its text's", i)
			}
		}
		if near, far := cosine(all[0], all[1]), cosine(all[0], all[3]); near <= far {
			t.Errorf("the same question in Arabic: %.3f, something else: %.3f", near, far)
		}
	}
	if slices.Equal(embedOne(t, e, embedding.Question, texts[0]), embedOne(t, e, embedding.Passage, texts[0])) {
		t.Error("question and passage have the same vector")
	}
	if got, err := e.Embed(t.Context(), embedding.Question, nil); err != nil || len(got) != 0 {
		t.Errorf("no texts gave %v, %v", got, err)
	}
}

// TestEmbedAnyText: texts of any bytes have a vector, in bounded time.
func TestEmbedAnyText(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	for name, text := range map[string]string{
		"empty":         "",
		"NUL":           "\x00",
		"no UTF-8":      "\xff\xfe\x80 a \xc3",
		"surrogate":     "\xed\xa0\x80",
		"only controls": "\u200f\u200b\ufeff",
		"one letter":    strings.Repeat("a", 1<<20),
		"spaces":        strings.Repeat(" ", 1<<20),
		"marks":         "a" + strings.Repeat("\u0301", 1<<19),
		"bytes":         strings.Repeat("\xff", 1<<20),
		"grows":         strings.Repeat("\ufdfa", 1<<18),
		"words":         strings.Repeat("بطاقة carte ", 1<<16),
	} {
		start := time.Now()
		vector := embedOne(t, e, embedding.Passage, text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if c := cosine(vector, vector); c < .9999 || c > 1.0001 {
			t.Errorf("%s: length %g", name, c)
		}
	}
}

// TestWindows: all content lands in windows once, each with its own ends, and
// the ids are cut at the bound.
func TestWindows(t *testing.T) {
	t.Parallel()
	e := &Engine{positions: 12}
	for n := range 120 {
		ids := []int32{0}
		for i := range n {
			ids = append(ids, int32(100+i))
		}
		var content []int32
		count := 0
		for window := range e.windows(append(slices.Clone(ids), 2)) {
			if window[0] != 0 || window[len(window)-1] != 2 || len(window) > 12 {
				t.Fatalf("%d tokens: window %v", n, window)
			}
			content = append(content, window[1:len(window)-1]...)
			count++
		}
		if kept := min(n, 10*maxWindows); !slices.Equal(content, ids[1:1+kept]) {
			t.Fatalf("%d tokens: content %v", n, content)
		}
		if want := max(1, min((n+9)/10, maxWindows)); count != want {
			t.Fatalf("%d tokens: %d windows, want %d", n, count, want)
		}
	}
}

// TestEmbedLongText: the second window counts, what lies beyond the bound does
// not.
func TestEmbedLongText(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	window := strings.Repeat("bonjour ", 510)
	other := strings.Repeat("جواز ", 510)
	one := embedOne(t, e, embedding.Passage, window)
	if slices.Equal(one, embedOne(t, e, embedding.Passage, window+other)) {
		t.Error("the second window does not count")
	}
	full := strings.Repeat(window, maxWindows)
	if !slices.Equal(embedOne(t, e, embedding.Passage, full), embedOne(t, e, embedding.Passage, full+other)) {
		t.Error("what lies beyond the bound counts")
	}
}

func TestEmbedContext(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, texts := range [][]string{nil, {"a"}, {"a", "b"}} {
		if got, err := e.Embed(ctx, embedding.Question, texts); !errors.Is(err, context.Canceled) || got != nil {
			t.Errorf("%d texts: %v, %v", len(texts), got, err)
		}
	}
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := e.Embed(ctx, embedding.Passage, slices.Repeat([]string{strings.Repeat("mot ", 400)}, 1000))
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("a long batch ended after %v with %v", time.Since(start), err)
	}
}

// TestEmbedAllocates: the memory of a forward pass is used again.
func TestEmbedAllocates(t *testing.T) {
	e := testEngine(t)
	texts := []string{"Quels documents faut-il pour renouveler la carte nationale ?"}
	run := func() {
		if _, err := e.Embed(context.Background(), embedding.Question, texts); err != nil {
			t.Fatal(err)
		}
	}
	run()
	result := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			run()
		}
	})
	if n, bytes := result.AllocsPerOp(), result.AllocedBytesPerOp(); n > 24 || bytes > 8<<10 {
		t.Errorf("one question allocates %d times, %d bytes", n, bytes)
	}
	t.Logf("one question: %s", result.MemString())
}
