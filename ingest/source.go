package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// What can be wrong with the paths of an input.
var (
	// ErrNoSheets means that the paths hold no file of a known kind.
	ErrNoSheets = errors.New("no sheets found: give files that end in .jsonl, .jsonl.gz or .json, or folders of such files")
	// ErrEnding means that a file's ending names no known kind.
	ErrEnding = errors.New("not a kind of file that holds sheets: it must end in .jsonl, .jsonl.gz or .json")
)

// A Record is one entry of an input, not yet looked at.
type Record struct {
	File string
	Line int    // where the record begins, counted from 1; 0 is the file as a whole
	JSON []byte // the record's own copy
	Err  error  // why the record could not be read; JSON may hold what was read
	Lost bool   // what follows in the file could not be read either
}

// A Source yields the records of an input, in order, holding one of them at a time.
type Source iter.Seq[Record]

// file is one readable file of an input.
type file struct {
	name string // as it is shown
	open func() (io.ReadCloser, error)
}

// Paths is the source of files (.jsonl, .jsonl.gz, .json) and of folders, which are read whole, in the order of
// their names.
//
// Errors: ErrNoSheets, ErrEnding, and those of looking at the paths.
func Paths(paths ...string) (Source, error) {
	var files []file
	for _, path := range paths {
		found, err := filesBelow(path)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, ErrNoSheets
	}
	return source(files), nil
}

func filesBelow(path string) ([]file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	if !info.IsDir() {
		if !known(path) {
			return nil, fmt.Errorf("%s: %w", path, ErrEnding)
		}
		return []file{onDisk(path)}, nil
	}
	var files []file
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && known(name) {
			files = append(files, onDisk(name))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	return files, nil
}

func onDisk(name string) file {
	return file{name, func() (io.ReadCloser, error) { return os.Open(name) }}
}

// FS is the source of all files of known kinds in fsys, in the order of their names.
func FS(fsys fs.FS) (Source, error) {
	var files []file
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && known(name) {
			files = append(files, file{name, func() (io.ReadCloser, error) { return fsys.Open(name) }})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sheets: %w", err)
	}
	return source(files), nil
}

func known(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".jsonl.gz") || strings.HasSuffix(name, ".json")
}

func source(files []file) Source {
	return func(yield func(Record) bool) {
		for _, f := range files {
			if !f.records(yield) {
				return
			}
		}
	}
}

// records yields the records of the file. It reports whether more are wanted.
func (f file) records(yield func(Record) bool) bool {
	r, err := f.open()
	if err != nil {
		return yield(Record{File: f.name, Err: err, Lost: true})
	}
	defer r.Close()
	content := io.Reader(r)
	name := strings.ToLower(f.name)
	if strings.HasSuffix(name, ".gz") {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return yield(Record{File: f.name, Err: fmt.Errorf("unpack: %w", err), Lost: true})
		}
		content = unpacked
	}
	named := func(r Record) bool {
		r.File = f.name
		return yield(r)
	}
	if strings.HasSuffix(name, ".json") {
		return readJSON(withoutMark(content), named)
	}
	return readLines(withoutMark(content), named)
}

// withoutMark skips the byte order mark that some editors write.
func withoutMark(r io.Reader) *bufio.Reader {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if start, err := buffered.Peek(3); err == nil && bytes.Equal(start, []byte("\ufeff")) {
		_, _ = buffered.Discard(3) // what was peeked is there
	}
	return buffered
}
