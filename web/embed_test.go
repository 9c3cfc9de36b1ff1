package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestWidgetPageNamesItsSites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		origins []string
		want    string
	}{
		"none": {nil, "frame-ancestors 'none'"},
		"two": {[]string{"https://www.example.ma", "http://localhost:81"},
			"frame-ancestors 'self' https://www.example.ma http://localhost:81"},
	} {
		s := newSite(t, func(o *Options) { o.EmbedOrigins = c.origins })
		r := s.call(t, http.MethodGet, "/widget?lang=ar", "")
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, c.want) || r.Header.Get("X-Frame-Options") != "" {
			t.Errorf("%s: policy %q, X-Frame-Options %q", name, policy, r.Header.Get("X-Frame-Options"))
		}
		if body := bodyOf(t, r); !strings.Contains(body, `class="portal embedded"`) || !strings.Contains(body, `dir="rtl"`) {
			t.Errorf("%s: %.200s", name, body)
		}
		for _, path := range []string{"/", "/desk/login"} {
			other := s.call(t, http.MethodGet, path, "")
			if other.Header.Get("X-Frame-Options") != "DENY" || other.Header.Get("Content-Security-Policy") != headers["Content-Security-Policy"] {
				t.Errorf("%s: %s may stand in a frame", name, path)
			}
		}
	}
}

func TestWidgetScriptIsForOtherSites(t *testing.T) {
	t.Parallel()
	r := newSite(t, nil).call(t, http.MethodGet, "/widget.js", "")
	if r.StatusCode != http.StatusOK || r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
		!strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if body := bodyOf(t, r); len(body) > 10_000 || strings.Contains(body, "document.cookie") {
		t.Errorf("%d bytes", len(body))
	}
}
