package grounding

import "strings"

// complement are the words behind the name of a document that say which one it is.
func (e *evidence) complement(ts []token, i int) []token {
	const longest = 2
	var out []token
	start := i
	for ; i < len(ts) && len(out) < longest; i++ {
		t := ts[i]
		switch {
		case t.kind != word, t.taken, parting[t.text], turning[t.text], e.goesOn(t), len(t.text) == 1 && !isGrammar(t):
			return out
		case t.thing != "" && t.begins:
			if len(out) == 0 && (t.class() == "document" || t.class() == "same") {
				return append(out, t)
			}
			return out
		case isGrammar(t):
		case isPlain(t), i == start && !qualifies(t), strings.HasPrefix(t.text, "ي"), isDarijaArabic(t.text):
			return out
		default:
			out = append(out, t)
		}
	}
	return out
}

// adjectives are the endings of French words that stand right behind a noun and tell which one it is.
var adjectives = strings.Fields("al ale ales aux el elle els elles ique iques aire aires " +
	"if ive ifs ives ien ienne ier iere iers eux euse in ine ois ais e ee es ees")

// qualifies reports whether a word right behind the name of a document may tell which one it is.
func qualifies(t token) bool {
	if isArabic(t.text) {
		return true
	}
	for _, end := range adjectives {
		if strings.HasSuffix(t.text, end) {
			return !isDarijaVerb(t.text)
		}
	}
	return false
}

// goesOn reports «و» in one with the name of the next thing: «ونسخة», but not «وفاة».
func (e *evidence) goesOn(t token) bool {
	rest, ok := strings.CutPrefix(t.text, "و")
	if !ok || len(rest) < 4 || e.forms[t.text] {
		return false
	}
	next := newWord(rest)
	markThings([]token{next})
	return strings.HasPrefix(rest, "ال") || t.thing != "" || e.hasToken(next)
}

// turning are words after which another thing is spoken of.
var turning = wordSet(`pour avec si sur dans chez est sont qui que f m3a ila li lli في على مع لمن إلى اللي التي الذي إذا إلا من mn men par
	au aux a b ب bach باش ديال من w و`)

func (t token) class() string {
	class, _, _ := strings.Cut(t.thing, "/")
	return class
}

// isGrammar reports articles and the words for "of".
func isGrammar(t token) bool {
	return contains([]string{"de", "d", "du", "des", "la", "le", "les", "l", "un", "une", "votre", "vos", "son", "sa", "ses", "leur",
		"ma", "mon", "dyal", "dial", "ديال", "د", "ل"}, t.text)
}
