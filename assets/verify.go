package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// verify is Verify over any table of wheels.
func (s store) verify() error {
	var wrong error
	for _, w := range s.wanted() {
		if _, err := s.check(w); err != nil {
			wrong = errors.Join(wrong, err)
		} else if !s.stamped(w) {
			wrong = errors.Join(wrong, fmt.Errorf("%s is %w", w.title, ErrMissing))
		}
	}
	return wrong
}

// check reads all files of the wheel and returns its members. The error is
// ErrMissing or ErrDamaged with the first file that is not right.
func (s store) check(w wheel) ([]file, error) {
	members, err := w.members(func(f file) ([]byte, error) {
		if err := s.checkFile(f); err != nil {
			return nil, err
		}
		return os.ReadFile(f.path(s.cache))
	})
	if err != nil {
		return nil, err
	}
	for _, f := range members {
		if err := s.checkFile(f); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// checkFile compares one file of the cache with the table.
func (s store) checkFile(f file) error {
	in, err := os.Open(f.path(s.cache))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is %w", f.to, ErrMissing)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read (%w) and counts as %w", f.to, err, ErrDamaged)
	}
	defer in.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, in)
	if err != nil {
		return fmt.Errorf("%s cannot be read (%w) and counts as %w", f.to, err, ErrDamaged)
	}
	if size != f.size || hex.EncodeToString(hash.Sum(nil)) != f.sha256 {
		return fmt.Errorf("%s is %w", f.to, ErrDamaged)
	}
	if f.program {
		info, err := in.Stat()
		if err != nil || info.Mode()&0o100 == 0 {
			return fmt.Errorf("%s is not executable and counts as %w", f.to, ErrDamaged)
		}
	}
	return nil
}
