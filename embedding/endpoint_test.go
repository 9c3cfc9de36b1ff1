package embedding

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// wireRequest is what a server of the embeddings API reads.
type wireRequest struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
}

// server speaks the wire format of the embeddings API. Its vectors are
// {3, length of the text, 0…}; answer, when set, may take a request over.
type server struct {
	*httptest.Server
	dim int

	mu       sync.Mutex
	requests []wireRequest
	headers  []http.Header
	answer   func(w http.ResponseWriter, n int) (done bool) // n counts from 1
}

func newServer(t *testing.T) *server {
	s := &server{dim: 4}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req wireRequest
	if r.URL.Path != "/v1/embeddings" || json.NewDecoder(r.Body).Decode(&req) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.requests, s.headers = append(s.requests, req), append(s.headers, r.Header)
	answer, n, dim := s.answer, len(s.requests), s.dim
	s.mu.Unlock()
	if answer != nil && answer(w, n) {
		return
	}
	var data []string
	for i, text := range req.Input {
		v := make([]float32, dim)
		v[0], v[1] = 3, float32(len(text))
		numbers, _ := json.Marshal(v)
		data = append(data, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":%s}`, i, numbers))
	}
	fmt.Fprintf(w, `{"object":"list","data":[%s],"model":%q}`, strings.Join(data, ","), req.Model)
}

// after lets the first requests through (the constructor's) and then answers.
func (s *server) after(first int, answer func(w http.ResponseWriter, n int) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(w http.ResponseWriter, n int) bool { return n > first && answer(w, n-first) }
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func (s *server) options() EndpointOptions {
	return EndpointOptions{URL: s.URL + "/v1", Model: "test-model", QuestionPrefix: "q: ", PassagePrefix: "p: ", Timeout: 5 * time.Second}
}

func (s *server) endpoint(t *testing.T) *Endpoint {
	t.Helper()
	e, err := NewEndpoint(t.Context(), s.options())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEndpointEmbeds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	e := s.endpoint(t)
	if m := e.Model(); m != (Model{ID: "test-model", Dim: 4}) {
		t.Errorf("Model() = %+v", m)
	}
	vectors, err := e.Embed(t.Context(), Passage, []string{"a", "line one\nline two", ""})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"p: a", "p: line one\nline two", "p: "}
	if got := s.requests[1]; !slices.Equal(got.Input, want) || got.Model != "test-model" {
		t.Errorf("sent %+v, want %q", got, want)
	}
	for i, v := range vectors {
		length := math.Hypot(3, float64(len(want[i])))
		if math.Abs(float64(v[0])-3/length) > 1e-6 {
			t.Errorf("vector %d = %v, not of length 1 or not in order", i, v)
		}
	}
	if _, err := e.Embed(t.Context(), Question, []string{"x"}); err != nil || s.requests[2].Input[0] != "q: x" {
		t.Errorf("question sent as %q, %v", s.requests[2].Input, err)
	}
	if got, err := e.Embed(t.Context(), Question, nil); err != nil || len(got) != 0 {
		t.Errorf("no texts gave %v, %v", got, err)
	}
}

func TestEndpointKey(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, want string }{{"", ""}, {"secret", "Bearer secret"}} {
		s := newServer(t)
		o := s.options()
		o.Key = test.key
		if _, err := NewEndpoint(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if got := s.headers[0].Get("Authorization"); got != test.want {
			t.Errorf("key %q sent as %q", test.key, got)
		}
	}
}

func TestEndpointBatches(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	e := s.endpoint(t)
	texts := make([]string, endpointBatch+5)
	for i := range texts {
		texts[i] = strings.Repeat("x", i)
	}
	vectors, err := e.Embed(t.Context(), Passage, texts)
	if err != nil || len(vectors) != len(texts) {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	if got := len(s.requests[1].Input); got != endpointBatch {
		t.Errorf("a request of %d texts", got)
	}
	last := vectors[len(texts)-1]
	if ratio := last[1] / last[0]; math.Abs(float64(ratio)-float64(len(texts)-1+3)/3) > 1e-4 {
		t.Errorf("the last vector is not the last text's: %v", last)
	}
}

func TestEndpointOptionsRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []EndpointOptions{
		{},
		{URL: "example.org/v1", Model: "m"},
		{URL: "ftp://example.org", Model: "m"},
		{URL: "http://example.org/v1"},
		{URL: "http://user:password@\x7f", Model: "m"},
		{URL: "gopher://user:password@example.org", Model: "m"},
	} {
		_, err := NewEndpoint(t.Context(), o)
		if !errors.Is(err, ErrEndpoint) {
			t.Errorf("%+v: %v", o, err)
		}
		if err != nil && strings.Contains(err.Error(), "password") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

// fail answers every request with a status.
func fail(status int, header ...string) func(http.ResponseWriter, int) bool {
	return func(w http.ResponseWriter, _ int) bool {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		http.Error(w, `{"error":{"message":"what the citizen wrote"}}`, status)
		return true
	}
}

// once lets only the first request fail.
func once(f func(http.ResponseWriter, int) bool) func(http.ResponseWriter, int) bool {
	return func(w http.ResponseWriter, n int) bool { return n == 1 && f(w, n) }
}

// write answers with a body as it stands.
func write(body string) func(http.ResponseWriter, int) bool {
	return func(w http.ResponseWriter, _ int) bool { _, _ = io.WriteString(w, body); return true }
}

func TestEndpointFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		answer   func(http.ResponseWriter, int) bool
		status   int // of the StatusError; 0 = another ErrEndpoint, -1 = no error
		requests int
	}{
		{"busy once", once(fail(429, "Retry-After", "0")), -1, 2},
		{"broken once", once(fail(500)), -1, 2},
		{"busy", fail(429), 429, 2},
		{"broken", fail(500), 500, 2},
		{"bad gateway", fail(502), 502, 2},
		{"unauthorised", fail(401), 401, 1},
		{"too long a text", fail(413), 413, 1},
		{"moved", fail(307, "Location", "http://example.org/elsewhere"), 307, 1},
		{"not JSON", write("<html>welcome</html>"), 0, 1},
		{"cut off", write(`{"data":[{"index":0,"embedding":[1,2`), 0, 1},
		{"empty", write(""), 0, 1},
		{"no vector", write(`{"data":[]}`), 0, 1},
		{"two vectors", write(`{"data":[{"index":0,"embedding":[1,2,3,4]},{"index":1,"embedding":[1,2,3,4]}]}`), 0, 1},
		{"out of order", write(`{"data":[{"index":1,"embedding":[1,2,3,4]}]}`), 0, 1},
		{"another dimension", write(`{"data":[{"index":0,"embedding":[1,2,3]}]}`), 0, 1},
		{"no components", write(`{"data":[{"index":0,"embedding":[]}]}`), 0, 1},
		{"zero vector", write(`{"data":[{"index":0,"embedding":[0,0,0,0]}]}`), 0, 1},
		{"endless", write(`{"data":"` + strings.Repeat("x", maxAnswer) + `"}`), 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			e := s.endpoint(t)
			s.after(1, test.answer)
			vectors, err := e.Embed(t.Context(), Question, []string{"text"})
			var status *StatusError
			switch {
			case test.status == -1:
				if err != nil || len(vectors) != 1 {
					t.Errorf("got %v, %v", vectors, err)
				}
			case !errors.Is(err, ErrEndpoint) || vectors != nil:
				t.Errorf("got %v, %v", vectors, err)
			case errors.As(err, &status) != (test.status > 0):
				t.Errorf("error %v", err)
			case test.status > 0 && status.Status != test.status:
				t.Errorf("status %d", status.Status)
			}
			if err != nil && strings.Contains(err.Error(), "citizen") {
				t.Errorf("the error repeats the text: %v", err)
			}
			if got := s.count() - 1; got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// hang does not answer before the test ends.
func hang(t *testing.T) func(http.ResponseWriter, int) bool {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	return func(http.ResponseWriter, int) bool { <-end; return true }
}

func TestEndpointSlow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := s.options()
	o.Timeout = 200 * time.Millisecond
	e, err := NewEndpoint(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.after(1, hang(t))
	start := time.Now()
	_, err = e.Embed(t.Context(), Question, []string{"text"})
	if !errors.Is(err, ErrEndpoint) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("own timeout: %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestEndpointContext(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	e := s.endpoint(t)
	s.after(1, hang(t))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := e.Embed(ctx, Question, []string{"text"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	if _, err := e.Embed(ctx, Question, []string{"text"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := e.Embed(ctx, Question, []string{"text"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestEndpointAbsent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := s.options()
	s.Close()
	if _, err := NewEndpoint(t.Context(), o); !errors.Is(err, ErrEndpoint) {
		t.Errorf("no server: %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": backoff, "x": backoff, "-1": backoff, "0": backoff, "1": time.Second, "3600": maxBackoff,
	} {
		resp := &http.Response{Header: http.Header{"Retry-After": {header}}}
		if got := retryAfter(resp); got != want {
			t.Errorf("Retry-After %q: wait %v, want %v", header, got, want)
		}
	}
}
