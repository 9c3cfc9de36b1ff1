package retrieval

import (
	"strings"

	"murshid/embedding"
	"murshid/language"
)

// Kind says what of a sheet a passage holds.
type Kind string

// The kinds of passages.
const (
	KindTitle      Kind = "title"      // the title alone
	KindNames      Kind = "names"      // the title and the everyday names
	KindDocuments  Kind = "documents"  // the papers to bring
	KindConditions Kind = "conditions" // who may ask, and when
	KindSteps      Kind = "steps"      // what to do, in order
	KindPlace      Kind = "place"      // where, and online
	KindPractical  Kind = "practical"  // fee, amount, delay and validity together
	KindSection    Kind = "section"    // a piece of a section
	KindPhrasing   Kind = "phrasing"   // a way in which people ask, embedded as a question
	KindCalled     Kind = "called"     // a title or name alone, embedded as a question too
)

// Passage is a text of a sheet that is embedded as one.
type Passage struct {
	Kind    Kind
	Section string // the section's heading, the language of what is embedded as a question, else empty
	Ordinal int    // position among the sheet's passages, from 0
	Text    string // what is embedded, cleaned as questions are
	Quote   string // of a section: the sheet's own words in it
}

// EmbeddedAs is how an embedder takes the passage: what people say is a question.
func (p Passage) EmbeddedAs() embedding.Kind {
	if p.Kind == KindPhrasing || p.Kind == KindCalled {
		return embedding.Question
	}
	return embedding.Passage
}

// Bounds in characters. Nine hundred letters are some 200 tokens of French and 300 of Arabic, which the model's
// window of 510 holds together with title and heading.
const (
	maxPiece  = 900
	maxPrefix = 200
)

// Passages are the texts of a sheet that are embedded. None stands twice in one kind, none is empty.
//
// The title stands in front of every other text: « 75 DH » alone is near to nothing anybody asks.
func Passages(s *Sheet) []Passage {
	c := &collector{seen: map[string]bool{}}
	title := s.Title
	if title == "" && s.Name() != s.ID { // an id is no text
		title = s.Name()
	}
	c.add(KindTitle, "", title)
	if len(s.AlsoCalled) > 0 {
		c.add(KindNames, "", join(title, strings.Join(s.AlsoCalled, ", ")))
	}
	title = short(title, maxPrefix)
	c.field(KindDocuments, title, s.Documents...)
	c.field(KindConditions, title, s.Conditions...)
	c.field(KindSteps, title, s.Steps...)
	c.field(KindPlace, title, s.Place, s.Online)
	c.field(KindPractical, title, s.Fee, s.Amount, s.Delay, s.Validity)
	for _, section := range s.Sections {
		prefix := join(title, short(section.Heading, maxPrefix))
		for _, piece := range pieces(section.Text, maxPiece) {
			c.quote(section.Heading, join(prefix, piece), piece)
		}
		if section.Text == "" {
			c.add(KindSection, section.Heading, prefix)
		}
	}
	for _, name := range append([]string{s.Title}, s.AlsoCalled...) {
		c.addQuestion(KindCalled, string(s.Lang), name)
	}
	for _, p := range s.AskedAs {
		c.addQuestion(KindPhrasing, string(p.Lang), p.Text)
	}
	return c.passages
}

type collector struct {
	passages []Passage
	seen     map[string]bool
}

func (c *collector) add(kind Kind, section, text string) {
	text = language.Clean(text)
	if text == "" || c.seen[text] {
		return
	}
	c.seen[text] = true
	c.passages = append(c.passages, Passage{Kind: kind, Section: section, Ordinal: len(c.passages), Text: text})
}

// quote adds a piece of a section, with the words of the sheet that stand in it.
func (c *collector) quote(heading, text, piece string) {
	before := len(c.passages)
	c.add(KindSection, heading, text)
	if len(c.passages) > before {
		c.passages[before].Quote = piece
	}
}

// addQuestion adds a text that is embedded as people's questions are; it may also stand among the passages.
func (c *collector) addQuestion(kind Kind, lang, text string) {
	text = language.Clean(text)
	if text == "" || c.seen["?"+text] {
		return
	}
	c.seen["?"+text] = true
	c.passages = append(c.passages, Passage{Kind: kind, Section: lang, Ordinal: len(c.passages), Text: text})
}

// field adds the entries of a field together, in as many passages as their length asks for.
func (c *collector) field(kind Kind, title string, entries ...string) {
	var units []string
	for _, entry := range entries {
		units = append(units, pieces(entry, maxPiece)...)
	}
	for _, text := range pack(units, maxPiece, "; ") {
		c.add(kind, "", join(title, text))
	}
}

// join puts two texts one behind the other, as two sentences.
func join(first, second string) string {
	switch {
	case first == "":
		return second
	case second == "":
		return first
	case strings.HasSuffix(first, "?") || strings.HasSuffix(first, "؟") || strings.HasSuffix(first, "."):
		return first + " " + second
	}
	return first + ". " + second
}
