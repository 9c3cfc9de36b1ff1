package generation

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"murshid/grounding"
)

// wireRequest is what a server of the chat API reads.
type wireRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	Temperature    *float64 `json:"temperature"`
	ResponseFormat struct {
		Type string `json:"type"`
	} `json:"response_format"`
	Stream bool `json:"stream"`
}

// act is what the server does with one request.
type act func(w http.ResponseWriter, r *http.Request)

// server is a scripted chat endpoint: each request gets the next act, the last one for ever.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	script   []act
	requests []wireRequest
	headers  []http.Header
}

func newServer(t *testing.T, script ...act) *server {
	s := &server{script: script}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req wireRequest
	if r.URL.Path != "/v1/chat/completions" || json.NewDecoder(r.Body).Decode(&req) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	s.requests, s.headers = append(s.requests, req), append(s.headers, r.Header)
	do := s.script[min(len(s.requests), len(s.script))-1]
	s.mu.Unlock()
	do(w, r)
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// composer gives a Composer for the server; with changes its options.
func (s *server) composer(t *testing.T, with func(*Options)) *Composer {
	t.Helper()
	o := Options{URL: s.URL + "/v1", Model: "test-model", Timeout: 5 * time.Second}
	if with != nil {
		with(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// says is an answer with a content and a reason to stop.
func says(content, reason string) act {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, completion(content, reason)) }
}

func completion(content, reason string) string {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err) // a string
	}
	return fmt.Sprintf(`{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":%q}],`+
		`"usage":{"prompt_tokens":400,"completion_tokens":50,"total_tokens":450}}`, text, reason)
}

func status(code int, retryAfter string) act {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<html>the question was: secret</html>")
	}
}

func sends(body string) act {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// breaks cuts the connection in the middle of an answer.
func breaks(body string) act {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = io.WriteString(w, body[:len(body)/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

func sleeps(d time.Duration, then act) act {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
			then(w, r)
		case <-r.Context().Done():
		}
	}
}

const written = `{"text":"La carte coûte 75 DH. Faites la demande sur {L1}.","passages":[2,3]}`

func request() grounding.Request {
	return grounding.Request{Question: "Combien coûte la carte ? [phone]", Writing: "fr", Limit: 800, Passages: []grounding.Passage{
		{Field: grounding.Title, Lang: "fr", Text: "Carte nationale – renouvellement", Twin: "تجديد البطاقة الوطنية"},
		{Field: "fee", Lang: "fr", Text: "75 DH", Twin: "75 درهم"},
		{Field: "online", Lang: "fr", Text: "https://cnie.ma"},
	}}
}
