package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"murshid/assistant"
	"murshid/evals"
)

// evaluate measures the answers on the repository's questions, or fits weights and calibration.
func evaluate(ctx context.Context, c *call) (err error) {
	if len(c.args) > 1 || (len(c.args) == 1 && c.args[0] != "fit") {
		return usagef("want evals or evals fit")
	}
	cases, err := evalCases(c)
	if err != nil {
		return err
	}
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	if len(c.args) == 1 {
		return in.fit(ctx, c, cases)
	}
	answerer := in.assistant()
	runner := evals.Runner{Search: in.retriever.Search,
		Answer: func(ctx context.Context, question string) (assistant.Answer, error) {
			return answerer.Answer(ctx, assistant.Question{Channel: assistant.Web, Text: question, Test: true})
		}}
	if c.Cases == "" {
		cases = evals.Part(c.Part).Of(cases)
	}
	results, err := runner.Run(ctx, cases)
	if err != nil {
		return err
	}
	if c.Failures {
		return evals.Failures(c.stdout, results)
	}
	return evals.Report(c.stdout, results)
}

func evalCases(c *call) ([]evals.Case, error) {
	if c.Cases == "" {
		return evals.Cases()
	}
	file, err := openCases(c)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return evals.Read(file)
}

// fit writes weights fitted on the part of the cases that fits may see.
func (in *installation) fit(ctx context.Context, c *call, cases []evals.Case) error {
	started := time.Now()
	weights, err := evals.FitWeights(ctx, in.retriever, append(evals.Fit.Of(cases), evals.Plain(in.retriever.Index())...), version, in.embedder.Model().ID)
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(weights, "", " ")
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	if err := os.WriteFile(c.Out, append(content, '\n'), 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	_, err = fmt.Fprintf(c.stdout, "fitted on %d cases in %.1f s: %s; build again to use it\n",
		len(evals.Fit.Of(cases)), time.Since(started).Seconds(), c.Out)
	return err
}
