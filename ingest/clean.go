package ingest

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Only names of HTML elements make a tag: « délai < 5 jours > » and « <prénom> » stay.
var (
	hiddenHTML = regexp.MustCompile(`(?is)<!--.*?-->|<(script|style)\b[^>]*>.*?</(script|style)\s*>`)
	blockTag   = regexp.MustCompile(`(?i)</?(p|br|hr|div|li|ul|ol|dl|dt|dd|tr|table|tbody|thead|h[1-6]|section|article|header|footer|blockquote|pre)(\s[^<>]*)?/?>`)
	cellTag    = regexp.MustCompile(`(?i)</?(td|th|img|nav|input|button|form|iframe|figure|figcaption|caption)(\s[^<>]*)?/?>`)
	inlineTag  = regexp.MustCompile(`(?i)</?(a|abbr|b|bdi|bdo|big|center|cite|code|em|font|i|label|main|mark|o:p|q|s|small|span|strong|sub|sup|time|u|html|body|head)(\s[^<>]*)?/?>`)
	entity     = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)
)

// cleanLine gives a text without remnants of HTML, control characters and superfluous space, on one line.
func cleanLine(text string) string {
	return strings.Join(strings.Fields(cleanText(text)), " ")
}

// cleanText is cleanLine for texts of several lines. At most one empty line parts two others.
func cleanText(text string) string {
	text = withoutHTML(strings.ReplaceAll(text, "\r\n", "\n"))
	var b strings.Builder
	feeds := 0
	for line := range strings.SplitSeq(strings.Map(cleanRune, text), "\n") {
		line = strings.Join(strings.Fields(letters(line)), " ")
		if line == "" {
			feeds++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:1+min(feeds, 1)])
		}
		b.WriteString(line)
		feeds = 0
	}
	return b.String()
}

// withoutHTML drops tags and resolves entities, also those that were escaped once more than they should be.
func withoutHTML(text string) string {
	for range 3 {
		if !strings.ContainsAny(text, "<&") {
			return text
		}
		before := text
		text = hiddenHTML.ReplaceAllString(text, " ")
		text = blockTag.ReplaceAllString(text, "\n")
		text = cellTag.ReplaceAllString(text, " ")
		text = inlineTag.ReplaceAllString(text, "")
		text = entity.ReplaceAllStringFunc(text, html.UnescapeString)
		if text == before {
			break
		}
	}
	return text
}

// cleanRune drops characters that nobody sees: controls, bidi marks, byte order marks, tags.
func cleanRune(r rune) rune {
	switch {
	case r == '\n', r == '\u2029':
		return '\n'
	case r == '\r', r == '\u2028', r == '\v', r == '\f':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), isBidi(r), r == '\u200b', r == '\u2060', r == '\ufeff', r >= 0xE0000 && r <= 0xE007F:
		return -1
	case r == '\u00ad': // soft hyphen
		return -1
	}
	return r
}

func isBidi(r rune) bool {
	return r == '\u200e' || r == '\u200f' || r == '\u061c' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// letters turns Arabic presentation forms, which PDF readers produce, into letters, and composes accents.
func letters(line string) string {
	if strings.IndexFunc(line, isPresentationForm) < 0 {
		return norm.NFC.String(line)
	}
	var b strings.Builder
	for _, r := range line {
		if isPresentationForm(r) {
			b.WriteString(norm.NFKC.String(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

func isPresentationForm(r rune) bool {
	return r >= 0xFB50 && r <= 0xFDFF && r != '﴾' && r != '﴿' || r >= 0xFE70 && r <= 0xFEFC
}
