package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"murshid/assistant"
	"murshid/desk"
	"murshid/language"
	"murshid/retrieval"
)

// Errors of requests.
var (
	errBadJSON   = errors.New("body is not the expected JSON")
	errBadField  = errors.New("a field has a value that is not allowed")
	errNotFound  = errors.New("no such page")
	errMethod    = errors.New("method not allowed")
	errLimited   = errors.New("too many requests")
	errOrigin    = errors.New("the request comes from a foreign page")
	errLockedOut = errors.New("too many wrong passwords")
	errNotReady  = errors.New("the service is starting")
	errPanic     = errors.New("panic")
)

// kind is what people and programs are told of an error.
type kind struct {
	status int
	code   string // also the key of its text in messages/errors.json
}

// kindOf is the only place where errors become statuses.
func kindOf(err error) kind {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errBadJSON):
		return kind{http.StatusBadRequest, "bad_json"}
	case errors.Is(err, errBadField):
		return kind{http.StatusBadRequest, "bad_field"}
	case errors.Is(err, assistant.ErrEmpty), errors.Is(err, desk.ErrEmptyReply):
		return kind{http.StatusBadRequest, "empty"}
	case errors.Is(err, assistant.ErrTooLong), errors.As(err, &tooLarge):
		return kind{http.StatusRequestEntityTooLarge, "too_long"}
	case errors.Is(err, assistant.ErrNoConversation):
		return kind{http.StatusNotFound, "no_conversation"}
	case errors.Is(err, errNotFound):
		return kind{http.StatusNotFound, "not_found"}
	case errors.Is(err, errMethod):
		return kind{http.StatusMethodNotAllowed, "method_not_allowed"}
	case errors.Is(err, errLimited):
		return kind{http.StatusTooManyRequests, "rate_limited"}
	case errors.Is(err, errLockedOut):
		return kind{http.StatusTooManyRequests, "locked_out"}
	case errors.Is(err, errOrigin):
		return kind{http.StatusForbidden, "foreign_page"}
	case errors.Is(err, desk.ErrCredentials):
		return kind{http.StatusUnauthorized, "wrong_credentials"}
	case errors.Is(err, desk.ErrNotWaiting):
		return kind{http.StatusConflict, "not_waiting"}
	case errors.Is(err, errNotReady), errors.Is(err, retrieval.ErrNotReady):
		return kind{http.StatusServiceUnavailable, "not_ready"}
	case errors.Is(err, context.DeadlineExceeded):
		return kind{http.StatusServiceUnavailable, "timeout"}
	}
	return kind{http.StatusInternalServerError, "internal"}
}

// A fault is an error in the language of the text that it is about.
type fault struct {
	error
	language language.Language
}

func (f fault) Unwrap() error { return f.error }

// fail is the only way errors leave by: as JSON, or as a page where a browser asks for one.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody listens any more
	}
	k := kindOf(err)
	if k.status == http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err)
	}
	lang := callerLanguage(r)
	if f := (fault{}); errors.As(err, &f) {
		lang = f.language
	}
	w.Header().Set("Cache-Control", "no-store")
	if wantsPage(r) {
		s.failPage(w, r, k)
		return
	}
	text := errorText(lang, k.code)
	writeJSON(w, k.status, map[string]any{"error": map[string]string{"code": k.code, "message": text}})
}

// wantsPage reports whether a person reads the answer rather than a program.
func wantsPage(r *http.Request) bool {
	for _, prefix := range []string{"/api/", "/ws", "/healthz", "/readyz", "/metrics", "/static/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return false
		}
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// writeJSON writes a value as the whole answer.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(v) // the client has gone; there is nobody to tell
}
