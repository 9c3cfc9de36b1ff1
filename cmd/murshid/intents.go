package main

import (
	"context"

	"murshid/assistant"
	"murshid/evals"
)

// evaluateIntents measures what messages are taken for.
func evaluateIntents(ctx context.Context, c *call, _ *assistant.Assistant, runner evals.Runner, questions []evals.Case) error {
	cases, err := evals.IntentCases()
	if err != nil {
		return err
	}
	results, err := runner.RunIntents(ctx, append(cases, evals.QuestionIntents(questions)...))
	if err != nil {
		return err
	}
	if c.Failures {
		return evals.IntentFailures(c.stdout, results)
	}
	return evals.ReportIntents(c.stdout, results)
}
