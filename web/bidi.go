package web

import (
	"html/template"
	"regexp"
	"strings"
	"unicode"

	"murshid/language"
)

// Runs that stand against the direction of the text around them: Latin words and figures with what may stand
// between them (52-05, 080 200 37 37, CNIE.ma), and Arabic words. static/words.js has the same.
var (
	latinRun  = regexp.MustCompile(`[+#]?[\p{Latin}\d]+(?:[ \x{a0}]?[.,:;/\-–'’@_&+%°*()=][ \x{a0}]?[\p{Latin}\d]+|[ \x{a0}][\p{Latin}\d]+|[%°])*`)
	arabicRun = regexp.MustCompile(`\p{Arabic}+(?:[ \x{a0}،؛.:/\-–«»()]*\p{Arabic}+)*`)
	address   = regexp.MustCompile(`https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
)

// isolated is a text in mark-up, each run of the other direction set apart, so that no figure or law's number turns
// round. What the text says stays text.
func isolated(text, dir string) template.HTML {
	runs, other := arabicRun, "rtl"
	if dir == "rtl" {
		runs, other = latinRun, "ltr"
	}
	var out strings.Builder
	at := 0
	for _, run := range runs.FindAllStringIndex(text, -1) {
		out.WriteString(template.HTMLEscapeString(text[at:run[0]]))
		out.WriteString(`<bdi dir="` + other + `">` + template.HTMLEscapeString(text[run[0]:run[1]]) + `</bdi>`)
		at = run[1]
	}
	out.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(out.String()) // every part is escaped above
}

// directionOf is the direction of one line of a message, addresses apart: the message's own if the line begins with
// it, else that of most letters.
func directionOf(text, own string) string {
	var letters []string // their directions
	count := map[string]int{}
	for _, r := range address.ReplaceAllString(text, " ") {
		switch {
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			letters = append(letters, "rtl")
		case unicode.Is(unicode.Latin, r):
			letters = append(letters, "ltr")
		default:
			continue
		}
		count[letters[len(letters)-1]]++
	}
	switch {
	case len(letters) == 0 || letters[0] == own:
		return own
	case count[letters[0]] > len(letters)/2:
		return letters[0]
	}
	return own
}

func direction(l language.Language) string {
	if l.RightToLeft() {
		return "rtl"
	}
	return "ltr"
}

// line is one line of a message.
type line struct {
	Dir  string
	HTML template.HTML
}

// linesOf are a text's lines that say something, each in its own direction.
func linesOf(text string, l language.Language) []line {
	var lines []line
	for part := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		dir := directionOf(part, direction(l))
		lines = append(lines, line{dir, isolated(part, dir)})
	}
	return lines
}
