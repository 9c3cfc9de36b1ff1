package assistant

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"murshid/language"
	"murshid/retrieval"
)

var (
	threadPhrases  = mustPhrases("thread")
	variantPhrases = mustPhrases("variants")
)

// Headings of thread.txt.
const (
	saysCorrection = "correction"
	saysNot        = "not"
	saysBack       = "back"
	saysLead       = "lead"
	saysOver       = "over"
)

// link is how a turn hangs together with those before it.
type link struct {
	variants []string // it asks for the same of another kind: for a minor, from abroad
	back     bool     // a word points back: il, dyalha, فيها
	leads    bool     // it begins as one that goes on: et, w, و
	over     bool     // it says itself that something else begins
	corrects bool     // it takes the turn before back
	own      []string // the words that are none of these, nor frame nor aspect: what the turn itself is about
}

// linkOf reads how words hang together with what was said before.
func linkOf(words []string) link {
	said := make([]bool, len(words))
	mark := func(f found) {
		for i := f.from; i < f.to; i++ {
			said[i] = true
		}
	}
	var l link
	for _, f := range slices.Concat(hear(aspectPhrases, words), intentPhrases.find(words)) {
		mark(f)
	}
	for _, f := range hear(variantPhrases, words) {
		mark(f)
		if !slices.Contains(l.variants, f.heading) {
			l.variants = append(l.variants, f.heading)
		}
	}
	for i := range words {
		if v := ageAt(words, i); v != "" {
			mark(found{v, i, i + 2})
			l.variants = append(l.variants, v)
		}
	}
	for _, f := range threadPhrases.find(words) {
		l.back = l.back || f.heading == saysBack
		l.leads = l.leads || (f.heading == saysLead && f.from == 0)
		l.over = l.over || f.heading == saysOver
		l.corrects = l.corrects || (f.heading == saysCorrection && f.from <= 2) || (f.heading == saysNot && f.from == 0 && f.to < len(words))
		if slices.Contains([]string{saysCorrection, saysBack, saysLead, saysOver}, f.heading) {
			mark(f)
		}
	}
	for i, w := range words {
		pointing := pointsBack(w)
		l.back = l.back || pointing
		if !said[i] && !pointing && len(language.Content(w)) > 0 && len(language.Content(withoutAnd(w))) > 0 {
			l.own = append(l.own, w)
		}
	}
	l.leads = l.leads || (len(words) > 0 && withoutAnd(words[0]) != words[0] && len(language.Content(words[0])) > 0)
	return l
}

// ageAt is the variant that an age beginning at place i tells: who has not turned 18 is a minor.
func ageAt(words []string, i int) string {
	const ofAge = 18
	if i == 0 || i+1 >= len(words) || !slices.Contains(beforeAge, words[i-1]) || !slices.Contains(years, words[i+1]) {
		return ""
	}
	age, err := strconv.Atoi(words[i])
	switch {
	case err != nil || age > 100:
		return ""
	case age < ofAge || strings.HasPrefix(words[i+1], "moi") || words[i+1] == "chhar":
		return "minor"
	}
	return "adult"
}

// The words around an age.
var (
	beforeAge = []string{"a", "de", "age", "agee", "3ndo", "3endo", "3ndha", "3endha", "fih", "fiha", "عندو", "عندها", "عنده", "عمره", "عمرها", "عمرو", "سنه", "لديه"}
	years     = []string{"an", "ans", "mois", "snin", "senin", "sna", "3am", "chhar", "سنه", "سنوات", "سنين", "عام", "اعوام", "شهر", "شهور", "اشهر"}
)

// goesOn reports whether the turn can be understood only from those before it.
func (l link) goesOn(asked []retrieval.Field) bool {
	return len(l.own) == 0 && !l.over && (len(asked) > 0 || l.back || len(l.variants) > 0)
}

// resumes reports whether the turn says nothing but a detail or a variant of what the conversation is about.
func (t *Turn) resumes() bool {
	l, m := linkOf(t.Words), t.Asked.Memory
	return (m.Procedure != "" || len(m.Choices) > 0) && len(l.own) == 0 && (len(t.asked()) > 0 || len(l.variants) > 0)
}

// elliptic reports whether the turn leaves out what the one before said: the aspect it asked for.
func (l link) elliptic() bool { return (l.leads || l.corrects) && !l.over }

// hear finds phrases in words as they stand, without the «and» that Arabic writes in one with the next word, and
// without the pronoun that it writes in one with the word before: والثمن, وثائقها.
func hear(b *phraseBook, words []string) []found {
	out := b.find(words)
	bare := each(words, withoutAnd)
	if !slices.Equal(bare, words) {
		out = append(out, b.find(bare)...)
	}
	if owned := each(bare, withoutOwner); !slices.Equal(owned, bare) {
		out = append(out, b.find(owned)...)
	}
	if free := each(bare, withoutPreposition); !slices.Equal(free, bare) {
		out = append(out, b.find(free)...)
	}
	return out
}

// withoutPreposition cuts the letter that means «in», «with» or «for» and is written in one with a word: فطاليان.
func withoutPreposition(word string) string {
	const least = 4 // letters of the word behind it
	for _, p := range []string{"ف", "ب", "ل"} {
		if rest, ok := strings.CutPrefix(word, p); ok && utf8.RuneCountInString(rest) >= least {
			return rest
		}
	}
	return word
}

func each(words []string, change func(string) string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = change(w)
	}
	return out
}

// ownAnd are words whose first letter is their own, though the rest is a word, too.
var ownAnd = []string{"واش", "واحد", "واحده", "وحده", "وقت", "وقتاش", "وقتها", "وصل", "والو", "والد", "والدي", "ولد", "ولدي", "وثايق", "وثيقه", "واجب", "واجبات", "وراق", "ورقه", "وريقات"}

// withoutAnd cuts the و («and») that is written in one with a word, and the ف («so») of a question word.
func withoutAnd(word string) string {
	if rest, ok := strings.CutPrefix(word, "و"); ok && utf8.RuneCountInString(rest) >= 2 && !slices.Contains(ownAnd, word) {
		return rest
	}
	if rest, ok := strings.CutPrefix(word, "ف"); ok && utf8.RuneCountInString(rest) >= 2 && len(language.Content(rest)) == 0 {
		return rest
	}
	return word
}

// withoutOwner cuts a pronoun written in one with a noun; the ه that ends a feminine noun is a ت before one.
func withoutOwner(word string) string {
	for _, owner := range []string{"ها", "هم", "ه"} {
		rest, ok := strings.CutSuffix(word, owner)
		if !ok || utf8.RuneCountInString(rest) < 3 {
			continue
		}
		if stem, feminine := strings.CutSuffix(rest, "ت"); feminine && owner != "ه" {
			return stem + "ه"
		}
		return rest
	}
	return word
}

// pointsBack reports whether a word carries the pronoun of a thing: كنديرها, kandirha.
func pointsBack(word string) bool {
	return (strings.HasSuffix(word, "ها") || strings.HasSuffix(word, "هم")) && utf8.RuneCountInString(word) >= 5 ||
		strings.HasSuffix(word, "ha") && len(word) >= 6
}

// asked are the aspects that the turn asks for. French «où» is told from «ou» by its accent alone.
func (t *Turn) asked() []retrieval.Field {
	out := aspects(each(t.Words, withoutAnd))
	if len(out) == 0 {
		out = aspects(each(t.Words, func(w string) string { return withoutOwner(withoutAnd(w)) }))
	}
	text := " " + strings.ToLower(t.Said)
	if !strings.Contains(strings.ReplaceAll(text, "d'où", ""), "où") || slices.Contains(out, retrieval.Place) {
		return out
	}
	if strings.HasPrefix(text, " où") {
		return slices.Insert(out, 0, retrieval.Place)
	}
	return append(out, retrieval.Place)
}
