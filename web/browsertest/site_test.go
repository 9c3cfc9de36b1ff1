// Package browsertest looks at the pages in a real browser.
package browsertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"murshid/assistant"
	"murshid/channels/channelstest"
	"murshid/channels/webchat"
	"murshid/retrieval"
	"murshid/web"
	"murshid/web/webtest"
)

// The agent of the tests.
const (
	agentName     = "agent.accueil"
	agentPassword = "une phrase assez longue"
)

// site is the whole web server before a scripted assistant; it can be restarted at its address.
type site struct {
	backend *channelstest.Backend
	desk    *webtest.Desk
	index   *retrieval.Index
	key     []byte
	address string
	stop    func()
	waiting string // the conversation of a person who waits at the desk
	release func() // lets held answers go
	host    string // port of another site, which the widget may stand on as localhost and not as 127.0.0.1
}

func newSite(t *testing.T) *site {
	t.Helper()
	b := channelstest.NewBackend()
	b.Script = webtest.Script
	s := &site{backend: b, index: retrieval.NewIndex(webtest.Sheets()), key: make([]byte, 32), address: "127.0.0.1:0",
		desk: webtest.NewDesk(b, agentName, web.HashPassword(agentPassword))}
	_, _ = rand.Read(s.key)
	s.someoneWaits(t)
	s.host = s.otherSite(t)
	s.start(t)
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *site) someoneWaits(t *testing.T) {
	t.Helper()
	for _, text := range []string{"Quels papiers pour renouveler la carte nationale ?", "أريد التحدث مع موظف"} {
		a, err := s.backend.Answer(t.Context(), assistant.Question{Conversation: s.waiting, ClientID: text, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		s.waiting = a.Conversation
	}
	s.desk.Hand(webtest.Someone(s.waiting, "أريد التحدث مع موظف، رقم الملف 52-05", "ar"))
}

// otherSite serves a page with the widget's script tag, whatever the address asked for; it gives its port.
func (s *site) otherSite(t *testing.T) string {
	t.Helper()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+s.url()+"; frame-src "+s.url()+"; connect-src *")
		lang := r.URL.Query().Get("lang")
		fmt.Fprintf(w, `<!doctype html><html lang=%q><title>Une commune</title><main><h1>Commune</h1><p>Texte.</p></main>`+
			`<script src="%s/widget.js" async></script></html>`, lang, s.url())
	}))
	t.Cleanup(other.Close)
	_, port, err := net.SplitHostPort(other.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// start serves at the site's address, the same as before a restart.
func (s *site) start(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	chat := webchat.New(webchat.Options{Answer: s.answer, Log: s.backend, Watch: s.backend, Open: s.backend.Open,
		Language: webtest.Language, Limits: webchat.Limits{PerMinute: -1}, Origins: []string{"http://localhost:" + s.host},
		Feedback: func(context.Context, string, int64, bool) error { return nil }})
	server := web.New(web.Options{Answer: s.answer, Messages: s.backend.Messages, Language: webtest.Language,
		Index: func() *retrieval.Index { return s.index }, Ready: func(context.Context) error { return nil },
		Search:       func(context.Context, string, int) (web.SearchResult, error) { return web.SearchResult{}, nil },
		EmbedOrigins: []string{"http://localhost:" + s.host},
		Desk:         s.desk, Chat: chat, Key: s.key, Unlimited: true, Log: slog.New(slog.DiscardHandler)}).HTTP()
	go func() { _ = server.Serve(listener) }()
	s.stop = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = listener.Close()
		if err := chat.Drain(ctx); err != nil {
			t.Errorf("Drain: %v", err)
		}
		_ = server.Close()
	}
}

// answer hands a person who asks for it over to the desk.
func (s *site) answer(ctx context.Context, q assistant.Question) (assistant.Answer, error) {
	a, err := s.backend.Answer(ctx, q)
	if err == nil && a.Status == assistant.HandedOff {
		s.desk.Hand(webtest.Someone(a.Conversation, q.Text, a.Language))
	}
	return a, err
}

func (s *site) url() string { return "http://" + s.address }

// act does what the browser's script asks for and cannot do itself.
func (s *site) act(t *testing.T, what string, words []string) string {
	t.Helper()
	switch what {
	case "restart":
		s.stop()
		s.start(t)
	case "stop":
		s.stop()
		s.stop = func() {}
	case "start":
		s.start(t)
	case "reply":
		s.backend.Reply(words[0], strings.Join(words[1:], " "))
	case "waiting":
		return s.waiting
	case "host":
		return s.host
	case "hold":
		s.release = s.backend.Hold()
	case "release":
		s.release()
	default:
		t.Errorf("the browser asks for %q", what)
	}
	return http.StatusText(http.StatusOK)
}
