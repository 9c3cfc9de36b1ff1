package language

import "bytes"

// latinShape weighs the form of a folded word in Latin letters that no list knows.
func latinShape(word []byte) evidence {
	if len(word) > 24 {
		return 0
	}
	if hasDigit(word) {
		return digitWeight(word)
	}
	switch {
	case len(word) < 4 || !hasVowel(word):
		return 0
	case presentLatin(word), onsetLatin(word), joinedNegation(word):
		return weightStrong
	case arabicLetters(word):
		return weightStrong
	}
	return 0
}

func hasDigit(word []byte) bool { return bytes.ContainsAny(word, "0123456789") }
func hasVowel(word []byte) bool { return bytes.ContainsAny(word, "aeiouy") }

// digitWeight weighs digits that stand for Arabic letters: 3 7 9, less surely 2 5, rarely 4 6 8. Words with
// 0 or 1, or with several digits in a row, are numbers, codes and dates.
func digitWeight(word []byte) evidence {
	if isMeasure(word) {
		return 0
	}
	letters, sure, fair := 0, 0, 0
	for i, c := range word {
		switch {
		case c == '0' || c == '1' || (i > 0 && rareDigit(c) && rareDigit(word[i-1])):
			return 0
		case c == '3' || c == '7' || c == '9':
			sure++
		case isDigit(c):
			fair++
		default:
			letters++
		}
	}
	switch {
	case sure+fair > letters, sure+fair > 3, threeDigits(word):
		return 0
	case letters >= 2 && sure > 0:
		return weightClear
	case letters >= 4 && fair > 0 && !isDigit(word[len(word)-1]):
		return weightClear
	case letters >= 3 && fair > 0:
		return weightStrong
	}
	return 0
}

// rareDigit reports the digits that seldom stand for letters; two of them in a row are a number.
func rareDigit(c byte) bool { return c == '4' || c == '5' || c == '6' || c == '8' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// threeDigits reports three digits in a row, as in numbers of cards and files.
func threeDigits(word []byte) bool {
	run := 0
	for _, c := range word {
		if !isDigit(c) {
			run = 0
			continue
		}
		if run++; run == 3 {
			return true
		}
	}
	return false
}

// isMeasure reports digits that are a number after all: an amount with its unit, an ordinal, a numbered thing,
// a shortening of French messages.
func isMeasure(word []byte) bool {
	if digitWords[string(word)] {
		return true
	}
	digits := 0
	for digits < len(word) && isDigit(word[digits]) {
		digits++
	}
	if digits > 0 {
		return units[string(word[digits:])]
	}
	rest := bytes.TrimRight(word, "0123456789")
	if bytes.ContainsAny(rest, "0123456789") {
		return false
	}
	return known[string(rest)]&(french|english|neutralWord) != 0 || numbered[string(rest)] || len(rest) < 2
}

var (
	units = setOf(`
	e er eme ere nd nde h dh dhs mad mois an ans jour jours j fois cv ch km kg m cm mm mo go ko eur euro euros x g
	pm am th rd st min mn s sec pcs photo photos ex exemplaires copies copie enfants enfant pages page places
	place eme annee annees semaine semaines days months years weeks d dirham dirhams millions mille hz kw kwh l ml
	cl t v w a b c f n p r i ieme iem em roues portes personnes chevaux sem hh hr hrs ht ttc bis ter`)
	numbered = setOf(`
	covid art article act form type no num etage niveau rue lot bloc imm apt appt mp cp tel hay secteur zone rn rp
	ra rr ice bac ps sms iphone galaxy samsung windows word excel cv rc if tp cin cnie fes rabat casa agadir ch
	chap titre tome page ligne bus tram gate box part step level class unit room`)
	digitWords = setOf(`
	b2b b2c g7 g20 co2 h2o web2 web3 x3 a3 a4 a5 mp3 mp4 3d 4d 2main 2m1 a2m1 koi29 bi1 2vant 2mand 2puis 2moi 6te
	c2c p2p h24 s7 b4 m2 m3 r4 c3 c4`)
)

// presentLatinPrefixes are ka or ta, or gha, before the person's letter.
var presentLatinPrefixes = byteList(`kan kat kay ghan ghat ghay ghad`)

// presentLatin reports the Darija present and future: ka or ta, or gha, before the person's letter.
func presentLatin(word []byte) bool {
	for _, prefix := range presentLatinPrefixes {
		if rest, ok := bytes.CutPrefix(word, prefix); ok && len(rest) >= 3 {
			return true
		}
	}
	return false
}

// joinedNegation reports ma…ch in one word.
func joinedNegation(word []byte) bool {
	rest, ok := bytes.CutPrefix(word, []byte("ma"))
	return ok && len(rest) >= 4 && negatedLatin(rest)
}

// negatedLatin reports the end of a Darija negation, as in "ma khdamch", "ma kaynx".
func negatedLatin(word []byte) bool {
	if len(word) < 4 || known[string(word)]&(french|english|neutralWord|otherLatin) != 0 {
		return false
	}
	return bytes.HasSuffix(word, []byte("ch")) || bytes.HasSuffix(word, []byte("x")) || bytes.HasSuffix(word, []byte("sh"))
}

// onsets are the consonants that may follow a first consonant in Darija and not in French, English or their
// neighbours.
var onsets = map[byte]string{
	'b': "bcdfgjkmnpqstvwxz", 'd': "bcdfgjklmnpqstvxz", 'f': "bcdfghkmnpqstvwxz", 'g': "bcdfgjkmqstvz", 'h': "bcdfgjklmnqrstvz",
	'k': "bcdfgjkmpqstvxz", 'l': "bcdfgjkmnpqrstvwxz", 'm': "bcdfgjklmnpqrstvxz", 'n': "bcdfghjklmnpqrstvwxz", 'q': "bdfglmnrstz",
	'r': "bcdfgjklmnqrstvxz", 's': "bdgjsz", 't': "bdfgjkmnqtvxz", 'w': "bcdfgjklmnqstvxz", 'x': "bdfghjklmnqrstvwz",
	'y': "bcdfghjkmnqrstwxz", 'z': "bdfghjklmnqrtvz",
}

// onsetLatin reports a word that begins as Darija words do, short vowels being left out.
func onsetLatin(word []byte) bool {
	if len(word) > 4 && (bytes.HasPrefix(word, []byte("ch")) || bytes.HasPrefix(word, []byte("sh"))) {
		return bytes.IndexByte([]byte("bcdfgjkmnpqstwxz"), word[2]) >= 0
	}
	if word[0] == 'l' && (bytes.HasPrefix(word, []byte("lh")) || bytes.HasPrefix(word, []byte("l9"))) {
		return true
	}
	next := onsets[word[0]]
	return next != "" && bytes.IndexByte([]byte(next), word[1]) >= 0
}

// arabicLetters reports pairs that write Arabic sounds: kh, gh before a vowel at the front, q without u.
func arabicLetters(word []byte) bool {
	if bytes.HasPrefix(word, []byte("gh")) || bytes.Contains(word, []byte("kh")) {
		return true
	}
	i := bytes.IndexByte(word, 'q')
	return i >= 0 && i+1 < len(word) && bytes.IndexByte([]byte("aeiobdlrst"), word[i+1]) >= 0
}
