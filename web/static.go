package web

import (
	"compress/gzip"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
)

//go:embed static
var staticFiles embed.FS

// asset is one file that pages take in.
type asset struct {
	body []byte
	document
}

// assets are all of them by name.
type assets map[string]asset

func loadAssets() assets {
	names, err := fs.Glob(staticFiles, "static/*")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	all := assets{}
	for _, name := range names {
		all.add(path.Base(name), readStatic(path.Base(name)))
	}
	var script []byte
	for _, name := range portalScripts {
		script = append(script, readStatic(name)...)
	}
	all.add("portal.js", script)
	return all
}

// portalScripts are the parts of the portal's script, served as one file: on a slow line each request costs more
// than its bytes.
var portalScripts = []string{"elements.js", "words.js", "line.js", "talks.js", "sheets.js", "share.js",
	"sources.js", "answer.js", "start.js", "past.js", "status.js", "chat.js"}

func readStatic(name string) []byte {
	body, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		panic(err) // the file is in the binary
	}
	return body
}

func (a assets) add(name string, body []byte) {
	a[name] = asset{body, document{contentType: mimeType(name), etag: digest(body), zipped: zip(body, gzip.BestCompression)}}
}

// mimeType does not ask the system, whose table may be wrong or missing.
func mimeType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// url is the address of an asset. It changes with the content, so that a browser may keep what it has for good.
func (a assets) url(name string) string { return "/static/" + name + "?v=" + a[name].etag }

// asset answers GET /static/{name}.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) error {
	file, ok := s.static[r.PathValue("name")]
	if !ok {
		return errNotFound
	}
	file.cache = "no-cache"
	if r.URL.Query().Get("v") == file.etag {
		file.cache = "public, max-age=31536000, immutable"
	}
	writeBody(w, r, file.body, file.document)
	return nil
}

// favicon answers GET /favicon.ico, which browsers ask for by themselves.
func (s *Server) favicon(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, s.static.url("star.svg"), http.StatusMovedPermanently)
	return nil
}
