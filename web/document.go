package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// document says how a body is served.
type document struct {
	contentType string
	cache       string // Cache-Control
	status      int    // 0: 200
	etag        string // of the body; computed where empty
	zipped      []byte // the body gzipped, where that was done before
}

// zipFrom is the length in bytes from which on a body is worth compressing.
const zipFrom = 1 << 10

// writeBody serves a whole body: compressed if the client takes that, and not at all if it has it already.
func writeBody(w http.ResponseWriter, r *http.Request, body []byte, d document) {
	h := w.Header()
	h.Set("Content-Type", d.contentType)
	h.Set("Cache-Control", d.cache)
	h.Set("Vary", "Accept-Encoding")
	if d.status == 0 {
		if d.etag == "" {
			d.etag = digest(body)
		}
		tag := `W/"` + d.etag + `"`
		h.Set("ETag", tag)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		d.status = http.StatusOK
	}
	if len(body) >= zipFrom && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if d.zipped == nil {
			d.zipped = zip(body, gzip.DefaultCompression)
		}
		h.Set("Content-Encoding", "gzip")
		body = d.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(d.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

func zip(body []byte, level int) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// digest names a body by its content.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
