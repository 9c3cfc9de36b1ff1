package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"murshid/evals"
)

// answers measures the service with the demo corpus.
func (b *bench) answers(ctx context.Context) error {
	data := filepath.Join(b.folder, "demo")
	cold, err := b.start(ctx, data)
	if err != nil {
		return err
	}
	b.row("first start: database made, demo corpus loaded", fmt.Sprintf("%.1f s", cold.started.Seconds()), "")
	if err := cold.stop(); err != nil {
		return err
	}
	s, err := b.start(ctx, data)
	if err != nil {
		return err
	}
	b.row("start, everything there", fmt.Sprintf("%.2f s", s.started.Seconds()), "")
	spent, err := b.askAll(s)
	if err != nil {
		return err
	}
	memory, err := s.memory()
	if err != nil {
		return err
	}
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.reportAsked(spent)
	b.row("memory of the service, PostgreSQL apart", fmt.Sprintf("%.0f MB", memory), "≤ 300 MB")
	b.row("binary", fmt.Sprintf("%.0f MB", float64(info.Size())/(1<<20)), "")
	return s.stop()
}

// askAll asks development questions one after the other, after a few that do not count.
func (b *bench) askAll(s *service) ([]asked, error) {
	cases, err := evals.Cases()
	if err != nil {
		return nil, err
	}
	client := &http.Client{}
	const warm = 30
	var spent []asked
	for i := range warm + b.asks {
		one, err := s.ask(client, cases[i*7%len(cases)].Question)
		if err != nil {
			return nil, err
		}
		if i >= warm && one.embed > 0 { // small talk embeds nothing
			spent = append(spent, one)
		}
	}
	return spent, nil
}

func (b *bench) reportAsked(spent []asked) {
	of := func(value func(asked) float64) []float64 {
		out := make([]float64, len(spent))
		for i, a := range spent {
			out[i] = value(a)
		}
		slices.Sort(out)
		return out
	}
	embed := of(func(a asked) float64 { return a.embed })
	search := of(func(a asked) float64 { return a.search })
	beyond := of(func(a asked) float64 { return a.wall - a.embed })
	b.row("embedding of the question, median / p95", pair(embed), "")
	b.row("search after the embedding, median / p95", pair(search), "")
	b.row("answer over HTTP beyond its embedding, median / p95", pair(beyond), "≤ 4 ms / ≤ 12 ms")
}

// pair is the median and the 95th percentile of sorted values in milliseconds.
func pair(sorted []float64) string {
	if len(sorted) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f / %.2f ms", sorted[len(sorted)/2], sorted[len(sorted)*95/100])
}
