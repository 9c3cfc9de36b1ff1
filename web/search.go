package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"murshid/assistant"
	"murshid/language"
)

// SearchResult is a ranking of procedures. It carries its JSON names because the public contract fixes them.
type SearchResult struct {
	ID       string            `json:"id"` // of the case it answers, else empty
	Language language.Language `json:"language"`
	Hits     []SearchHit       `json:"hits"` // each procedure once, best first
	Ms       float64           `json:"ms"`
}

// SearchHit is one procedure of a SearchResult.
type SearchHit struct {
	Procedure string            `json:"procedure"`
	Lang      language.Language `json:"lang"` // of the title
	Title     string            `json:"title"`
	Score     float64           `json:"score"`
}

// How many procedures a search gives, and at most.
const (
	defaultHits = 10
	maxHits     = 100
)

// search answers POST /api/v1/search.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Text string `json:"text"`
		K    *int   `json:"k"`
	}
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	k := defaultHits
	if body.K != nil {
		k = *body.K
	}
	text := strings.ReplaceAll(body.Text, "\x00", "")
	switch {
	case strings.TrimSpace(text) == "":
		return assistant.ErrEmpty
	case len(text) > assistant.MaxQuestion:
		return s.about(text, assistant.ErrTooLong)
	case k < 1 || k > maxHits:
		return s.about(text, fmt.Errorf("k: %w", errBadField))
	}
	ctx, cancel := context.WithTimeout(r.Context(), workTimeout)
	defer cancel()
	found, err := s.Search(ctx, text, k)
	if err != nil {
		return s.about(text, err)
	}
	if found.Hits == nil {
		found.Hits = []SearchHit{}
	}
	writeJSON(w, http.StatusOK, found)
	return nil
}
