package grounding

import (
	"strings"
	"unicode/utf8"

	"murshid/language"
)

// proclitics are written in one with an Arabic word, longest first.
var proclitics = []string{"وبال", "ولل", "وال", "بال", "فال", "كال", "دال", "هاد", "لل", "ال", "و", "ف", "ب", "ل", "ك", "د"}

// suffixes end Arabic words without changing what they name.
var suffixes = []string{"تان", "تين", "ياتها", "اتها", "يات", "ات", "هما", "هم", "ها", "كم", "نا",
	"ين", "ون", "ان", "يه", "ه", "ك", "ي", "ا", "و"}

// wordForms are the spellings under which a folded word may stand elsewhere: without what is written in one with
// it, without its plural, and its first letters.
func wordForms(w string) []string {
	if isArabic(w) {
		return arabicForms(w)
	}
	return latinForms(w)
}

func arabicForms(w string) []string {
	out := []string{w}
	stems := []string{w}
	for _, p := range proclitics {
		if rest, ok := strings.CutPrefix(w, p); ok && utf8.RuneCountInString(rest) >= 3 {
			stems = append(stems, rest)
		}
	}
	if stem := language.Stem(w); stem != w {
		stems = append(stems, stem)
	}
	for _, s := range stems {
		if r, size := utf8.DecodeRuneInString(s); strings.ContainsRune("يتنم", r) && utf8.RuneCountInString(s) > 4 {
			stems = append(stems, s[size:]) // «يزاول», «مزاولة»
		}
	}
	for _, s := range stems {
		out = append(out, s)
		for _, end := range suffixes {
			if rest, ok := strings.CutSuffix(s, end); ok && utf8.RuneCountInString(rest) >= 3 {
				out = append(out, rest)
			}
		}
	}
	return out
}

func latinForms(w string) []string {
	out := []string{w}
	stems := []string{w}
	if s := language.Stem(w); s != w {
		stems = append(stems, s)
	}
	for _, s := range stems {
		out = append(out, s)
		for _, end := range []string{"es", "s", "x", "e", "ees", "ee"} {
			if rest, ok := strings.CutSuffix(s, end); ok && len(rest) >= 4 {
				out = append(out, rest)
			}
		}
		const letters = 6
		if len(s) >= letters && !hasDigit(s) {
			out = append(out, s[:letters]+"…") // «renouveler», «renouvellement»
		}
	}
	return out
}

// bareForms are a word and what is left of it without its proclitics.
func bareForms(w string) []string {
	out := []string{w}
	if !isArabic(w) {
		if s := language.Stem(w); s != w {
			out = append(out, s)
		}
		return out
	}
	for _, p := range proclitics {
		if rest, ok := strings.CutPrefix(w, p); ok && utf8.RuneCountInString(rest) >= 2 {
			out = append(out, rest)
		}
	}
	return out
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// bonesAlike reports whether two words of different scripts share a skeleton.
func bonesAlike(a, b token) bool {
	return len(a.bones) > 0 && len(b.bones) > 0 && isArabic(a.text) != isArabic(b.text) && alike(a.bones, b.bones)
}

// alike reports whether two words share a form.
func alike(a, b []string) bool {
	for _, f := range a {
		if contains(b, f) {
			return true
		}
	}
	return false
}
