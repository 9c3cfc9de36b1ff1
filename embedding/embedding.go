// Package embedding turns texts into vectors whose nearness is nearness of meaning.
package embedding

import "context"

// Kind says what a text is. Models are trained with the two kept apart.
type Kind uint8

const (
	// Question is what a person asks. Questions go before passages.
	Question Kind = iota
	// Passage is a text that may answer a question, embedded at ingest.
	Passage
)

// Model names the weights behind an Embedder. Vectors of two models, or of one
// model in two dimensions, must never be compared.
type Model struct {
	ID  string // for example "multilingual-e5-small-q4"
	Dim int    // components of each vector
}

// An Embedder turns texts into vectors. It is safe for concurrent use.
type Embedder interface {
	// Model names the weights and the dimension of the vectors.
	Model() Model
	// Embed returns one unit-length vector a text, in order. It returns the
	// context's error when the context ends first, and then no vectors.
	Embed(ctx context.Context, kind Kind, texts []string) ([][]float32, error)
}
