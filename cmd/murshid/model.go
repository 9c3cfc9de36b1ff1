package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"murshid/assistant"
	"murshid/generation"
)

const (
	// modelPatience is how long a turn waits for the language model.
	modelPatience = assistant.DefaultPatience
	// modelTime is a little less: an endpoint that is too slow must be found so by its own adapter, which then leaves
	// it alone for a while; a turn that hangs up tells the adapter nothing.
	modelTime = modelPatience - 500*time.Millisecond
)

// openComposer opens the language model that words answers, where one is set. Without one the interface itself stays
// nil, and with it answers are the same but for their words.
func (in *installation) openComposer() error {
	composer, err := in.newComposer()
	if err == nil && composer != nil {
		in.composer = composer
	}
	return err
}

// newComposer gives the adapter to the language model, nil where none is set. It asks the endpoint nothing.
func (in *installation) newComposer() (*generation.Composer, error) {
	if in.LLMURL == "" {
		return nil, nil
	}
	o := generation.Options{URL: in.LLMURL, Model: in.LLMModel, Key: in.LLMKey, Timeout: modelTime,
		Limit: generation.Use{Requests: in.LLMRequests, Tokens: in.LLMTokens}}
	if in.db != nil {
		o.Budget = in.db
	}
	composer, err := generation.New(o)
	if err != nil {
		return nil, usagef("MURSHID_LLM_URL: %v", err)
	}
	return composer, nil
}

// checkModel asks the endpoint for its models. Without a language model nothing is wrong.
func checkModel(ctx context.Context, in *installation) (string, error) {
	composer, err := in.newComposer()
	if err != nil {
		return "", err
	}
	if composer == nil {
		return "none: answers are rendered from the sheets", nil
	}
	switch err := composer.Probe(ctx); {
	case err == nil:
		return in.LLMModel + ", reachable", nil
	case errors.Is(err, generation.ErrNoList):
		return in.LLMModel + ", reachable; the endpoint lists no models, so whether it has this one is not known", nil
	default:
		return "", fmt.Errorf("%w: %s; answers are rendered until then", err, mendModel(err))
	}
}

// mendModel says which setting to correct.
func mendModel(err error) string {
	var status *generation.StatusError
	switch {
	case errors.Is(err, generation.ErrUnlisted):
		return "correct MURSHID_LLM_MODEL"
	case errors.As(err, &status) && (status.Status == http.StatusUnauthorized || status.Status == http.StatusForbidden):
		return "correct MURSHID_LLM_KEY"
	}
	return "see that the endpoint runs, correct MURSHID_LLM_URL or unset it"
}
