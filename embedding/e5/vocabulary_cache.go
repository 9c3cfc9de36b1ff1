package e5

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
)

// indexMagic begins a cached index; the digit is the version of its form.
const indexMagic = "e5vocab1"

// cachedIndex reads the index from the cache, or builds and caches it. The
// cache only makes starts faster: a folder that cannot be written is no error.
func (v *vocabulary) cachedIndex(f *modelFile, path string) vocabularyIndex {
	if path == "" {
		return v.buildIndex()
	}
	if data, err := os.ReadFile(path); err == nil {
		if index, ok := decodeIndex(f, data); ok {
			return index
		}
	}
	index := v.buildIndex()
	_ = writeAtomically(path, encodeIndex(f, index))
	return index
}

// indexDigest covers the cached numbers and the vocabulary they belong to.
func indexDigest(f *modelFile, body []byte) []byte {
	h := sha256.New()
	for _, part := range [][]byte{f.pieceOff, f.text, body} {
		h.Write(part)
	}
	return h.Sum(nil)
}

// encodeIndex writes magic, digest, starts, sorted.
func encodeIndex(f *modelFile, x vocabularyIndex) []byte {
	body := make([]byte, 0, 4*(len(x.starts)+len(x.sorted)))
	for _, numbers := range [][]uint32{x.starts, x.sorted} {
		for _, n := range numbers {
			body = binary.LittleEndian.AppendUint32(body, n)
		}
	}
	return bytes.Join([][]byte{[]byte(indexMagic), indexDigest(f, body), body}, nil)
}

// decodeIndex reports false for anything that is not a whole index of this
// vocabulary.
func decodeIndex(f *modelFile, data []byte) (vocabularyIndex, bool) {
	const head = len(indexMagic) + sha256.Size
	if len(data) < head+4*(pairs+1) || len(data)%4 != 0 || string(data[:len(indexMagic)]) != indexMagic {
		return vocabularyIndex{}, false
	}
	body := data[head:]
	if !bytes.Equal(data[len(indexMagic):head], indexDigest(f, body)) {
		return vocabularyIndex{}, false
	}
	numbers := make([]uint32, len(body)/4)
	for i := range numbers {
		numbers[i] = binary.LittleEndian.Uint32(body[4*i:])
	}
	x := vocabularyIndex{starts: numbers[:pairs+1], sorted: numbers[pairs+1:]}
	return x, x.within(f.header.pieces)
}

// within checks that no number of the index leads out of its tables.
func (x vocabularyIndex) within(pieces int) bool {
	last := uint32(0)
	for _, place := range x.starts {
		if place < last || int(place) > len(x.sorted) {
			return false
		}
		last = place
	}
	for _, id := range x.sorted {
		if int(id) >= pieces {
			return false
		}
	}
	return true
}

// writeAtomically leaves either the whole file or none, also between processes.
func writeAtomically(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
