// Package generation has a language model write an answer from passages, behind any OpenAI-compatible chat endpoint.
//
// It is optional: without an endpoint nothing of it runs. What it returns is a draft. Nobody may see a draft that
// package grounding has not let through.
package generation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"murshid/grounding"
)

// Why there is no draft. Every error of Compose but the context's is one of these.
var (
	ErrEndpoint = errors.New("chat endpoint gave no usable answer") // not reached, refuses, too slow, or no chat completion
	ErrCut      = errors.New("the model's answer was cut")          // it does not end with the reason "stop"
	ErrDraft    = errors.New("the model's answer is no draft")      // not the JSON asked for, a made-up link, too long
	ErrBudget   = errors.New("the month's budget is spent")
	ErrResting  = errors.New("the endpoint failed too often and is left alone for a while")
	ErrOptions  = errors.New("the settings of the language model are of no use")
)

// Options say which endpoint is asked, and within which bounds.
type Options struct {
	URL      string           // up to and with the version, for example https://models.example.org/v1
	Model    string           // the model's name there
	Key      string           // sent as bearer token; "" sends none
	Timeout  time.Duration    // of one draft with its retry. Defaults to 8 s
	Budget   Budget           // counts what is spent. Defaults to one that forgets when the process ends
	Limit    Use              // most of a month; a 0 in it means no limit
	Failures int              // in a row after which the endpoint is left alone. Defaults to 5
	Rest     time.Duration    // for how long. Defaults to 30 s
	Now      func() time.Time // Defaults to time.Now
}

const (
	defaultTimeout  = 8 * time.Second
	defaultFailures = 5
	defaultRest     = 30 * time.Second
	maxReply        = 1200 // tokens of a reply; JSON and Arabic letters included
)

func (o Options) orDefault() Options {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Budget == nil {
		o.Budget = NewTally()
	}
	if o.Failures <= 0 {
		o.Failures = defaultFailures
	}
	if o.Rest <= 0 {
		o.Rest = defaultRest
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func (o Options) validate() error {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil: // its text repeats the address, which may hold a password
		return fmt.Errorf("%w: the address is not a URL", ErrOptions)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%w: %q is no http address", ErrOptions, u.Redacted())
	case o.Model == "":
		return fmt.Errorf("%w: no model is named", ErrOptions)
	}
	return nil
}

// Composer writes drafts. It is safe for concurrent use.
type Composer struct {
	model   llms.Model
	calls   *caller
	breaker *breaker
	purse   purse
	timeout time.Duration
	url     string
	key     string
	name    string // of the model
}

// New gives a Composer. It does not ask the endpoint anything. Errors: ErrOptions.
func New(o Options) (*Composer, error) {
	o = o.orDefault()
	if err := o.validate(); err != nil {
		return nil, err
	}
	calls := newCaller(o.Key != "")
	key := o.Key
	if key == "" {
		key = "none" // the library refuses to work without one; the caller takes it off
	}
	model, err := openai.New(openai.WithBaseURL(o.URL), openai.WithModel(o.Model), openai.WithToken(key),
		openai.WithOrganization(""), // not from the environment
		openai.WithHTTPClient(calls))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	return &Composer{model: model, calls: calls, timeout: o.Timeout, url: o.URL, key: key, name: o.Model,
		breaker: &breaker{most: o.Failures, rest: o.Rest, now: o.Now},
		purse:   purse{budget: o.Budget, limit: o.Limit, now: o.Now}}, nil
}

// Ready reports whether Compose would ask the endpoint: it is not left alone and, as far as this process knows, the
// month's budget is not spent.
func (c *Composer) Ready() bool { return !c.breaker.resting() && !c.purse.empty() }

// Compose has the model write a draft. It asks the endpoint twice at the most and takes no longer than the timeout.
//
// Errors: those above, and the context's.
func (c *Composer) Compose(ctx context.Context, r grounding.Request) (grounding.Draft, error) {
	if !c.breaker.allow() {
		return grounding.Draft{}, ErrResting
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("%w: no answer within %v", ErrEndpoint, c.timeout))
	defer cancel()
	draft, err := c.compose(ctx, r)
	c.breaker.note(outcomeOf(err), waitOf(err))
	return draft, err
}

func (c *Composer) compose(ctx context.Context, r grounding.Request) (grounding.Draft, error) {
	if err := c.purse.open(ctx); err != nil {
		return grounding.Draft{}, err
	}
	p, err := newPrompt(r)
	if err != nil {
		return grounding.Draft{}, err
	}
	var attempts int
	reply, err := c.model.GenerateContent(countAttempts(ctx, &attempts), p.messages(),
		llms.WithTemperature(0), llms.WithMaxTokens(maxReply), llms.WithJSONMode())
	if paid := c.purse.pay(ctx, attempts, reply); paid != nil && err == nil {
		err = paid
	}
	if err != nil {
		return grounding.Draft{}, failure(ctx, err)
	}
	return p.draft(reply)
}

// failure brings typed errors back that the library replaces by texts.
func failure(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrEndpoint), errors.Is(err, ErrBudget):
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", ErrEndpoint, err)
}

// outcomeOf says what an error means for the breaker. A caller who hangs up says nothing of the endpoint.
func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return worked
	case errors.Is(err, ErrEndpoint), errors.Is(err, ErrCut), errors.Is(err, ErrDraft):
		return failed
	}
	return unknown
}
