package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// sheetsKey is the field of an object that holds a list of sheets.
const sheetsKey = "sheets"

var errNotObject = errors.New("not a JSON object")

// readJSON yields the sheets of a JSON document: one object, an array of them, or an object whose field "sheets"
// is such an array. It reports whether more are wanted.
//
// What follows broken JSON cannot be told apart, so the rest of the document is lost.
func readJSON(r io.Reader, yield func(Record) bool) bool {
	lines := &lineCounter{reader: r}
	d := &document{decoder: json.NewDecoder(lines), lines: lines, yield: yield}
	for {
		err := d.value()
		switch {
		case errors.Is(err, io.EOF):
			return true
		case errors.Is(err, errStopped):
			return false
		case err != nil:
			return yield(Record{Line: d.next(), Err: fmt.Errorf("not JSON: %w", err), Lost: true})
		}
	}
}

// errStopped means that no more records are wanted.
var errStopped = errors.New("stopped")

type document struct {
	decoder *json.Decoder
	lines   *lineCounter
	yield   func(Record) bool
}

// line is the line that was read last.
func (d *document) line() int { return d.lines.at(d.decoder.InputOffset()) }

// next is the line of what could not be read.
func (d *document) next() int {
	line := d.line()
	ahead := bufio.NewReader(d.decoder.Buffered())
	for {
		c, err := ahead.ReadByte()
		if err != nil || !strings.ContainsRune(" \t\r\n,", rune(c)) {
			return line
		}
		if c == '\n' {
			line++
		}
	}
}

// value reads one value of the document's top level. The error is io.EOF at its end.
func (d *document) value() error {
	token, err := d.decoder.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		return d.array()
	case json.Delim('{'):
		return d.object()
	}
	return d.give(Record{Line: d.line(), Err: errNotObject})
}

func (d *document) give(r Record) error {
	if !d.yield(r) {
		return errStopped
	}
	return nil
}

// array reads the entries of an array whose bracket was read.
func (d *document) array() error {
	for d.decoder.More() {
		var raw json.RawMessage
		if err := d.decoder.Decode(&raw); err != nil {
			return unexpected(err)
		}
		record := Record{Line: d.lines.at(d.decoder.InputOffset() - int64(len(raw))), JSON: raw}
		if len(raw) > maxRecord {
			record.Err = errTooLong
		}
		if err := d.give(record); err != nil {
			return err
		}
	}
	return d.end()
}

// object reads the fields of an object whose brace was read: a sheet, or a holder of sheets.
func (d *document) object() error {
	line, holder := d.line(), false
	fields := map[string]json.RawMessage{}
	for d.decoder.More() {
		key, err := d.decoder.Token()
		if err != nil {
			return unexpected(err)
		}
		if name, _ := key.(string); name != sheetsKey {
			var raw json.RawMessage
			if err := d.decoder.Decode(&raw); err != nil {
				return unexpected(err)
			}
			fields[name] = raw
			continue
		}
		holder = true
		if err := d.sheets(); err != nil {
			return err
		}
	}
	if err := d.end(); err != nil || holder {
		return err
	}
	data, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return d.give(Record{Line: line, JSON: data})
}

// sheets reads the value of the field "sheets".
func (d *document) sheets() error {
	token, err := d.decoder.Token()
	if err != nil {
		return unexpected(err)
	}
	if token != json.Delim('[') {
		return fmt.Errorf("%s is not a list", sheetsKey)
	}
	return d.array()
}

func (d *document) end() error {
	_, err := d.decoder.Token()
	return unexpected(err)
}

// unexpected turns the end of the input within a value into an error of its own.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// A lineCounter notes where lines end in what is read through it.
type lineCounter struct {
	reader io.Reader
	offset int64
	ends   []int64 // offsets of line feeds not yet passed
	passed int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.reader.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.offset+int64(i))
		}
	}
	l.offset += int64(n)
	return n, err
}

// at is the line of an offset, from 1. Offsets must not decrease.
func (l *lineCounter) at(offset int64) int {
	for len(l.ends) > 0 && l.ends[0] < offset {
		l.ends = l.ends[1:]
		l.passed++
	}
	return l.passed + 1
}
