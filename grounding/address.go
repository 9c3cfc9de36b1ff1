package grounding

import (
	"fmt"
	"regexp"
	"strings"

	"murshid/language"
)

var (
	mailboxes = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d.-]*`)
	// links are addresses with a scheme, with www, or names of hosts that end as hosts do.
	links = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+]*://|www\.)[^\s«»<>()،؛"]+|` +
		`[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?(?:\.[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?)*\.(?:[a-z]{2}|com|org|net|info|biz|gov|edu|int|app|dev|online|site|shop|store|tech|page|link|live|mobi|xyz|top|club|asia|africa|web|pro|مغرب|المغرب)(?:/[^\s«»<>()،؛"]*|\b)`)
)

// cutAddresses takes mailboxes and links out of a line.
func cutAddresses(line string) (rest string, found, boxes []string) {
	rest = mailboxes.ReplaceAllStringFunc(line, func(s string) string {
		boxes = append(boxes, strings.ToLower(strings.Trim(s, ".")))
		return " § "
	})
	rest = links.ReplaceAllStringFunc(rest, func(s string) string {
		found = append(found, sameLink(s))
		return " § "
	})
	return rest, found, boxes
}

// sameLink gives one form to the spellings of a link.
func sameLink(link string) string {
	link = strings.ToLower(strings.TrimRight(link, ".,;:!?'»)"))
	for _, scheme := range []string{"https://", "http://"} {
		link = strings.TrimPrefix(link, scheme)
	}
	return strings.TrimRight(strings.TrimPrefix(link, "www."), "/")
}

// checkLinks refuses a link that no cited passage holds. The bare host of a link that a passage holds is allowed.
func checkLinks(text *reading, source *evidence) error {
	for _, link := range text.links {
		if !source.holdsLink(link) {
			return fmt.Errorf("%w: %q", ErrLink, link)
		}
	}
	return nil
}

func (e *evidence) holdsLink(link string) bool {
	for _, r := range e.texts {
		for _, held := range r.links {
			host, _, _ := strings.Cut(held, "/")
			if link == held || link == host {
				return true
			}
		}
	}
	return false
}

// checkContacts refuses mailboxes and numbers to call that no cited passage holds.
func checkContacts(text *reading, source *evidence) error {
	for _, box := range text.mailboxes {
		if !source.any(func(r *reading) bool { return contains(r.mailboxes, box) }) {
			return fmt.Errorf("%w: %q", ErrContact, box)
		}
	}
	for _, t := range text.tokens {
		if t.kind == phone && !source.any(func(r *reading) bool { return r.hasToken(phone, t.text) }) {
			return fmt.Errorf("%w: %q", ErrContact, t.text)
		}
	}
	return nil
}

// checkDates refuses a date that is neither a date of the cited passages nor a part of one.
func checkDates(text *reading, source *evidence) error {
	for _, t := range text.tokens {
		if t.kind != date {
			continue
		}
		held := source.any(func(r *reading) bool {
			for _, s := range r.tokens {
				if s.kind == date && t.date.within(s.date) {
					return true
				}
			}
			return false
		})
		if !held {
			return fmt.Errorf("%w: %d/%d/%d", ErrDate, t.date.day, t.date.month, t.date.year)
		}
	}
	return nil
}

// checkLaws refuses numbers of laws, decrees and forms (52-05, A1) that no cited passage holds.
func checkLaws(text *reading, source *evidence) error {
	for _, t := range text.tokens {
		if t.kind == reference && !source.any(func(r *reading) bool { return r.hasToken(reference, t.text) }) {
			return fmt.Errorf("%w: %q", ErrLaw, t.text)
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// lines are the cleaned lines of a text.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(Plain(text)) {
		if line = language.Clean(line); line != "" {
			out = append(out, dashes.Replace(line))
		}
	}
	return out
}

var dashes = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2013", " – ", "\u2014", " – ", "\u2212", "-", "×", " × ")

// ReplaceLinks gives a text with each of its links replaced.
func ReplaceLinks(text string, with func(link string) string) string {
	return links.ReplaceAllStringFunc(text, func(found string) string {
		link := strings.TrimRight(found, ".,;:!?'»)")
		return with(link) + found[len(link):]
	})
}
