package ingest_test

import (
	"fmt"
	"testing"
	"time"

	"murshid/corpus"
	"murshid/embedding"
	"murshid/ingest"
)

// BenchmarkLoad gives what a load reaches of the engine's own rate ("ratio"), and its passages a second. Parts of
// the demo corpus are embedded alone and loaded in turn, so that a busy machine slows both. Nothing is precomputed.
func BenchmarkLoad(b *testing.B) {
	e := engine(b)
	const parts = 3
	var alone, with time.Duration
	passages := 0
	for b.Loop() {
		for i := range parts {
			part, texts := partOfDemo(b, i, parts)
			passages += len(texts)
			in := &ingest.Ingester{Store: openStore(b), Embedder: e}
			start := time.Now()
			if _, err := e.Embed(b.Context(), embedding.Passage, texts); err != nil {
				b.Fatal(err)
			}
			alone += time.Since(start)
			start = time.Now()
			load(b, in, ingest.Options{}, part)
			with += time.Since(start)
		}
	}
	b.ReportMetric(float64(passages)/alone.Seconds(), "engine/s")
	b.ReportMetric(float64(passages)/with.Seconds(), "passages/s")
	b.ReportMetric(alone.Seconds()/with.Seconds(), "ratio")
}

// partOfDemo is each parts-th sheet of the demo corpus, and the texts of their passages.
func partOfDemo(b *testing.B, which, parts int) (ingest.Source, []string) {
	b.Helper()
	all, err := ingest.FS(corpus.Sheets())
	if err != nil {
		b.Fatal(err)
	}
	part := func(yield func(ingest.Record) bool) {
		i := 0
		for record := range all {
			if i++; i%parts == which && !yield(record) {
				return
			}
		}
	}
	vectors, err := ingest.PrecomputeVectors(b.Context(), &toy{}, part)
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for _, v := range vectors {
		texts = append(texts, v.Text)
	}
	return part, texts
}

// BenchmarkStore gives the cost of storing alone: 5,000 passages of 384 components into an empty table, whose
// vector index is made at the end, and into one that has its index.
func BenchmarkStore(b *testing.B) {
	for _, indexed := range []bool{false, true} {
		b.Run(fmt.Sprintf("indexed=%t", indexed), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				in := &ingest.Ingester{Store: openStore(b), Embedder: &toy{dim: 384}}
				if indexed {
					load(b, in, ingest.Options{}, lines(b, sheetLine("first", "fr", "1 DH")))
				}
				source := lines(b, manySheets(1000)...)
				b.StartTimer()
				load(b, in, ingest.Options{}, source)
			}
			b.ReportMetric(5000/(b.Elapsed().Seconds()/float64(b.N)), "passages/s")
		})
	}
}
