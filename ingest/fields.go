package ingest

import (
	"encoding/json"
	"fmt"

	"murshid/language"
	"murshid/retrieval"
)

// A fieldReader reads the fields of one JSON object. Its first error stays.
type fieldReader struct {
	fields map[string]json.RawMessage
	err    error
}

func (f *fieldReader) fail(name, want string, found json.RawMessage) {
	if f.err == nil {
		f.err = fmt.Errorf("%s: want %s, found %s", name, want, kindOf(found))
	}
}

// kindOf names the type of a JSON value.
func kindOf(raw json.RawMessage) string {
	if absent(raw) {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || raw[0] == 'n' }

// raw is a text as it was written.
func (f *fieldReader) raw(name string) string { return f.text(name, f.fields[name]) }

func (f *fieldReader) text(name string, value json.RawMessage) string {
	if absent(value) {
		return ""
	}
	switch value[0] {
	case '"':
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			f.fail(name, "a text", value)
		}
		return text
	case '{', '[', 't', 'f':
		f.fail(name, "a text", value)
		return ""
	}
	return string(value) // a number, as it was written
}

// line is a clean text on one line.
func (f *fieldReader) line(name string) string { return cleanLine(f.raw(name)) }

// list is the entries of a list; what is no list is a list of one.
func (f *fieldReader) list(name string) []json.RawMessage {
	value := f.fields[name]
	if absent(value) {
		return nil
	}
	if value[0] != '[' {
		return []json.RawMessage{value}
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(value, &entries); err != nil {
		f.fail(name, "a list", value)
	}
	return entries
}

// lines are the clean texts of a list, without the empty ones.
func (f *fieldReader) lines(name string) []string {
	var lines []string
	for _, entry := range f.list(name) {
		if !absent(entry) && (entry[0] == '{' || entry[0] == '[') {
			f.fail(name, "a list of texts", entry)
			return nil
		}
		if line := cleanLine(f.text(name, entry)); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// objects calls read for each object of a list; a plain text stands for an object with only the field main.
func (f *fieldReader) objects(name, main string, read func(*fieldReader)) {
	for _, entry := range f.list(name) {
		inner := &fieldReader{fields: map[string]json.RawMessage{main: entry}}
		if !absent(entry) && entry[0] == '{' {
			inner.fields = nil
			if err := json.Unmarshal(entry, &inner.fields); err != nil {
				f.fail(name, "a list of objects", entry)
				return
			}
		}
		read(inner)
		if inner.err != nil && f.err == nil {
			f.err = fmt.Errorf("%s: %w", name, inner.err)
		}
	}
}

func (f *fieldReader) sections() (sections []retrieval.Section) {
	f.objects("sections", "text", func(in *fieldReader) {
		s := retrieval.Section{Heading: in.line("heading"), Text: cleanText(in.raw("text"))}
		if s.Heading != "" || s.Text != "" {
			sections = append(sections, s)
		}
	})
	return sections
}

func (f *fieldReader) sources() (sources []retrieval.Source) {
	f.objects("sources", "title", func(in *fieldReader) {
		s := retrieval.Source{Title: in.line("title"), Date: in.line("date"), URL: in.line("url")}
		if s != (retrieval.Source{}) {
			sources = append(sources, s)
		}
	})
	return sources
}

func (f *fieldReader) phrasings() (phrasings []retrieval.Phrasing) {
	f.objects("asked_as", "text", func(in *fieldReader) {
		p := retrieval.Phrasing{Lang: language.Language(in.line("lang")), Text: in.line("text")}
		if p.Text != "" {
			phrasings = append(phrasings, p)
		}
	})
	return phrasings
}
