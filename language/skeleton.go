package language

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// arabicConsonants and latinConsonants map both scripts to one consonant alphabet. Vowels and the weak
// letters و and ي are dropped, because Darija is written with any of them. Sounds that people write with the same
// letter are merged: emphatic with plain ones, ح with ه, ك with ڭ, p with b, v with f. x=خ C=ش G=غ q=ق 3=ع.
var (
	arabicConsonants = consonantTable("بتثجحخدذرزسشصضطظعغفقكلمنهگڭڤپچݣ", "bttjhxddrzsCsdtd3Gfqklmnhkkfbck")
	latinConsonants  = consonantTable("bcdfghjklmnpqrstvwxz23456789", "bkdfkhjklmnbqrstf\x00Cz\x003Gxthhq")
	arabicProclitics = []string{"وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "د"}
	latinProclitics  = []string{"l", "al", "el", "lil", "wl", "bl", "fl", "dl", "w", "b", "f"}
)

// latinGroups are letters that write one sound together, by their first letter; the longest come first.
var latinGroups = [128][]struct{ from, to string }{
	'3': {{"3'", "G"}},
	'7': {{"7'", "x"}},
	'a': {{"aa", "3"}},
	'c': {{"ch", "C"}, {"ce", "s"}, {"ci", "s"}, {"cy", "s"}},
	'd': {{"dh", "d"}},
	'g': {{"gh", "G"}, {"ge", "j"}},
	'k': {{"kh", "x"}},
	'p': {{"ph", "f"}},
	'q': {{"qu", "k"}},
	's': {{"sh", "C"}},
	't': {{"tion", "sn"}, {"th", "t"}},
}

func consonantTable(from, to string) (table [0x780]byte) {
	i := 0
	for _, r := range from {
		table[r] = to[i]
		i++
	}
	return table
}

// Skeletons are the consonant skeletons of a word in either script, with and without its proclitics
// (the article and one-letter prepositions). «الازدياد», «lizdiyad» and «izdiad» share "zdd" → "zd".
// The result holds no skeleton shorter than two consonants.
func Skeletons(word string) []string {
	word = strings.ToLower(word)
	if isArabicWord(word) {
		return variants(word, arabicProclitics, 3, arabicSkeleton)
	}
	if i := strings.IndexByte(word, '\''); i > 0 && i <= 2 && len(word) > i+1 && latinElision[word[:i]] {
		word = word[i+1:]
	}
	skeletons := variants(word, latinProclitics, 4, latinSkeleton)
	if silentH(word) { // «دابيطاسيون» says d'habitation as it sounds
		skeletons = append(skeletons, variants(word[1:], nil, 0, latinSkeleton)...)
	}
	return skeletons
}

// silentH reports whether a word begins as French ones do whose h nobody hears.
func silentH(word string) bool {
	return len(word) >= 5 && word[0] == 'h' && strings.IndexByte("aeiouy", word[1]) >= 0
}

var latinElision = map[string]bool{"l": true, "d": true, "f": true, "b": true, "w": true, "n": true, "dl": true,
	"fl": true, "bl": true, "wl": true}

func variants(word string, proclitics []string, rest int, skeleton func(string) string) []string {
	var out []string
	add := func(s string) {
		if len(s) < 2 {
			return
		}
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	add(skeleton(word))
	for _, p := range proclitics {
		if tail, ok := strings.CutPrefix(word, p); ok && len([]rune(tail)) >= rest {
			add(skeleton(tail))
		}
	}
	return out
}

// arabicSkeleton drops the endings ة and ات, which Latin letters write a or at.
func arabicSkeleton(word string) string {
	if len(word) >= 10 {
		word = strings.TrimSuffix(word, "ات")
	}
	word = strings.TrimSuffix(word, "ه")
	out := make([]byte, 0, 32)
	for _, r := range word {
		if int(r) < len(arabicConsonants) && arabicConsonants[r] != 0 {
			out = append(out, arabicConsonants[r])
		}
	}
	return single(out)
}

func latinSkeleton(word string) string {
	word = dropAccents(word)
	if len(word) >= 5 && (strings.HasSuffix(word, "at") || strings.HasSuffix(word, "ait")) {
		word = word[:len(word)-1]
	}
	out := make([]byte, 0, 32)
	for i := 0; i < len(word); {
		to, length := latinSound(word[i:])
		out = append(out, to...)
		i += length
	}
	return single(out)
}

// latinSound gives the consonants of the letters that a text begins with, and how many bytes they take.
func latinSound(text string) (consonants string, length int) {
	c := text[0]
	if c >= 128 {
		return "", 1
	}
	for _, group := range latinGroups[c] {
		if strings.HasPrefix(text, group.from) {
			return group.to, len(group.from)
		}
	}
	if latinConsonants[c] == 0 {
		return "", 1
	}
	return oneConsonant[latinConsonants[c]], 1
}

// oneConsonant are the consonants as strings, so that none is made while reading.
var oneConsonant = func() (table [128]string) {
	for i := range table {
		table[i] = string(rune(i))
	}
	return table
}()

// single writes doubled consonants once, because gemination is rarely written, and n before b as m.
func single(s []byte) string {
	out := s[:0]
	for i, c := range s {
		if i > 0 && c == s[i-1] {
			continue
		}
		if c == 'b' && len(out) > 0 && out[len(out)-1] == 'n' {
			out[len(out)-1] = 'm'
		}
		out = append(out, c)
	}
	return string(out)
}

func dropAccents(word string) string {
	for i := 0; i < len(word); i++ {
		if word[i] >= 0x80 {
			return strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFD.String(word))
		}
	}
	return word
}

// SkeletonWords are the words of a text as Skeletons wants them: cleaned, in lower case, an apostrophe inside
// a word kept.
func SkeletonWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(Clean(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && !unicode.Is(unicode.Mn, r)
	})
}

func isArabicWord(word string) bool {
	for _, r := range word {
		if unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) {
			return true
		}
	}
	return false
}
