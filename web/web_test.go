package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"murshid/channels/channelstest"
	"murshid/language"
	"murshid/retrieval"
	"murshid/web/webtest"
)

// The agent of the tests. Hashing is slow on purpose, so it is done once.
const (
	testAgent    = "agent.accueil"
	testPassword = "une phrase assez longue"
)

var testHash = HashPassword(testPassword)

// site is a server before a scripted assistant.
type site struct {
	*Server
	backend *channelstest.Backend
	desk    *webtest.Desk
	log     *bytes.Buffer
}

func newSite(t *testing.T, change func(*Options)) *site {
	t.Helper()
	b := channelstest.NewBackend()
	b.Script = webtest.Script
	s := &site{backend: b, desk: webtest.NewDesk(b, testAgent, testHash), log: &bytes.Buffer{}}
	index := retrieval.NewIndex(webtest.Sheets())
	o := Options{Answer: b.Answer, Messages: b.Messages, Language: webtest.Language, Desk: s.desk,
		Index: func() *retrieval.Index { return index }, Key: bytes.Repeat([]byte("k"), 32),
		Ready: func(context.Context) error { return nil },
		Chat:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
		Search: func(_ context.Context, text string, k int) (SearchResult, error) {
			hits := []SearchHit{{Procedure: "passeport", Lang: language.French, Title: "Passeport", Score: .9},
				{Procedure: "cnie-renouvellement", Lang: language.French, Title: "CNIE", Score: .1}}
			return SearchResult{Language: webtest.Language(text), Hits: hits[:min(k, 2)], Ms: 1}, nil
		},
		Log: slog.New(slog.NewTextHandler(s.log, nil))}
	if change != nil {
		change(&o)
	}
	s.Server = New(o)
	return s
}

// call makes a request. Headers come in pairs.
func (s *site) call(t *testing.T, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if method == http.MethodPost && strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// errorOf is the code and the message of a JSON error.
func errorOf(t *testing.T, r *http.Response) (code, message string) {
	t.Helper()
	var said struct {
		Error struct{ Code, Message string }
	}
	body := bodyOf(t, r)
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		t.Fatalf("%d %q: %v", r.StatusCode, body, err)
	}
	return said.Error.Code, said.Error.Message
}
