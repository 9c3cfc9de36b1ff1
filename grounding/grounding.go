// Package grounding decides whether a text that a model wrote says only what its passages say.
//
// The check is deterministic and does no I/O. It is made to refuse: a text that it refuses is replaced by the answer
// rendered from the sheet, a text that it lets through reaches a person.
package grounding

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"murshid/language"
)

// Why a draft is refused. Every error of Check is one of these, with the words that gave rise to it.
var (
	ErrForm     = errors.New("the text is not plain text")
	ErrCitation = errors.New("the passages cited are not those given")
	ErrLanguage = errors.New("the text is in another language")
	ErrLink     = errors.New("a link is in no cited passage")
	ErrContact  = errors.New("an address or a number to call is in no cited passage")
	ErrFigure   = errors.New("a figure is in no cited passage, or not with these words")
	ErrDuration = errors.New("a duration is in no cited passage, or not with these words")
	ErrDate     = errors.New("a date is in no cited passage")
	ErrLaw      = errors.New("the number of a text of law is in no cited passage")
	ErrDocument = errors.New("a document is in no cited passage")
	ErrPlace    = errors.New("a place or an administration is in no cited passage")
	ErrNegation = errors.New("the text denies what the passages say, or the reverse")
	ErrWord     = errors.New("a thing is named that no cited passage names")
)

// Reason is the one of the errors above that an error of Check is, without the words that gave rise to it: those are a
// person's or a model's, and no log may hold them. It is nil for nil only.
func Reason(err error) error {
	if err == nil {
		return nil
	}
	for _, reason := range []error{ErrForm, ErrCitation, ErrLanguage, ErrLink, ErrContact, ErrFigure, ErrDuration, ErrDate, ErrLaw,
		ErrDocument, ErrPlace, ErrNegation, ErrWord} {
		if errors.Is(err, reason) {
			return reason
		}
	}
	return errOther
}

// errOther stands for an error that is none of Check's.
var errOther = errors.New("another reason")

// MaxText is the length of the longest text, in bytes.
const MaxText = 4000

// Title is the field of a passage that only names the procedure. Its words count whether it is cited or not; its
// figures never do.
const Title = "title"

// Passage is one field of a sheet as a model gets it. Passages are numbered from 1 in the order of a Request.
type Passage struct {
	Field string            // name of the field, as in the public contract; Title for the name of the procedure
	Lang  language.Language // of Text
	Text  string            // entries of a list are parted by line ends
	Twin  string            // the same field in the sheet's other language, "" where there is none. It explains words and is never sent
}

// Request is what a text is to be written from.
type Request struct {
	Question string            // as the person wrote it, personal data masked
	Writing  language.Language // one of language.Writings
	Passages []Passage
	Limit    int // longest text, in characters; 0 means MaxText
}

// Draft is a text that a model wrote, not to be shown before Check has let it through.
type Draft struct {
	Text     string
	Passages []int // numbers of the passages it rests on, from 1
}

// Checker holds drafts against passages. Its zero value is ready for use; it may be used by several goroutines.
type Checker struct {
	Decider language.Decider
}

// Check is Checker's with the zero Checker.
func Check(d Draft, writing language.Language, passages []Passage) error {
	return Checker{}.Check(d, writing, passages)
}

// Check returns nil if every figure, duration, date, link, contact, text of law, document and place of the draft
// stands in the passages it cites and nothing is denied that they affirm. Otherwise it returns one of the errors above.
func (c Checker) Check(d Draft, writing language.Language, passages []Passage) error {
	cited, err := d.cited(passages)
	if err != nil {
		return err
	}
	if err := checkForm(d.Text); err != nil {
		return err
	}
	text, source := read(d.Text), newEvidence(cited, passages)
	for _, check := range []func(*reading, *evidence) error{
		checkLinks, checkContacts, checkDates, checkLaws, checkFigures, checkBindings, checkNegation,
	} {
		if err := check(text, source); err != nil {
			return err
		}
	}
	if err := c.checkLanguage(d.Text, writing, source); err != nil {
		return err
	}
	return checkWords(text, source)
}

// cited are the passages that the draft names.
func (d Draft) cited(passages []Passage) ([]Passage, error) {
	switch {
	case d.Text == "" || !utf8.ValidString(d.Text):
		return nil, fmt.Errorf("%w: no text", ErrForm)
	case len(d.Text) > MaxText:
		return nil, fmt.Errorf("%w: %d bytes", ErrForm, len(d.Text))
	}
	var out []Passage
	seen := map[int]bool{}
	for _, n := range d.Passages {
		if n < 1 || n > len(passages) {
			return nil, fmt.Errorf("%w: number %d of %d", ErrCitation, n, len(passages))
		}
		if !seen[n] && passages[n-1].Field != Title {
			out = append(out, passages[n-1])
		}
		seen[n] = true
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: none", ErrCitation)
	}
	return out, nil
}
