package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"murshid/language"
	"murshid/retrieval"
)

// maxID bounds a procedure's id, in bytes.
const maxID = 200

// A RejectionError is a record that was not loaded. As an error it reads `file:line: reason`.
type RejectionError struct {
	File   string
	Line   int
	Reason error
}

func (r RejectionError) Error() string {
	if r.Line == 0 {
		return fmt.Sprintf("%s: %v", r.File, r.Reason)
	}
	return fmt.Sprintf("%s:%d: %v", r.File, r.Line, r.Reason)
}

// Unwrap is the reason.
func (r RejectionError) Unwrap() error { return r.Reason }

// languageTag is the part of BCP 47 that names a language with regional subtags.
var languageTag = regexp.MustCompile(`^([A-Za-z]{2,3})([-_][A-Za-z0-9]{1,8})*$`)

// statedID finds the id in a record that is not JSON.
var statedID = regexp.MustCompile(`"id"\s*:\s*("(?:[^"\\]|\\.)*")`)

// parseSheet reads a sheet from JSON. Where the record is bad, the sheet holds at least the id if one was found.
//
// Foreign corpora are met half-way: a text stands for a list of one, a number for a text, null and "" for
// nothing, and what is left of HTML goes.
func parseSheet(data []byte) (retrieval.Sheet, error) {
	if !utf8.Valid(data) {
		return retrieval.Sheet{ID: salvageID(data)}, errors.New("not valid UTF-8")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return retrieval.Sheet{}, errNotObject
		}
		return retrieval.Sheet{ID: salvageID(data)}, fmt.Errorf("not JSON: %w", err)
	}
	f := &fieldReader{fields: fields}
	s := f.sheet()
	if err := checkID(s.ID); err != nil && f.err == nil {
		f.err = err
	}
	if f.err != nil {
		return s, f.err
	}
	return s, checkSheet(&s)
}

func salvageID(data []byte) string {
	found := statedID.FindSubmatch(data)
	if found == nil {
		return ""
	}
	var id string
	if json.Unmarshal(found[1], &id) != nil {
		return ""
	}
	return id
}

func (f *fieldReader) sheet() retrieval.Sheet {
	s := retrieval.Sheet{ID: f.raw("id"), Lang: language.Language(f.raw("lang")),
		Title: f.line("title"), Administration: f.line("administration"), Audience: f.line("audience"),
		Theme: f.line("theme"), URL: f.line("url"), Updated: f.line("updated"),
		Verified: strings.ToLower(f.line("verified")), Online: f.line("online"), Fee: f.line("fee"),
		Amount: f.line("amount"), Delay: f.line("delay"), Validity: f.line("validity"), Place: f.line("place"),
		Contact: f.line("contact"), AlsoCalled: f.lines("also_called"), Documents: f.lines("documents"),
		Conditions: f.lines("conditions"), Steps: f.lines("steps"), Legal: f.lines("legal"),
		Related: f.lines("related"), AskedAs: f.phrasings(), Sections: f.sections(), Sources: f.sources()}
	for _, name := range f.lines("unverified") {
		s.Unverified = append(s.Unverified, retrieval.Field(name))
	}
	return s
}

func checkID(id string) error {
	switch {
	case id == "":
		return errors.New("id is missing")
	case len(id) > maxID:
		return fmt.Errorf("id is longer than %d bytes", maxID)
	case strings.IndexFunc(id, func(r rune) bool { return unicode.IsControl(r) || isBidi(r) }) >= 0:
		return errors.New("id holds control characters")
	case strings.TrimSpace(id) != id:
		return errors.New("id begins or ends with a space")
	}
	return nil
}

// checkSheet checks what only a whole sheet shows, and gives the language tag its plain form.
func checkSheet(s *retrieval.Sheet) error {
	if s.Lang == "" {
		return errors.New("lang is missing")
	}
	tag := languageTag.FindStringSubmatch(string(s.Lang))
	if tag == nil {
		return fmt.Errorf("lang %q is not a language tag such as fr or ar", s.Lang)
	}
	s.Lang = language.Language(strings.ToLower(tag[1]))
	if s.Title == "" && len(s.Sections) == 0 {
		return errors.New("neither title nor sections")
	}
	return nil
}
