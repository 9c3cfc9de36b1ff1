package language

import "strings"

// Stem takes the article, and what is written together with it, off a folded word: «الباسبور», «بالباسبور», «lpaspor»
// and «paspor» are one word. It is careful: it leaves three letters at the least, and it takes a Latin l only from
// before a consonant, where no French word has one.
func Stem(word string) string {
	if isASCII(word) {
		return latinStem(word)
	}
	for _, p := range []string{"وال", "بال", "فال", "كال", "ال", "لل"} {
		if rest, ok := strings.CutPrefix(word, p); ok && len(rest) >= 3*len("ا") {
			return rest
		}
	}
	if rest, ok := strings.CutPrefix(word, "لا"); ok && len(rest) >= 4*len("ا") { // the French article, as in «لاكارط»
		return rest
	}
	if rest, ok := strings.CutPrefix(word, "ل"); ok && len(rest) >= 4*len("ا") {
		return rest
	}
	return word
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func latinStem(word string) string {
	const rest = 3
	if len(word) <= rest {
		return word
	}
	if word[0] == word[1] && strings.IndexByte("dnrstzjch", word[0]) >= 0 { // the article merged into a sun letter
		return word[1:]
	}
	if word[0] == 'l' && strings.IndexByte("aeiouyl", word[1]) < 0 {
		return word[1:]
	}
	return word
}
