package web

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI answers GET /api/openapi.json.
func (s *Server) openAPI(w http.ResponseWriter, r *http.Request) error {
	writeBody(w, r, openAPIDocument, document{contentType: "application/json; charset=utf-8", cache: "no-cache"})
	return nil
}
