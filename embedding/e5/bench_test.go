package e5

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"murshid/embedding"
)

// question returns a text that has n tokens as a question.
func question(tb testing.TB, e *Engine, n int) string {
	tb.Helper()
	words := strings.Fields(strings.Repeat("Quels sont les documents à fournir pour renouveler la carte nationale "+
		"d'identité électronique d'un enfant mineur né à l'étranger et combien cela coûte au consulat ", 1+n/20))
	count := func(s string) int { return len(e.Tokens(prefixes[embedding.Question] + s)) }
	text := words[0]
	for _, word := range words[1:] {
		if count(text+" "+word) > n {
			break
		}
		text += " " + word
	}
	for count(text) < n {
		text += " a"
	}
	if got := count(text); got != n {
		tb.Fatalf("%d tokens, want %d", got, n)
	}
	return text
}

func benchmarkEmbed(b *testing.B, tokens int) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			e := withKernels(testEngine(b), kernelSets()[0], threads)
			texts := []string{question(b, e, tokens)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Embed(context.Background(), embedding.Question, texts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEmbed10(b *testing.B)  { benchmarkEmbed(b, 10) }
func BenchmarkEmbed22(b *testing.B)  { benchmarkEmbed(b, 22) }
func BenchmarkEmbed34(b *testing.B)  { benchmarkEmbed(b, 34) }
func BenchmarkEmbed216(b *testing.B) { benchmarkEmbed(b, 216) }

// BenchmarkPassages embeds passages of 100 tokens as ingest does.
func BenchmarkPassages(b *testing.B) {
	for _, set := range kernelSets() {
		b.Run(strings.ReplaceAll(set.name, " ", "-"), func(b *testing.B) {
			e := withKernels(testEngine(b), set, testEngine(b).scheduler.threads)
			texts := slices.Repeat([]string{question(b, e, 100)}, 16)
			for b.Loop() {
				if _, err := e.Embed(context.Background(), embedding.Passage, texts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "passages/s")
		})
	}
}

func BenchmarkTokens22(b *testing.B) {
	e := testEngine(b)
	text := question(b, e, 22)
	b.ReportAllocs()
	for b.Loop() {
		e.Tokens(text)
	}
}

// BenchmarkOpen opens the engine with the vocabulary's index in the cache.
func BenchmarkOpen(b *testing.B) {
	o := testOptions(b)
	o.CacheDir = b.TempDir()
	for b.Loop() {
		e, err := Open(o)
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
