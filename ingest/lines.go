package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxRecord bounds one record, in bytes: a line of JSON Lines or an entry of an array.
const maxRecord = 10 << 20

// errTooLong means that a record is longer than maxRecord.
var errTooLong = fmt.Errorf("longer than %d MB", maxRecord>>20)

// readLines yields a record for each line that is not blank. It reports whether more are wanted.
func readLines(r *bufio.Reader, yield func(Record) bool) bool {
	for line := 1; ; line++ {
		data, err := readLine(r)
		record := Record{Line: line, JSON: bytes.TrimSpace(data)}
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			record.Err, record.Lost = err, !errors.Is(err, errTooLong)
		}
		if len(record.JSON) > 0 || record.Err != nil {
			if !yield(record) {
				return false
			}
		}
		if end || record.Lost {
			return true
		}
	}
}

// readLine reads up to the end of the line. Of a line that is too long it returns the beginning and errTooLong.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxRecord+2; !long { // 2: the line's end
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if long && (err == nil || errors.Is(err, io.EOF)) {
			return line[:min(len(line), 1<<10)], errTooLong
		}
		return line, err
	}
}
