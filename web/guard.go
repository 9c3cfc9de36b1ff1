package web

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// headers go with every answer. Pages take everything from here and run no script that stands in the page itself.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

// guarded adds the security headers and turns a panic into an error.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if s.overTLS(r) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			s.Log.ErrorContext(r.Context(), "panic", "panic", p, "stack", string(debug.Stack()))
			s.fail(w, r, fmt.Errorf("%w: %v", errPanic, p))
		}()
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms that another site's page sends with the visitor's cookies.
func (s *Server) sameOrigin(h handler) handler {
	protection := http.NewCrossOriginProtection()
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := protection.Check(r); err != nil {
			return fmt.Errorf("%w: %w", errOrigin, err)
		}
		return h(w, r)
	}
}

// overTLS reports whether the browser's connection is encrypted, as far as we or a proxy of ours can tell.
func (s *Server) overTLS(r *http.Request) bool {
	return r.TLS != nil || (r.Header.Get("X-Forwarded-Proto") == "https" && len(s.Proxies) > 0)
}
