package generation

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"murshid/grounding"
)

// seam is what the domain asks of a composer.
type seam interface {
	Compose(ctx context.Context, r grounding.Request) (grounding.Draft, error)
	Ready() bool
}

var _ seam = (*Composer)(nil)

func TestCompose(t *testing.T) {
	t.Parallel()
	s := newServer(t, says(written, "stop"))
	c := s.composer(t, func(o *Options) { o.Key = "secret" })
	d, err := c.Compose(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	if d.Text != "La carte coûte 75 DH. Faites la demande sur https://cnie.ma." || len(d.Passages) != 2 {
		t.Errorf("draft %+v", d)
	}
	if err := grounding.Check(d, "fr", request().Passages); err != nil {
		t.Errorf("the check refuses it: %v", err)
	}
	if got := s.headers[0].Get("Authorization"); got != "Bearer secret" {
		t.Errorf("key sent as %q", got)
	}
}

// What is sent: the question, the writing, the passages with tokens for links; not the twins, no key where none is set.
func TestWire(t *testing.T) {
	t.Parallel()
	s := newServer(t, says(written, "stop"))
	if _, err := s.composer(t, nil).Compose(t.Context(), request()); err != nil {
		t.Fatal(err)
	}
	got := s.requests[0]
	if got.Model != "test-model" || got.Stream || got.ResponseFormat.Type != "json_object" || len(got.Messages) != 2 {
		t.Fatalf("sent %+v", got)
	}
	if got.Temperature != nil && *got.Temperature != 0 {
		t.Errorf("temperature %v", *got.Temperature)
	}
	if h := s.headers[0].Get("Authorization"); h != "" {
		t.Errorf("a key was sent: %q", h)
	}
	want := `{"question":"Combien coûte la carte ? [phone]","writing":"fr","limit":800,"passages":[` +
		`{"number":1,"field":"title","text":"Carte nationale – renouvellement"},{"number":2,"field":"fee","text":"75 DH"},` +
		`{"number":3,"field":"online","text":"{L1}"}]}`
	if text := contentOf(t, got.Messages[1].Content); text != want {
		t.Errorf("sent\n%s, want\n%s", text, want)
	}
	if text := contentOf(t, got.Messages[0].Content); text != strings.TrimSpace(instructions) || got.Messages[0].Role != "system" {
		t.Errorf("instructions sent as %s: %s", got.Messages[0].Role, text)
	}
}

// contentOf reads a message's content, which is a text or a list of parts.
func contentOf(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var parts []struct{ Text string }
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) != 1 {
		t.Fatalf("content %s", raw)
	}
	return parts[0].Text
}

// Whatever the endpoint does, Compose gives a typed error or a whole draft, and asks twice at the most.
func TestEndpointFaults(t *testing.T) {
	t.Parallel()
	good := says(written, "stop")
	whole := completion(written, "stop")
	for name, c := range map[string]struct {
		script []act
		want   error
		asked  int
	}{
		"429, then an answer":             {[]act{status(429, "0"), good}, nil, 2},
		"429 with a short wait":           {[]act{status(429, "1"), good}, nil, 2},
		"429 with a long wait":            {[]act{status(429, "60"), good}, ErrEndpoint, 1},
		"429 twice":                       {[]act{status(429, "")}, ErrEndpoint, 2},
		"503, then an answer":             {[]act{status(503, ""), good}, nil, 2},
		"500 twice":                       {[]act{status(500, "")}, ErrEndpoint, 2},
		"401":                             {[]act{status(401, "")}, ErrEndpoint, 1},
		"a redirect":                      {[]act{status(302, "")}, ErrEndpoint, 1},
		"broken off, then an answer":      {[]act{breaks(whole), good}, nil, 2},
		"broken off twice":                {[]act{breaks(whole)}, ErrEndpoint, 2},
		"half an answer, well closed":     {[]act{sends(whole[:len(whole)/2])}, ErrEndpoint, 1},
		"an empty body":                   {[]act{sends("")}, ErrEndpoint, 1},
		"HTML":                            {[]act{sends("<html>login</html>")}, ErrEndpoint, 1},
		"a stream that nobody asked for":  {[]act{sends("data: {\"choices\":[]}\n\ndata: [DONE]\n\n")}, ErrEndpoint, 1},
		"other JSON":                      {[]act{sends(`{"error":"no"}`)}, ErrEndpoint, 1},
		"no choices":                      {[]act{sends(`{"choices":[]}`)}, ErrEndpoint, 1},
		"JSON of another shape":           {[]act{sends(`{"choices":"no"}`)}, ErrEndpoint, 1},
		"a huge body":                     {[]act{sends(`{"x":"` + strings.Repeat("a", maxBody) + `"}`)}, ErrEndpoint, 1},
		"cut by its length":               {[]act{says(written, "length")}, ErrCut, 1},
		"no reason to stop":               {[]act{says(written, "")}, ErrCut, 1},
		"stopped by a filter":             {[]act{says(written, "content_filter")}, ErrCut, 1},
		"prose instead of JSON":           {[]act{says("La carte coûte 75 DH.", "stop")}, ErrDraft, 1},
		"JSON that is cut":                {[]act{says(written[:30], "stop")}, ErrDraft, 1},
		"two JSON values":                 {[]act{says(written+written, "stop")}, ErrDraft, 1},
		"another key":                     {[]act{says(`{"text":"a","passages":[2],"tool":"x"}`, "stop")}, ErrDraft, 1},
		"no text":                         {[]act{says(`{"text":" ","passages":[2]}`, "stop")}, ErrDraft, 1},
		"no passages":                     {[]act{says(`{"text":"75 DH","passages":[]}`, "stop")}, ErrDraft, 1},
		"a passage that was not sent":     {[]act{says(`{"text":"75 DH","passages":[9]}`, "stop")}, ErrDraft, 1},
		"a link that no passage has":      {[]act{says(`{"text":"Voyez {L7}","passages":[2]}`, "stop")}, ErrDraft, 1},
		"longer than allowed":             {[]act{says(`{"text":"`+strings.Repeat("a ", 500)+`","passages":[2]}`, "stop")}, ErrDraft, 1},
		"letters of two bytes":            {[]act{says(`{"text":"`+strings.Repeat("ك ", 350)+`","passages":[2]}`, "stop")}, nil, 1},
		"an unknown reason to stop":       {[]act{says(written, "secret")}, ErrCut, 1},
		"a fence around the JSON":         {[]act{says("```json\n"+written+"\n```", "stop")}, nil, 1},
		"Arabic-Indic digits in the text": {[]act{says(`{"text":"٧٥ درهما","passages":[2]}`, "stop")}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, c.script...)
			d, err := s.composer(t, nil).Compose(t.Context(), request())
			if !errors.Is(err, c.want) || (err == nil) != (d.Text != "") {
				t.Errorf("draft %+v, error %v, want %v", d, err, c.want)
			}
			if s.count() != c.asked {
				t.Errorf("asked %d times, want %d", s.count(), c.asked)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats the endpoint's answer: %v", err)
			}
		})
	}
}

func TestStatusError(t *testing.T) {
	t.Parallel()
	s := newServer(t, status(http.StatusTooManyRequests, "7"))
	_, err := s.composer(t, nil).Compose(t.Context(), request())
	var refused *StatusError
	if !errors.As(err, &refused) || refused.Status != 429 || refused.After != 7*time.Second {
		t.Errorf("error %v", err)
	}
}

func TestSlowEndpoint(t *testing.T) {
	t.Parallel()
	s := newServer(t, sleeps(10*time.Second, says(written, "stop")))
	c := s.composer(t, func(o *Options) { o.Timeout = 100 * time.Millisecond })
	start := time.Now()
	_, err := c.Compose(t.Context(), request())
	if !errors.Is(err, ErrEndpoint) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

// A body that trickles counts against the same timeout.
func TestTrickle(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	})
	c := s.composer(t, func(o *Options) { o.Timeout = 150 * time.Millisecond })
	if _, err := c.Compose(t.Context(), request()); !errors.Is(err, ErrEndpoint) {
		t.Errorf("error %v", err)
	}
}

// A caller who hangs up gets its own error, and the endpoint is not blamed.
func TestCancelled(t *testing.T) {
	t.Parallel()
	s := newServer(t, sleeps(10*time.Second, says(written, "stop")))
	c := s.composer(t, func(o *Options) { o.Failures = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := c.Compose(ctx, request()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if !c.Ready() {
		t.Error("the endpoint is left alone")
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	s := newServer(t, says(written, "stop"))
	c := s.composer(t, nil)
	s.Close()
	if _, err := c.Compose(t.Context(), request()); !errors.Is(err, ErrEndpoint) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("error %v", err)
	}
}

func TestOptionsRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {URL: "models.example.org", Model: "m"}, {URL: "ftp://example.org", Model: "m"},
		{URL: "https://user:pass word@%zz", Model: "m"}, {URL: "https://example.org/v1"}} {
		_, err := New(o)
		if !errors.Is(err, ErrOptions) || strings.Contains(err.Error(), "pass word") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
