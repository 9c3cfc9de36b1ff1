// Command bench measures what murshid costs beyond its embedding, on this machine, from outside: it builds the
// binary, starts it on folders of its own and asks it over HTTP.
//
// Machines are shared and noisy: read medians and ratios of one run, not figures of two.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// bench is one run.
type bench struct {
	binary   string
	folder   string // for data folders and corpora; removed at the end
	asks     int
	passages int
	table    *tabwriter.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	b := bench{table: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	flag.IntVar(&b.asks, "asks", 600, "questions to ask")
	flag.IntVar(&b.passages, "passages", 27000, "passages of the large corpus")
	only := flag.String("only", "answer,ingest,large", "which parts to run")
	flag.Parse()
	err := b.run(ctx, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, only string) (err error) {
	if b.folder, err = os.MkdirTemp("", "murshid-bench-*"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	b.binary = filepath.Join(b.folder, "murshid")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.binary, "./cmd/murshid")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build murshid: %w", err)
	}
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"answer", b.answers}, {"ingest", b.ingest}, {"large", b.large}} {
		if !strings.Contains(only, part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		if err := b.table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// row prints one line of the report: what was measured, its figure, and what it should be.
func (b *bench) row(what, figure, bar string) {
	fmt.Fprintf(b.table, "%s\t%s\t%s\n", what, figure, bar)
}
