// Package retrieval finds the procedure a question is about.
//
// A question is held against every procedure by several evidences (the nearness of vectors, the share of the
// question's letters and consonants a sheet covers); fitted weights make one score of them.
package retrieval

import (
	"slices"

	"murshid/language"
)

// Sheet is what one language says of one procedure. The same ID in two languages is the same procedure. It
// carries its JSON names because the public contract fixes them, for ingest as for the API.
type Sheet struct {
	No             int64             `json:"-"` // row number in the store
	Corpus         string            `json:"corpus,omitempty"`
	ID             string            `json:"id"`
	Lang           language.Language `json:"lang"`
	Title          string            `json:"title"`
	Administration string            `json:"administration,omitempty"`
	Audience       string            `json:"audience,omitempty"`
	Theme          string            `json:"theme,omitempty"`
	URL            string            `json:"url,omitempty"`
	Updated        string            `json:"updated,omitempty"`
	Verified       string            `json:"verified,omitempty"` // yes, partly or no
	AlsoCalled     []string          `json:"also_called,omitempty"`
	AskedAs        []Phrasing        `json:"asked_as,omitempty"`
	Online         string            `json:"online,omitempty"`
	Documents      []string          `json:"documents,omitempty"`
	Fee            string            `json:"fee,omitempty"`    // what the person pays for the procedure
	Amount         string            `json:"amount,omitempty"` // what the person receives, is allowed or is fined
	Delay          string            `json:"delay,omitempty"`
	Validity       string            `json:"validity,omitempty"`
	Place          string            `json:"place,omitempty"`
	Conditions     []string          `json:"conditions,omitempty"`
	Steps          []string          `json:"steps,omitempty"`
	Legal          []string          `json:"legal,omitempty"`
	Contact        string            `json:"contact,omitempty"`
	Unverified     []Field           `json:"unverified,omitempty"` // fields without a source
	Sections       []Section         `json:"sections,omitempty"`
	Related        []string          `json:"related,omitempty"`
	Sources        []Source          `json:"sources,omitempty"`
}

// Phrasing is one way in which people ask for a procedure.
type Phrasing struct {
	Lang language.Language `json:"lang"`
	Text string            `json:"text"`
}

// Section is a part of a sheet that fits no field.
type Section struct {
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// Source is where a sheet's facts come from and of when they are.
type Source struct {
	Title string `json:"title"`
	Date  string `json:"date,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Field names a field of a sheet that a person can ask for: an aspect of the procedure.
type Field string

// The fields people ask for, in the order in which an answer gives them.
const (
	Documents  Field = "documents"
	Fee        Field = "fee"
	Amount     Field = "amount"
	Delay      Field = "delay"
	Validity   Field = "validity"
	Place      Field = "place"
	Online     Field = "online"
	Conditions Field = "conditions"
	Steps      Field = "steps"
	Legal      Field = "legal"
	Contact    Field = "contact"
)

// Fields are all fields people ask for, in the order in which an answer gives them.
var Fields = []Field{Documents, Fee, Amount, Delay, Validity, Place, Online, Conditions, Steps, Legal, Contact}

// Values are what the sheet says in a field: none, one, or the entries of a list.
func (s *Sheet) Values(f Field) []string {
	switch f {
	case Documents:
		return s.Documents
	case Conditions:
		return s.Conditions
	case Steps:
		return s.Steps
	case Legal:
		return s.Legal
	}
	if v := s.value(f); v != "" {
		return []string{v}
	}
	return nil
}

func (s *Sheet) value(f Field) string {
	switch f {
	case Fee:
		return s.Fee
	case Amount:
		return s.Amount
	case Delay:
		return s.Delay
	case Validity:
		return s.Validity
	case Place:
		return s.Place
	case Online:
		return s.Online
	case Contact:
		return s.Contact
	}
	return ""
}

// Has reports whether the sheet says anything in the field.
func (s *Sheet) Has(f Field) bool { return len(s.Values(f)) > 0 }

// Unsure reports whether the field's value has no source.
func (s *Sheet) Unsure(f Field) bool { return slices.Contains(s.Unverified, f) }

// Name is the sheet's title or, where it has none, its first heading or its id.
func (s *Sheet) Name() string {
	if s.Title != "" {
		return s.Title
	}
	for _, section := range s.Sections {
		if section.Heading != "" {
			return section.Heading
		}
	}
	return s.ID
}

// names are the title and the everyday names, the texts by which people call the procedure.
func (s *Sheet) names() []string {
	return append([]string{s.Name()}, s.AlsoCalled...)
}

// Bare reports whether the sheet has nothing but sections.
func (s *Sheet) Bare() bool {
	return !slices.ContainsFunc(Fields, s.Has) && len(s.Sections) > 0
}
