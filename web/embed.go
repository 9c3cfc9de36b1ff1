package web

import (
	"net/http"
	"strings"
)

// The widget puts the portal on another site: one script tag there adds a button, which opens the page of GET /widget
// in a frame. Which sites may do that is said by EmbedOrigins; a browser shows the frame on no other.

// widgetScript answers GET /widget.js. Its address is written into other sites' pages, so it has no version in it.
func (s *Server) widgetScript(w http.ResponseWriter, r *http.Request) error {
	file := s.static["widget.js"]
	file.cache = "public, max-age=3600"
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	writeBody(w, r, file.body, file.document)
	return nil
}

// widgetPage answers GET /widget: the portal as it stands in a frame.
func (s *Server) widgetPage(w http.ResponseWriter, r *http.Request) error {
	p := s.page(w, r, "site.title")
	p.Body = conversationPage{Embedded: true, Frequent: s.frequent(p.Lang)}
	w.Header().Del("X-Frame-Options") // it cannot name sites; the policy can
	w.Header().Set("Content-Security-Policy", framedBy(s.EmbedOrigins))
	return s.render(w, r, 0, "portal.html", p)
}

// framedBy is the policy of every page, except that pages of these origins may show this one in a frame.
func framedBy(origins []string) string {
	policy := headers["Content-Security-Policy"]
	if len(origins) == 0 {
		return policy
	}
	return strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self' "+strings.Join(origins, " "), 1)
}
