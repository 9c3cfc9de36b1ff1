// Package corpus holds the demo corpus: 135 procedures of Morocco's administration, each in French and Arabic, one
// file a theme, and the vectors of their passages.
package corpus

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
)

// The pattern of the vectors also matches this package's source files: it must match something where no vectors
// were made yet.
//
//go:embed sheets/*.json vectors*
var files embed.FS

// Name is the corpus's name in a store.
const Name = "demo"

// Sheets are the files of sheets, as ingest reads them.
func Sheets() fs.FS {
	sheets, err := fs.Sub(files, "sheets")
	if err != nil { // only for a path that is no path
		panic(err)
	}
	return sheets
}

// Version tells one state of the sheets from another: the beginning of a digest over all files.
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	h := sha256.New()
	err := fs.WalkDir(Sheets(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Sheets(), name)
		fmt.Fprintf(h, "%s %d\n", name, len(data))
		h.Write(data)
		return err
	})
	if err != nil { // the files are part of the binary
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
})
