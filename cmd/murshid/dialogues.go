package main

import (
	"context"

	"murshid/assistant"
	"murshid/evals"
)

// evaluateDialogues measures the answers in the repository's conversations.
func evaluateDialogues(ctx context.Context, c *call, answerer *assistant.Assistant, _ evals.Runner, _ []evals.Case) error {
	all, err := evals.Dialogues()
	if err != nil {
		return err
	}
	conversed, err := evals.Converse(ctx, func(ctx context.Context, conversation, text string) (assistant.Answer, error) {
		return answerQuestion(ctx, answerer, assistant.Question{Conversation: conversation, Channel: assistant.Web, Text: text})
	}, all)
	if err != nil {
		return err
	}
	if c.Failures {
		return evals.DialogueFailures(c.stdout, conversed)
	}
	return evals.ReportDialogues(c.stdout, conversed)
}
