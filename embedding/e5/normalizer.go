package e5

import (
	"unicode"
	"unicode/utf8"
)

// replacement stands for a byte that is not UTF-8.
const replacement = "\uFFFD"

// maxCluster is the length in bytes from which the reference tokenizer no
// longer looks a character with its marks up as one.
const maxCluster = 6

// normalize appends the text as the model knows it. It stops once limit bytes
// are written (0 = never).
func (m *charsmap) normalize(out []byte, text string, limit int) []byte {
	for i := 0; i < len(text) && (limit == 0 || len(out) < limit); {
		if c := text[i]; c < utf8.RuneSelf && m.plain[c] && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			out = append(out, c)
			i++
			continue
		}
		first, end := cluster(text, i)
		if end-i < maxCluster && end > first {
			if s, ok := m.transform(text[i:end]); ok {
				out = append(out, s...)
				i = end
				continue
			}
		}
		out = m.normalizeRunes(out, text[i:end])
		i = end
	}
	return out
}

// normalizeRunes takes the characters one by one.
func (m *charsmap) normalizeRunes(out []byte, text string) []byte {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		char := text[i : i+n]
		if r == utf8.RuneError {
			char = replacement
		}
		if s, ok := m.transform(char); ok {
			out = append(out, s...)
		} else {
			out = append(out, char...)
		}
		i += n
	}
	return out
}

// cluster returns the ends of the first character at i and of its cluster: the
// character with what Unicode (UAX #29) never parts from it. Clusters of
// Hangul, flags and emoji sequences are longer than maxCluster, so they need
// not be known here.
func cluster(text string, i int) (first, end int) {
	r, n := utf8.DecodeRuneInString(text[i:])
	first = i + n
	end = first
	for prepended(r) && end < len(text) {
		next, n := utf8.DecodeRuneInString(text[end:])
		if breaks(next) {
			return first, end
		}
		r, end = next, end+n
	}
	if breaks(r) {
		if r == '\r' && end < len(text) && text[end] == '\n' {
			end++
		}
		return first, end
	}
	for end < len(text) {
		next, n := utf8.DecodeRuneInString(text[end:])
		if !extends(next) {
			break
		}
		end += n
	}
	return first, end
}

// extends tells characters that belong to the one before them.
func extends(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case unicode.Is(unicode.M, r):
		return true
	case r == 0x200C, r == 0x200D: // non-joiner, joiner
		return true
	case r == 0x0E33, r == 0x0EB3: // Thai and Lao sara am
		return true
	case r == 0xFF9E, r == 0xFF9F: // halfwidth voiced sound marks
		return true
	}
	return r >= 0x1F3FB && r <= 0x1F3FF || r >= 0xE0020 && r <= 0xE007F // skin tones, tags
}

// breaks tells control characters, which never take marks.
func breaks(r rune) bool {
	if extends(r) || prepended(r) {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// prepended tells the characters that belong to the next one: of those short
// enough to matter, Arabic and Syriac signs around numbers and names.
func prepended(r rune) bool {
	return r >= 0x600 && r <= 0x605 || r == 0x6DD || r == 0x70F || r == 0x890 || r == 0x891 || r == 0x8E2
}
