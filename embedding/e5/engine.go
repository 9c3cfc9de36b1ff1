// Package e5 embeds texts with multilingual-e5-small, four bits a weight, in
// pure Go with generated assembly for the loops that matter.
package e5

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"murshid/embedding"
)

//go:generate go run ./internal/gen -dir .

// Errors of this package.
var (
	// ErrModel means that the model file or the charsmap is damaged, or is
	// another file.
	ErrModel = errors.New("e5: damaged or wrong model file")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("e5: engine is closed")
)

// modelID names the weights in stored vectors.
const modelID = "multilingual-e5-small-q4"

// indexFile is the name of the vocabulary's index in the cache folder.
const indexFile = "vocabulary.idx"

// Options say where the engine's files are.
type Options struct {
	ModelPath    string // e5-small-q4.bin, checked by set-up against its digest
	CharsmapPath string // the tokenizer's normalisation, as precompiled
	CacheDir     string // keeps the vocabulary's index, which makes starts faster; "" = none
}

// Engine embeds texts. It is safe for concurrent use.
type Engine struct {
	positions  int // tokens of the longest window
	weights    *weights
	tokenizer  *tokenizer
	kernels    *kernelSet
	scheduler  *scheduler
	workspaces workspaces

	life  sync.RWMutex // held for writing by Close, which takes the file away
	unmap func() error
}

var _ embedding.Embedder = (*Engine)(nil)

// Open maps the model file and prepares the engine for GOMAXPROCS threads, with
// the fastest kernels of this machine. It returns ErrModel when a file is not
// what it should be, and the system's error when one cannot be read. The caller
// closes the engine.
func Open(o Options) (*Engine, error) {
	return open(o, kernelSets()[0], runtime.GOMAXPROCS(0))
}

func open(o Options, kernels *kernelSet, threads int) (*Engine, error) {
	charsmapData, err := os.ReadFile(o.CharsmapPath)
	if err != nil {
		return nil, fmt.Errorf("open charsmap: %w", err)
	}
	data, unmap, err := mapFile(o.ModelPath)
	if err != nil {
		return nil, fmt.Errorf("open model: %w", err)
	}
	e := &Engine{kernels: kernels, scheduler: newScheduler(threads), unmap: unmap}
	if err := e.load(data, charsmapData, o.CacheDir); err != nil {
		return nil, errors.Join(fmt.Errorf("open model: %w", err), unmap())
	}
	return e, nil
}

// load builds everything from the bytes of the two files. Weights and
// vocabulary do not need each other, so they are prepared side by side.
func (e *Engine) load(model, charsmapData []byte, cacheDir string) error {
	charsmap, err := newCharsmap(charsmapData)
	if err != nil {
		return err
	}
	file, err := parseModelFile(model)
	if err != nil {
		return err
	}
	e.positions = file.header.positions
	var weightsErr error
	var wg sync.WaitGroup
	wg.Go(func() { e.weights, weightsErr = newWeights(file) })
	if cacheDir != "" {
		cacheDir = filepath.Join(cacheDir, indexFile)
	}
	vocabulary, err := newVocabulary(file, cacheDir)
	wg.Wait()
	if err != nil {
		return err
	}
	e.tokenizer = newTokenizer(vocabulary, charsmap)
	return weightsErr
}

// Model names the weights; vectors have 384 components.
func (e *Engine) Model() embedding.Model {
	return embedding.Model{ID: modelID, Dim: hidden}
}

// Kernels names the kernels that run: "AVX-512 VNNI", "AVX2" or "plain Go".
func (e *Engine) Kernels() string { return e.kernels.name }

// Tokens returns the ids of a text as the reference tokenizer gives them, with
// those of <s> and </s> around it and without a prefix. Spellings of special
// tokens in the text are text. After Close it returns nil.
func (e *Engine) Tokens(text string) []int32 {
	e.life.RLock()
	defer e.life.RUnlock()
	if e.unmap == nil {
		return nil
	}
	return e.tokenizer.encode(nil, text, 0)
}

// Close refuses new work, waits for what is at work and gives the memory back.
// Closing twice is no error.
func (e *Engine) Close() error {
	e.scheduler.close()
	e.life.Lock()
	defer e.life.Unlock()
	if e.unmap == nil {
		return nil
	}
	unmap := e.unmap
	e.unmap = nil
	return unmap()
}
