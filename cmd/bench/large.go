package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"murshid/retrieval"
)

// dimension of the vectors of the stand-in endpoint: that of the built-in engine.
const dimension = 384

// large measures search among many passages. Their vectors come from an endpoint of ours that makes clustered
// random ones: embedding 27,000 real passages would take minutes and search no other way.
func (b *bench) large(ctx context.Context) error {
	endpoint, stop, err := standIn()
	if err != nil {
		return err
	}
	defer stop()
	environment := []string{"MURSHID_EMBEDDINGS_URL=" + endpoint, "MURSHID_EMBEDDINGS_MODEL=stand-in"}
	sample := syntheticSheets(10, 3)
	each := 0
	for i := range sample {
		each += len(retrieval.Passages(&sample[i]))
	}
	procedures := b.passages * 10 / each
	path := filepath.Join(b.folder, "large.jsonl")
	if err := writeSheets(path, syntheticSheets(procedures, 3)); err != nil {
		return err
	}
	data := filepath.Join(b.folder, "large")
	load := exec.CommandContext(ctx, b.binary, "ingest", "--data", data, path)
	load.Env = append(os.Environ(), environment...)
	load.Stderr = os.Stderr
	if err := load.Run(); err != nil {
		return fmt.Errorf("ingest: %w", err)
	}
	s, err := b.start(ctx, data, environment...)
	if err != nil {
		return err
	}
	spent, err := b.askAll(s)
	if err != nil {
		return err
	}
	search := make([]float64, 0, len(spent))
	for _, a := range spent {
		search = append(search, a.search)
	}
	slices.Sort(search)
	memory, err := s.memory()
	if err != nil {
		return err
	}
	title := fmt.Sprintf("%d procedures, about %d passages: ", procedures, procedures*each/10)
	b.row(title+"start", fmt.Sprintf("%.1f s", s.started.Seconds()), "")
	b.row(title+"search after the embedding, median / p95", pair(search), "≤ 3 ms median")
	b.row(title+"memory", fmt.Sprintf("%.0f MB", memory), "")
	return s.stop()
}

// standIn is an OpenAI-compatible embeddings endpoint whose vectors are random, the same for the same text, around a
// few hundred centres.
func standIn() (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		type embedding struct {
			Object    string    `json:"object"`
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		data := make([]embedding, len(request.Input))
		for i, text := range request.Input {
			data[i] = embedding{"embedding", i, randomVector(text)}
		}
		if len(request.Input) == 1 {
			spin(engineTime)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "model": "stand-in"}) // the caller sees it
	})}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return "http://" + listener.Addr().String() + "/v1", func() { _ = server.Close() }, nil
}

// engineTime is what the built-in engine works on a question: words are counted meanwhile.
const engineTime = 4 * time.Millisecond

// spin keeps one processor busy, as an engine does.
func spin(d time.Duration) {
	for begin := time.Now(); time.Since(begin) < d; {
	}
}

func randomVector(text string) []float32 {
	h := fnv.New64a()
	h.Write([]byte(text)) // never fails
	own := rand.New(rand.NewPCG(h.Sum64(), 1))
	centre := rand.New(rand.NewPCG(h.Sum64()%300, 2))
	v := make([]float32, dimension)
	for i := range v {
		v[i] = float32(centre.NormFloat64() + 0.7*own.NormFloat64())
	}
	return v
}
