package main

import (
	"context"
	"strings"

	"murshid/assistant"
	"murshid/evals"
)

// measures are what evals can do besides measuring the answers to questions. Those of the corpus need no database.
var (
	measuresOfCorpus = map[string]func(context.Context, *call, []evals.Case) error{"fit": fit, "study": study}
	measuresOfTurns  = map[string]func(context.Context, *call, *assistant.Assistant, evals.Runner, []evals.Case) error{
		"": evaluateQuestions, "picture": drawRisk, "intents": evaluateIntents, "dialogues": evaluateDialogues}
)

// evaluate measures the answers on the repository's questions, or fits weights and calibration.
func evaluate(ctx context.Context, c *call) (err error) {
	what := strings.Join(c.args, " ")
	if measuresOfCorpus[what] == nil && measuresOfTurns[what] == nil {
		return usagef("want evals, evals fit, study, picture, intents or dialogues")
	}
	cases, err := evalCases(c)
	if err != nil {
		return err
	}
	if measure := measuresOfCorpus[what]; measure != nil {
		return measure(ctx, c, cases)
	}
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	answerer := in.assistant()
	runner := evals.Runner{Search: in.retriever.Search,
		Answer: func(ctx context.Context, question string) (assistant.Answer, error) {
			return answerer.Answer(ctx, assistant.Question{Channel: assistant.Web, Text: question, Test: true})
		}}
	return measuresOfTurns[what](ctx, c, answerer, runner, cases)
}

// evaluateQuestions measures the answers to single questions.
func evaluateQuestions(ctx context.Context, c *call, _ *assistant.Assistant, runner evals.Runner, cases []evals.Case) error {
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
	if err := evals.Report(c.stdout, results); err != nil {
		return err
	}
	return evals.ReportCalibration(c.stdout, results)
}

// drawRisk prints the risk–coverage curves as an SVG picture.
func drawRisk(ctx context.Context, c *call, _ *assistant.Assistant, runner evals.Runner, cases []evals.Case) error {
	results, err := runner.Run(ctx, evals.Part(c.Part).Of(cases))
	if err != nil {
		return err
	}
	return evals.Picture(c.stdout, results)
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
