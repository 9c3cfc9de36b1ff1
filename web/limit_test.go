package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"murshid/assistant"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := newLimiter(60, 3)
	a, b := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	now := time.Now()
	for i := range 3 {
		if _, ok := l.allow(a, now); !ok {
			t.Fatalf("request %d refused", i)
		}
	}
	if wait, ok := l.allow(a, now); ok || wait <= 0 || wait > time.Second {
		t.Errorf("fourth request: %v %v", wait, ok)
	}
	if _, ok := l.allow(b, now); !ok {
		t.Error("another address is refused")
	}
	if _, ok := l.allow(a, now.Add(time.Second)); !ok {
		t.Error("refused after a second; refused requests must not count")
	}
	l.allow(b, now.Add(forgetAfter+time.Second))
	l.allow(b, now.Add(3*forgetAfter))
	if len(l.seen) != 1 {
		t.Errorf("%d addresses are remembered", len(l.seen))
	}
}

func TestAskIsLimited(t *testing.T) {
	t.Parallel()
	ask := func(s *site, n int) (last *http.Response) {
		for i := range n {
			last = s.call(t, http.MethodPost, "/api/v1/ask", fmt.Sprintf(`{"text":"prix du passeport %d"}`, i))
		}
		return last
	}
	r := ask(newSite(t, nil), 21)
	after, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if code, _ := errorOf(t, r); r.StatusCode != http.StatusTooManyRequests || code != "rate_limited" || err != nil || after < 1 {
		t.Errorf("%d %s, Retry-After %q", r.StatusCode, code, r.Header.Get("Retry-After"))
	}
	if r := ask(newSite(t, func(o *Options) { o.Unlimited = true }), 60); r.StatusCode != http.StatusOK {
		t.Errorf("without limit: %d", r.StatusCode)
	}
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:4000", "", "192.0.2.1/32"},
		{"192.0.2.1:4000", "198.51.100.7", "192.0.2.1/32"}, // not our proxy: not believed
		{"10.0.0.1:4000", "198.51.100.7", "198.51.100.7/32"},
		{"10.0.0.1:4000", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7/32"}, // what the client wrote itself
		{"10.0.0.1:4000", "nonsense", "10.0.0.1/32"},
		{"[2001:db8::1234]:4000", "", "2001:db8::/64"},
		{"[::ffff:192.0.2.1]:4000", "", "192.0.2.1/32"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.client(r).String(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := NewMetrics()
	m.Connections(func() int { return 7 })
	s := newSite(t, func(o *Options) {
		o.Metrics, o.Answer = m, m.Observed(o.Answer)
	})
	s.call(t, http.MethodPost, "/api/v1/ask", `{"text":"Quels papiers pour AB123456 ?"}`)
	s.call(t, http.MethodPost, "/api/v1/ask", `{"text":"passeport","channel":"sms"}`)
	s.call(t, http.MethodPost, "/api/v1/ask", `{"text":"passeport","conversation":"gone"}`)
	if _, err := m.Observed(s.backend.Answer)(t.Context(), assistant.Question{Text: "passeport", Channel: "web", Test: true}); err != nil {
		t.Fatal(err)
	}
	s.waiting(t, "un agent")
	figures := bodyOf(t, s.call(t, http.MethodGet, "/metrics", ""))
	for _, want := range []string{
		`murshid_turns_total{channel="web",language="fr",status="answered"} 1`,
		`murshid_turns_total{channel="sms",language="fr",status="clarification"} 1`,
		`murshid_turn_seconds_count{part="total"} 2`,
		"murshid_turns_failed_total 0",
		"murshid_websocket_connections 7",
		"murshid_waiting_conversations 1",
		`murshid_http_request_seconds_count{route="POST /api/v1/ask",status="404"} 1`,
	} {
		if !strings.Contains(figures, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(figures, "AB123456") || strings.Contains(figures, `"clarification",channel="web"`) {
		t.Error("the figures hold a person's words or a test's turn")
	}
}
