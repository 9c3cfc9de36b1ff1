package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// npmFiles fix the npm packages of the browser tests; the second carries
// their digests, which npm checks.
var npmFiles = []string{"package.json", "package-lock.json"}

// npm installs the browser tests' packages into the cache folder.
func (t tools) npm(ctx context.Context, source string) error {
	folder := filepath.Join(t.cache, "browser")
	if sameFiles(source, folder) {
		return nil
	}
	if !t.lookPath("npm") {
		return t.advise("the browser tests need npm and will be skipped; install Node.js 20 or newer")
	}
	fmt.Fprintln(t.out, "Installing the browser tests' npm packages …")
	fresh, err := os.MkdirTemp(t.cache, ".fetch-browser-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	for _, name := range npmFiles {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(fresh, name), content, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	// No scripts: they would fetch browsers, and the tests use the system's.
	said, err := t.run(ctx, nil, "npm", "ci", "--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund")
	if err != nil {
		return fmt.Errorf("npm could not install the browser tests' packages: %s", lastLine(said, err))
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	err = os.Rename(fresh, folder)
	if errors.Is(err, os.ErrExist) && sameFiles(source, folder) {
		return nil // another set-up was quicker
	}
	return err
}

// sameFiles tells whether folder holds a finished installation of the very
// packages that source asks for.
func sameFiles(source, folder string) bool {
	// npm writes this file last.
	if _, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")); err != nil {
		return false
	}
	for _, name := range npmFiles {
		want, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return false
		}
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !bytes.Equal(want, got) {
			return false
		}
	}
	return true
}
