package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean makes a text safe to read and to embed: compatibility forms become letters (NFKC), Arabic-Indic
// digits become Western ones; harakat, tatweel, zero-width, bidi and tag characters go; white space is one
// space. Spelling stays as the person wrote it.
func Clean(text string) string {
	if isClean(text) {
		return text
	}
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	var b strings.Builder
	b.Grow(len(text))
	space := true
	for _, r := range text {
		r = cleanRune(r)
		switch {
		case r < 0:
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
		default:
			b.WriteRune(r)
			space = false
		}
	}
	// What was dropped may have stood between a letter and its mark.
	return norm.NFC.String(strings.TrimRight(b.String(), " "))
}

// isClean reports whether Clean would change nothing: printable ASCII, plain Arabic letters and French letters
// with single spaces, as most questions are.
func isClean(text string) bool {
	space := true
	for _, r := range text {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case r > ' ' && r <= '~' && r != '`', isPlainArabic(r), r >= 'À' && r <= 'ÿ':
			space = false
		default:
			return false
		}
	}
	return !space || text == ""
}

// isPlainArabic reports the letters of the Arabic keyboard and its punctuation.
func isPlainArabic(r rune) bool {
	return (r >= 'ء' && r <= 'غ') || (r >= 'ف' && r <= 'ي') || r == '،' || r == '؛' || r == '؟'
}

// cleanRune maps one character; a negative result drops it.
func cleanRune(r rune) rune {
	switch {
	case r < 0x7F && r >= ' ' && r != '`':
		return r
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= 0x064B && r <= 0x0652, r == 0x0670, r == 'ـ': // harakat, dagger alef, tatweel
		return -1
	case isInvisible(r):
		return -1
	case r == '’', r == '‘', r == 'ʼ', r == '`', r == '´':
		return '\''
	case unicode.IsControl(r):
		return ' '
	}
	return r
}

// isInvisible reports characters that steer or hide text: zero-width, soft hyphen, bidi controls, tags,
// variation selectors.
func isInvisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x180E, r == 0xFEFF:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	}
	return (r >= 0xFE00 && r <= 0xFE0F) || (r >= 0xE0000 && r <= 0xE0FFF)
}

// Fold gives one form to spellings that readers take for the same: lower case, no accents, one alef, ya,
// ta marbuta and hamza seat, and the letters that Darija adds to Arabic as their nearest Arabic ones.
func Fold(text string) string {
	text = Clean(text)
	if isLowerASCII(text) {
		return text
	}
	out := make([]byte, 0, len(text)+8)
	dropped := false
	for _, r := range text {
		before := len(out)
		out = appendFolded(out, r)
		dropped = dropped || len(out) == before
	}
	if dropped { // a mark may have stood alone between spaces
		return strings.Join(strings.Fields(string(out)), " ")
	}
	return string(out)
}

func isLowerASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= utf8.RuneSelf || (c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

// appendFolded appends the folded form of one clean character.
func appendFolded(out []byte, r rune) []byte {
	switch {
	case r >= 'A' && r <= 'Z':
		return append(out, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return append(out, byte(r))
	case r >= firstFolded && r < firstFolded+rune(len(foldedLatin)):
		return append(out, foldedLatin[r-firstFolded]...)
	case r >= firstArabic && r < firstArabic+rune(len(foldedArabic)):
		return append(out, foldedArabic[r-firstArabic]...)
	case unicode.Is(unicode.Mn, r):
		return out
	case r >= 0x1100:
		return append(out, foldOne(r)...)
	}
	return utf8.AppendRune(out, unicode.ToLower(r))
}

// foldedArabic are the folded forms of the Arabic blocks; marks have none.
const firstArabic = 0x0600

var foldedArabic = func() (table [0x0780 - firstArabic]string) {
	seats := map[rune]rune{
		'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ة': 'ه', 'ؤ': 'و', 'ئ': 'ي', 'ۀ': 'ه', 'ۂ': 'ه', 'ۓ': 'ي', 'ے': 'ي',
		'پ': 'ب', 'ڤ': 'ف', 'ڥ': 'ف', 'گ': 'ك', 'ڭ': 'ك', 'ݣ': 'ك', 'ک': 'ك', 'ی': 'ي', 'چ': 'ش', 'ہ': 'ه', 'ھ': 'ه', 'ە': 'ه',
	}
	for i := range table {
		r := firstArabic + rune(i)
		switch to, ok := seats[r]; {
		case ok:
			table[i] = string(to)
		case !unicode.Is(unicode.Mn, r):
			table[i] = string(r)
		}
	}
	return table
}()

// foldedLatin are the folded forms of the letters with accents up to U+024F.
const firstFolded = 0xC0

var foldedLatin = func() (table [0x250 - firstFolded]string) {
	for i := range table {
		table[i] = foldOne(firstFolded + rune(i))
	}
	return table
}()

// foldOne folds one letter that is neither ASCII nor Arabic: lower case, its marks dropped.
func foldOne(r rune) string {
	r = unicode.ToLower(r)
	if r >= 0xAC00 && r <= 0xD7A3 { // Hangul syllables decompose into letters, not marks
		return string(r)
	}
	var out strings.Builder
	for _, part := range norm.NFD.String(string(r)) {
		part = unicode.ToLower(part)
		if to, ok := ligatures[part]; ok {
			out.WriteString(to)
		} else if !unicode.Is(unicode.Mn, part) {
			out.WriteRune(part)
		}
	}
	return out.String()
}

var ligatures = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ı': "i", 'ø': "o", 'ł': "l"}

// isWordRune reports whether a character belongs to a word.
func isWordRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= '0' && r <= '9')
	case r >= 'ء' && r <= 'ي':
		return r != 'ـ'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// Words are the folded words of a text: runs of letters and digits; an apostrophe parts words.
func Words(text string) []string {
	return strings.FieldsFunc(Fold(text), func(r rune) bool { return !isWordRune(r) })
}
