package embedding

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"time"

	"github.com/tmc/langchaingo/embeddings"
	"github.com/tmc/langchaingo/llms/openai"
)

// ErrEndpoint means that the embeddings endpoint did not give usable vectors:
// it is not reached, refuses, is too slow, or answers with something else.
var ErrEndpoint = errors.New("embeddings endpoint gave no usable answer")

const (
	defaultTimeout = 10 * time.Second
	// endpointBatch is the number of texts of one request: what the strictest
	// of the common servers takes.
	endpointBatch = 32
)

// EndpointOptions say how an OpenAI-compatible embeddings endpoint is asked.
type EndpointOptions struct {
	URL            string        // up to and with the version, for example https://models.example.org/v1
	Model          string        // the model's name there, also the Model.ID of the vectors
	Key            string        // sent as bearer token; "" sends none
	QuestionPrefix string        // put before each question, as the model was trained; "" = none
	PassagePrefix  string        // the same for passages
	Timeout        time.Duration // of one request with its retry. Defaults to 10 s
}

// Endpoint is an Embedder behind HTTP. It is safe for concurrent use.
type Endpoint struct {
	options  EndpointOptions
	embedder embeddings.Embedder
	dim      int
}

var _ Embedder = (*Endpoint)(nil)

// NewEndpoint asks the endpoint for one vector to learn the dimension; every
// later vector must have it. It returns ErrEndpoint when the options or the
// endpoint's answer are of no use, and the context's error.
func NewEndpoint(ctx context.Context, o EndpointOptions) (*Endpoint, error) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	// The library refuses to work without a key; the caller takes this one off.
	key := o.Key
	if key == "" {
		key = "none"
	}
	client, err := openai.New(
		openai.WithBaseURL(o.URL), openai.WithEmbeddingModel(o.Model), openai.WithToken(key),
		openai.WithOrganization(""), // not from the environment
		openai.WithHTTPClient(newCaller(o.Key != "", o.Timeout)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEndpoint, err)
	}
	embedder, err := embeddings.NewEmbedder(client,
		embeddings.WithStripNewLines(false), embeddings.WithBatchSize(endpointBatch))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEndpoint, err)
	}
	e := &Endpoint{options: o, embedder: embedder}
	first, err := e.Embed(ctx, Question, []string{"bonjour"})
	if err != nil {
		return nil, err
	}
	e.dim = len(first[0])
	return e, nil
}

func (o EndpointOptions) validate() error {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil: // its text repeats the address, which may hold a password
		return fmt.Errorf("%w: the address is not a URL", ErrEndpoint)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%w: %q is no http address", ErrEndpoint, u.Redacted())
	case o.Model == "":
		return fmt.Errorf("%w: no model is named", ErrEndpoint)
	}
	return nil
}

// Model names the endpoint's model as the options do.
func (e *Endpoint) Model() Model { return Model{ID: e.options.Model, Dim: e.dim} }

// Embed returns one unit-length vector a text, in order. Its errors are
// ErrEndpoint, for refusals with a *StatusError, or the context's.
func (e *Endpoint) Embed(ctx context.Context, kind Kind, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return nil, err
	}
	prefix := e.options.QuestionPrefix
	if kind != Question {
		prefix = e.options.PassagePrefix
	}
	inputs := make([]string, len(texts))
	for i, text := range texts {
		inputs[i] = prefix + text
		if inputs[i] == "" {
			inputs[i] = " " // many servers refuse an empty text
		}
	}
	vectors, err := e.embedder.EmbedDocuments(ctx, inputs)
	if err != nil {
		return nil, endpointError(ctx, err)
	}
	if len(vectors) != len(texts) {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrEndpoint, len(vectors), len(texts))
	}
	for _, v := range vectors {
		if err := e.accept(v); err != nil {
			return nil, err
		}
	}
	return vectors, nil
}

// endpointError brings the context's error back, which the library replaces by
// a text, and makes all others ErrEndpoint.
func endpointError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrEndpoint) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrEndpoint, err)
}

// accept checks a vector and gives it length 1. The first one may have any
// dimension.
func (e *Endpoint) accept(v []float32) error {
	if len(v) == 0 || e.dim != 0 && len(v) != e.dim {
		return fmt.Errorf("%w: a vector of %d components, %d expected", ErrEndpoint, len(v), e.dim)
	}
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if !(square > 0) || math.IsInf(square, 0) {
		return fmt.Errorf("%w: a vector without a direction", ErrEndpoint)
	}
	length := math.Sqrt(square)
	for i, x := range v {
		v[i] = float32(float64(x) / length)
	}
	return nil
}
