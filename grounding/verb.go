package grounding

import "strings"

// isVerb reports a word that by its form is a verb, an adverb or the like, and names no thing.
func isVerb(ts []token, i int) bool {
	if w := ts[i].text; isArabic(w) {
		return isArabicVerb(w)
	} else if isDarijaVerb(w) {
		return true
	}
	return !followsArticle(ts, i) || isInfinitive(ts, i)
}

var arabicVerb = []string{"ي", "وي", "في", "لي", "سي", "ست", "كي", "كت", "كن", "غا", "غي", "غت", "غن",
	"وكي", "وكت", "وغ", "است", "واست", "تت", "وتت"}

func isArabicVerb(w string) bool {
	for _, p := range arabicVerb {
		if strings.HasPrefix(w, p) && len(w) > len(p)+5 {
			return true
		}
	}
	letters := []rune(strings.TrimPrefix(w, "و"))
	if len(letters) < 4 || letters[0] != 'ت' || letters[len(letters)-1] == 'ه' {
		return false
	}
	return len(letters) != 5 || letters[3] != 'ي' // the nouns تفعيل
}

// isDarijaArabic reports Darija's present and future in Arabic letters.
func isDarijaArabic(w string) bool {
	for _, p := range []string{"كي", "كت", "كن", "غا", "غي", "غت", "غن"} {
		if strings.HasPrefix(w, p) && len(w) > len(p)+3 {
			return true
		}
	}
	return false
}

// isDarijaVerb reports Darija's present and future in Latin letters, and a person's letter before a consonant.
func isDarijaVerb(w string) bool {
	for _, p := range []string{"kay", "kat", "kan", "gha"} {
		if strings.HasPrefix(w, p) && len(w) > len(p)+1 {
			return true
		}
	}
	return len(w) > 3 && strings.IndexByte("tny", w[0]) >= 0 && strings.IndexByte("aeiouyhr", w[1]) < 0
}

// articles stand before French nouns.
var articles = wordSet("le la les l un une des du de d votre vos son sa ses leur leurs " +
	"mon ma mes ce cet cette ces au aux en par et ou chaque")

func followsArticle(ts []token, i int) bool {
	return i > 0 && (ts[i-1].kind == number || ts[i-1].kind == comma || articles[ts[i-1].text])
}

// isInfinitive reports «de remplir», «à fournir».
func isInfinitive(ts []token, i int) bool {
	w := ts[i].text
	for _, end := range []string{"er", "ir", "re", "oir"} {
		if strings.HasSuffix(w, end) && contains([]string{"de", "d", "a", "et", "ou", "en", ","}, ts[i-1].text) {
			return true
		}
	}
	return strings.HasSuffix(w, "ant") && ts[i-1].text == "en"
}
