package ingest

import (
	"context"
	"errors"

	"murshid/embedding"
	"murshid/retrieval"
)

// What a Store can object to.
var (
	// ErrForeign means that the id belongs to another corpus.
	ErrForeign = errors.New("the id belongs to another corpus")
	// ErrRaced means that another ingest changed the sheet between FindSheet and SaveSheet; the caller tries again.
	ErrRaced = errors.New("the sheet was changed by another ingest")
)

// Model names the weights behind vectors.
type Model = embedding.Model

// Key names a sheet: a procedure in one language.
type Key struct {
	ID   string
	Lang string
}

// Stored is what a store knows of a sheet before it is saved. The zero value is a sheet it does not know.
type Stored struct {
	Corpus  string          // of the id, also where only other languages are stored
	Exists  bool            // the sheet itself is stored
	Sheet   retrieval.Sheet // as it is stored
	Shipped bool            // it is as the binary brought it
	Digest  Digest          // of the sheet as it was saved
	Texts   map[Digest]bool // of the passages embedded by the model asked for
}

// Change is a sheet as it shall be stored.
type Change struct {
	Sheet    retrieval.Sheet // with its corpus
	Shipped  bool            // brought by the binary, so that a newer binary may replace it
	Digest   Digest
	Was      Digest // of what is stored, as FindSheet gave it
	Model    Model
	Passages []Embedded
}

// Embedded is a passage with its vector.
type Embedded struct {
	retrieval.Passage
	Digest Digest
	Vector []float32 // nil: the store has it already
}

// Removal says what leaves a corpus.
type Removal struct {
	Corpus      string
	ShippedOnly bool           // sheets that somebody edited stay
	Keep        func(Key) bool // reports whether a sheet stays
}

// Finish closes a load.
type Finish struct {
	Corpus  string // empty: of no one corpus
	Version string // of what was loaded, where it has one
	Model   Model
	Changed bool // anything was saved or removed
}

// Store keeps sheets and their passages.
type Store interface {
	// FindSheet says what is stored of a sheet.
	FindSheet(ctx context.Context, key Key, model Model) (Stored, error)
	// SaveSheet stores a sheet with all its passages and a row of its history, all or nothing. Passages without
	// a vector keep the stored one. Errors: ErrForeign, ErrRaced.
	SaveSheet(ctx context.Context, c Change) error
	// RemoveSheets removes sheets with all that hangs on them and returns how many.
	RemoveSheets(ctx context.Context, r Removal) (int, error)
	// Sheets are all stored sheets.
	Sheets(ctx context.Context) ([]retrieval.Sheet, error)
	// FinishLoad notes that the corpus was loaded, sees to the vector index and tells all instances of a change.
	FinishLoad(ctx context.Context, f Finish) error
}
