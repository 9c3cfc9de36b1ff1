package assets

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// members returns every file of the wheel that is kept. read gives the
// content of the wheel's list of digests and has checked it.
func (w wheel) members(read func(f file) ([]byte, error)) ([]file, error) {
	if w.record == "" {
		return w.files, nil
	}
	at := slices.IndexFunc(w.files, func(f file) bool { return f.from == w.record })
	if at < 0 {
		return nil, fmt.Errorf("%s is not in the table", w.record)
	}
	record, err := read(w.files[at])
	if err != nil {
		return nil, err
	}
	listed, err := parseRecord(record)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(w.files))
	for _, f := range w.files {
		known[f.from] = true
	}
	members := slices.Clone(w.files)
	for _, f := range listed {
		if to, ok := w.keep(f.from); ok && !known[f.from] {
			f.to, f.program = to, path.Base(path.Dir(f.from)) == "bin"
			members = append(members, f)
		}
	}
	return members, nil
}

// parseRecord reads the RECORD of a wheel: name, sha256 in unpadded base64
// and size per line (the packaging specification "Recording installed
// projects"). Lines without a digest, such as RECORD's own, are left out.
func parseRecord(record []byte) ([]file, error) {
	rows, err := csv.NewReader(bytes.NewReader(record)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read RECORD: %w", err)
	}
	var files []file
	for _, row := range rows {
		if len(row) != 3 || row[1] == "" {
			continue
		}
		digest, ok := strings.CutPrefix(row[1], "sha256=")
		if !ok {
			return nil, fmt.Errorf("read RECORD: %s has no sha256", row[0])
		}
		sum, err := base64.RawURLEncoding.DecodeString(digest)
		if err != nil {
			return nil, fmt.Errorf("read RECORD: digest of %s: %w", row[0], err)
		}
		size, err := strconv.ParseInt(row[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read RECORD: size of %s: %w", row[0], err)
		}
		files = append(files, file{from: row[0], size: size, sha256: hex.EncodeToString(sum)})
	}
	return files, nil
}
