package e5

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// testOptions says where set-up puts the model. Its absence is a failure: a
// test of the engine without the model would test nothing.
func testOptions(tb testing.TB) Options {
	tb.Helper()
	cache := os.Getenv("MURSHID_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			tb.Fatal(err)
		}
		cache = filepath.Join(user, "murshid")
	}
	o := Options{
		ModelPath:    filepath.Join(cache, "e5", "e5-small-q4.bin"),
		CharsmapPath: filepath.Join(cache, "e5", "charsmap.bin"),
	}
	for _, path := range []string{o.ModelPath, o.CharsmapPath} {
		if _, err := os.Stat(path); err != nil {
			tb.Fatalf("the embedding model is not here (%s): run make setup", path)
		}
	}
	return o
}

// shared is the engine most tests use, opened once.
var shared = struct {
	once   sync.Once
	engine *Engine
	err    error
}{}

func testEngine(tb testing.TB) *Engine {
	tb.Helper()
	o := testOptions(tb)
	shared.once.Do(func() { shared.engine, shared.err = Open(o) })
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	return shared.engine
}

// withKernels is the shared engine's weights under another kernel set or number
// of threads.
func withKernels(e *Engine, set *kernelSet, threads int) *Engine {
	return &Engine{
		positions: e.positions,
		weights:   e.weights,
		tokenizer: e.tokenizer,
		kernels:   set,
		scheduler: newScheduler(threads),
		unmap:     func() error { return nil },
	}
}

// readLines decodes a file of JSON lines.
func readLines[T any](tb testing.TB, path string) []T {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var values []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			tb.Fatalf("%s, line %d: %v", path, len(values)+1, err)
		}
		values = append(values, v)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return values
}

func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
