package web

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// readyTimeout bounds the look at everything the service needs.
const readyTimeout = 3 * time.Second

// health answers GET /healthz: the process is up.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, map[string]string{"status": "up"})
	return nil
}

// ready answers GET /readyz: the corpus is loaded, the indexes are built, the database answers.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		s.Log.InfoContext(ctx, "not ready", "error", err)
		return errors.Join(errNotReady, err)
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
	return nil
}
