package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestCommitted fails when the committed kernels are not what gen writes.
func TestCommitted(t *testing.T) {
	t.Parallel()
	for name, want := range files() {
		got, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs: run go generate ./embedding/e5", name)
		}
	}
}

// TestWrite checks that the files land in the folder asked for.
func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := write(dir, map[string][]byte{"a.s": []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "a.s")); string(got) != "x" {
		t.Errorf("wrote %q", got)
	}
	if err := write(filepath.Join(dir, "none"), map[string][]byte{"a.s": nil}); err == nil {
		t.Error("a missing folder went unnoticed")
	}
}
