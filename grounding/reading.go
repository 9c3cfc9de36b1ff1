package grounding

import (
	"strconv"
	"strings"
)

// reading is a text with all that a check needs to know of it.
type reading struct {
	tokens           []token
	figures          []figure
	links, mailboxes []string
}

// read reads a text. Lines are entries of a list.
func read(text string) *reading {
	r := &reading{}
	for _, line := range lines(text) {
		rest, found, boxes := cutAddresses(line)
		r.links = append(r.links, found...)
		r.mailboxes = append(r.mailboxes, boxes...)
		r.tokens = append(r.tokens, tokens(rest)...)
		r.tokens = append(r.tokens, newMark(stop, "\n"))
	}
	r.tokens = withRanges(withDates(withNumerals(r.tokens)))
	markThings(r.tokens)
	r.figures = exceptions(r.tokens, figures(r.tokens))
	return r
}

// hasToken reports whether the text has a token of a kind.
func (r *reading) hasToken(k kind, text string) bool {
	for _, t := range r.tokens {
		if t.kind == k && t.text == text {
			return true
		}
	}
	return false
}

var months = mustStrictPhrases("months")

// monthAt is the month that the token at place i names, 0 for none.
func monthAt(ts []token, i int) int {
	if i >= len(ts) || ts[i].kind != word {
		return 0
	}
	heading, n := months.at(ts, i)
	if n == 0 {
		return 0
	}
	return atoi(heading)
}

// withDates makes date tokens of numbers with the name of a month, and of years.
func withDates(ts []token) []token {
	var out []token
	for i := 0; i < len(ts); {
		d, n := dateAt(ts, i)
		if n == 0 {
			out = append(out, ts[i])
			i++
			continue
		}
		t := token{kind: date, text: ts[i].text, date: d}
		if i > 0 && len(out) > 0 {
			dayOfRange(out, d)
		}
		out = append(out, t)
		i += n
	}
	return out
}

// dayOfRange gives the day before a ranging word the month of the date after it: «du 1er au 31 janvier».
func dayOfRange(out []token, d calendar) {
	i := len(out) - 1
	for i >= 0 && (contains(ranging, out[i].text) || contains([]string{"er", "le", "du", "من"}, out[i].text)) && out[i].kind != number {
		i--
	}
	if i < 0 || i == len(out)-1 && !strings.HasPrefix(out[i].text, "و") || out[i].kind != number || d.day == 0 || !isDay(out[i].value) {
		return
	}
	out[i].kind, out[i].date = date, calendar{int(out[i].value), d.month, d.year}
}

func isDay(v float64) bool { return v >= 1 && v <= 31 && v == float64(int(v)) }

// dateAt reads «12 juin 2019», «1er janvier», «فاتح يناير», «mars 2020», «2018» at place i.
func dateAt(ts []token, i int) (calendar, int) {
	var d calendar
	at := i
	switch {
	case ts[i].kind == number && isDay(ts[i].value):
		d.day, at = int(ts[i].value), i+1
		for at < len(ts) && contains([]string{"er", "de", "من", "شهر", "d", "dyal", "eme"}, ts[at].text) {
			at++
		}
	case ts[i].kind == word && contains([]string{"premier", "فاتح", "fati7", "fatih"}, ts[i].text):
		d.day, at = 1, i+1
	}
	d.month = monthAt(ts, at)
	if d.month == 0 {
		if y := yearAt(ts, i); y > 0 {
			return calendar{year: y}, 1
		}
		return calendar{}, 0
	}
	if d.day == 0 && ts[at].text == "مارس" { // also «he exercised»
		return calendar{}, 0
	}
	at++
	if y := yearAt(ts, at); y > 0 {
		d.year = y
		at++
	}
	return d, at - i
}

// yearAt is the year that a number is where no unit follows it.
func yearAt(ts []token, i int) int {
	if i >= len(ts) || ts[i].kind != number || len(ts[i].text) != 4 || isUnit(ts, i+1) {
		return 0
	}
	y, err := strconv.Atoi(ts[i].text)
	if err != nil || y < 1900 || y > 2099 {
		return 0
	}
	return y
}

// withRanges makes two numbers of what looked like the number of a law: «6-12 jours».
func withRanges(ts []token) []token {
	var out []token
	for i, t := range ts {
		low, high, ok := strings.Cut(t.text, "-")
		if t.kind != reference || !ok || strings.Contains(high, "-") || !isUnit(ts, i+1) {
			out = append(out, t)
			continue
		}
		out = append(out, numberToken(low), newMark(comma, "-"), numberToken(high))
	}
	return out
}
