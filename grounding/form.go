package grounding

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"murshid/language"
)

// markup are signs of mark-up: a channel shows texts as they are.
var markup = regexp.MustCompile("</?[a-zA-Z!][^>]*>|\\*|`|__|\\]\\(|&(?:[a-zA-Z]+|#\\d+);|(?m:^#+ )|\\{|\\}|\\||\\\\[nu\"]|(?i:\\b(?:javascript|data|vbscript|file|tel|mailto):)")

// checkForm refuses mark-up and characters that steer or hide text.
func checkForm(text string) error {
	for _, r := range text {
		switch {
		case r == '\n':
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == unicode.ReplacementChar,
			r >= 0xFE00 && r <= 0xFE0F:
			return fmt.Errorf("%w: character %U", ErrForm, r)
		}
	}
	if found := markup.FindString(text); found != "" {
		return fmt.Errorf("%w: mark-up %q", ErrForm, found)
	}
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%w: no text", ErrForm)
	}
	return nil
}

// Plain writes a text as answers are written: Western digits, plain spaces, no harakat, no empty lines at its ends.
// It leaves to Check what it must refuse.
func Plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u00a0', r == '\u202f', r == '\u2009', r == '\u2007':
			return ' '
		case r == '٫':
			return ','
		case r == '٬':
			return ' '
		case r == '٪':
			return '%'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= 0x064B && r <= 0x0652, r == 0x0670, r == 'ـ':
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(strings.ReplaceAll(text, "\r", ""))
}

// isMixed reports Darija among so many words of French or of Standard Arabic that it is taken for one of these.
func isMixed(text string, writing, got language.Language) bool {
	const enough = 2
	n := 0
	ts := read(text).tokens
	for i, t := range ts {
		if t.kind != word {
			continue
		}
		switch heading, _ := plain.at(ts[i:i+1], 0); {
		case writing == language.Arabizi && got == language.French && heading == "arabizi" && len(t.text) > 2:
			n++
		case writing == language.Darija && got == language.Arabic:
			switch heading, length := spokenOnly.at(ts, i); {
			case length > 0 && heading == "strong":
				n += enough
			case length > 0:
				n++
			}
		}
	}
	return n >= enough
}

// spokenOnly are turns that only Darija has.
var spokenOnly = mustStrictPhrases("darija")

const longSentence = 5 // words that show a language

// checkLanguage refuses a text, or a sentence of it, that is not in the writing asked for.
func (c Checker) checkLanguage(text string, writing language.Language, source *evidence) error {
	if writing == language.Arabic {
		text = strings.ReplaceAll(" "+text, " فال", " ال") // «فالثمن»: "then the price" here, "in the price" in Darija
	}
	if got := c.Decider.Decide(text, writing); got != writing && !isMixed(text, writing, got) {
		return fmt.Errorf("%w: %s", ErrLanguage, got)
	}
	for sentence := range strings.FieldsFuncSeq(links.ReplaceAllString(text, " "), isStrongStop) {
		if err := c.checkSentence(sentence, writing, source); err != nil {
			return err
		}
	}
	return nil
}

func (c Checker) checkSentence(sentence string, writing language.Language, source *evidence) error {
	words := language.Words(sentence)
	other := 0
	for _, w := range words {
		if isArabic(w) != writing.RightToLeft() && !isNumber(w) && !source.has(w) {
			other++
		}
	}
	if other > 0 && other*3 > len(words) {
		return fmt.Errorf("%w: another script in %q", ErrLanguage, sentence)
	}
	if len(words) < longSentence || writing == language.Darija || writing == language.Arabizi {
		return nil // Darija borrows whole sentences from Arabic and French
	}
	if got := c.Decider.Decide(sentence, writing); got != writing {
		return fmt.Errorf("%w: %s in %q", ErrLanguage, got, sentence)
	}
	return nil
}

func isArabic(word string) bool {
	for _, r := range word {
		if unicode.Is(unicode.Arabic, r) {
			return true
		}
	}
	return false
}

func isNumber(word string) bool {
	for _, r := range word {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return word != ""
}
