package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The weights of Darija evidence. A clear word decides alone; below that evidence must outweigh other languages.
const (
	weightLikely = 1
	weightStrong = 2
	weightClear  = 100
)

// evidence is the summed weight of the Darija words of a text in one script.
type evidence int

func (e evidence) clear() bool { return e >= weightClear }

// traits are what the letters and words of a text say about its language.
type traits struct {
	arabic, latin, foreign     int // letters by script
	upper, lower               int // Latin letters by case
	farsi                      int // letters of Persian and Urdu only
	arabicWords, latinWords    int
	darijaArabic, darijaLatin  evidence
	standard                   int // words of Standard Arabic only
	french, english, neighbour int // words of Latin-script languages
	shared                     int // words of several of these
	frenchForms                int // words that end as French ones do
}

func (t *traits) letters() int { return t.arabic + t.latin + t.foreign }

// shouting reports a text in capitals: there, capitals mark neither acronyms nor names.
func (t *traits) shouting() bool { return t.lower == 0 && t.upper > 6 }

func readTraits(text string) traits {
	var t traits
	text = Clean(text)
	reader := wordReader{traits: &t}
	for chunk := range strings.FieldsSeq(text) {
		if !isAddress(chunk) {
			reader.readChunk(chunk)
		}
	}
	return t
}

// isAddress reports the address of a site, a page or a mailbox: its letters say nothing of the writer's language.
func isAddress(chunk string) bool {
	if strings.Contains(chunk, "://") || strings.Contains(chunk, "@") || strings.HasPrefix(chunk, "www.") {
		return true
	}
	host, _, _ := strings.Cut(strings.TrimRight(chunk, ".,;:!?)؟،"), "/")
	dot := strings.LastIndexByte(host, '.')
	return dot > 1 && topDomains[host[dot+1:]]
}

var topDomains = setOf("ma com org net fr info eu es it de be nl tn dz uk io app pdf doc docx xls xlsx jpg jpeg png html php")

func (t *traits) readLetter(r rune) {
	switch {
	case r < utf8.RuneSelf:
		t.readASCII(byte(r))
	case r >= firstArabic && r < firstArabic+rune(len(foldedArabic)):
		t.readArabicLetter(r)
	case unicode.Is(unicode.Latin, r):
		t.latin++
		t.readAccent(r)
		if unicode.IsUpper(r) {
			t.upper++
		} else {
			t.lower++
		}
	case r == '¿' || r == '¡':
		t.neighbour += 2
	case unicode.IsLetter(r):
		t.foreign++
	}
}

func (t *traits) readASCII(c byte) {
	switch {
	case c >= 'a' && c <= 'z':
		t.latin++
		t.lower++
	case c >= 'A' && c <= 'Z':
		t.latin++
		t.upper++
	}
}

func (t *traits) readArabicLetter(r rune) {
	if !isWordRune(r) || unicode.IsDigit(r) {
		return
	}
	t.arabic++
	if r <= 'ي' {
		return
	}
	switch r {
	case 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ', 'ک', 'ی', 'ژ', 'ۀ', 'ۂ':
		t.farsi++
	}
}

// readAccent counts letters that French has and its neighbours lack, and the reverse.
func (t *traits) readAccent(r rune) {
	switch unicode.ToLower(r) {
	case 'ê', 'î', 'ô', 'û', 'ù', 'œ':
		t.french++
	case 'é', 'è', 'à', 'ç':
		t.frenchForms++
	case 'ñ', 'ß', 'ğ', 'ş', 'ı', 'ã', 'õ', 'ö', 'ä', 'ü', 'å', 'ø', 'í', 'ó', 'ú', 'á', 'ì', 'ò':
		t.neighbour++
	}
}
