package generation

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code int
		body string
		want error
	}{
		"listed":           {200, `{"object":"list","data":[{"id":"other"},{"id":"test-model"}]}`, nil},
		"with a tag":       {200, `{"data":[{"id":"test-model:latest"}]}`, nil},
		"not listed":       {200, `{"data":[{"id":"test-model-2"}]}`, ErrUnlisted},
		"an empty list":    {200, `{"data":[]}`, ErrNoList},
		"other JSON":       {200, `[1]`, ErrNoList},
		"HTML":             {200, `<html>login</html>`, ErrEndpoint},
		"no such path":     {404, ``, ErrNoList},
		"a wrong key":      {401, ``, ErrEndpoint},
		"an endpoint down": {503, ``, ErrEndpoint},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var path, key string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				path, key = r.Method+" "+r.URL.Path, r.Header.Get("Authorization")
				w.WriteHeader(c.code)
				_, _ = io.WriteString(w, c.body)
			}))
			defer s.Close()
			tally := NewTally()
			composer, err := New(Options{URL: s.URL + "/v1/", Model: "test-model", Key: "k", Budget: tally})
			if err != nil {
				t.Fatal(err)
			}
			if err := composer.Probe(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if path != "GET /v1/models" || key != "Bearer k" || len(tally.months) > 0 {
				t.Errorf("asked %q with %q, spent %v", path, key, tally.months)
			}
		})
	}
}

func TestProbeBounds(t *testing.T) {
	t.Parallel()
	var key string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		key = r.Header.Get("Authorization")
		<-r.Context().Done()
	}))
	composer, err := New(Options{URL: s.URL + "/v1", Model: "m", Timeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := composer.Probe(t.Context()); !errors.Is(err, ErrEndpoint) || time.Since(start) > 2*time.Second {
		t.Errorf("error %v after %v", err, time.Since(start))
	}
	s.Close()
	if key != "" {
		t.Errorf("sent the key %q where none is set", key)
	}
	if err := composer.Probe(t.Context()); !errors.Is(err, ErrEndpoint) {
		t.Errorf("a server that is gone: %v", err)
	}
}
