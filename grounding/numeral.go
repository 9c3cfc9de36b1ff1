package grounding

import (
	"fmt"
	"strconv"
	"strings"
)

var numerals = mustNumerals()

// mustNumerals are the values of single words and of the few numbers that are two words.
func mustNumerals() *phrases {
	p := mustStrictPhrases("numerals")
	for _, list := range p.first {
		for _, one := range list {
			if _, err := strconv.Atoi(one.heading); err != nil {
				panic(fmt.Errorf("words/numerals.txt: heading %q is no number", one.heading)) // compiled in
			}
		}
	}
	return p
}

// numeral is one word of a number: its value, its length in tokens, and whether «و» is written in one with it.
func numeral(ts []token, i int) (value float64, length int, joined bool) {
	if ts[i].kind != word {
		return 0, 0, false
	}
	heading, length := numerals.at(ts, i)
	if length == 0 {
		return 0, 0, false
	}
	v, _ := strconv.ParseFloat(heading, 64)
	_, whole := numerals.first[ts[i].text]
	return v, length, !whole && strings.HasPrefix(ts[i].text, "و")
}

// sum is a number that is being read word by word.
type sum struct {
	total, current float64 // thousands, and what stands below them
	last           float64
}

// take adds a word; false where it begins another number. linked says that «et», «و» or «w» stands before it.
func (s *sum) take(v float64, linked bool) bool {
	below := s.current - float64(int(s.current)/100*100)
	switch {
	case v >= 1000:
		if linked && s.current > 0 || s.current == 0 && s.total > 0 && !linked {
			return false
		}
		if v == 2000 && s.current > 0 {
			return false
		}
		s.total += max(s.current, 1) * v
		s.current = 0
	case v == 20 && s.last == 4 && !linked: // quatre-vingt
		s.current += 76
	case v == 100 && s.current > 1 && s.current < 10 && !linked:
		s.current *= 100
	case v >= 100:
		if s.current > 0 {
			return false
		}
		s.current = v
	case below == 0:
		s.current += v
	case v < 20 && below >= 20 && v < 10+10*boolean(below == 60 || below == 80): // vingt-deux, soixante-quinze
		if int(below)%10 != 0 {
			return false
		}
		s.current += v
	case v == 10 && below > 0 && below < 10 && !linked: // أربعة عشر
		s.current += v
	case below == 10 && v > 6 && v < 10 && !linked: // dix-sept
		s.current += v
	case below == 70 && v < 10, below == 90 && v < 10:
		s.current += v
	case below < 10 && v >= 20 && linked: // خمسة وسبعون
		s.current += v
	default:
		return false
	}
	s.last = v
	return true
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// spelled reads a number in words from place i: its value and its length in tokens, 0 for none.
func spelled(ts []token, i int) (float64, int) {
	var s sum
	at := i
	for at < len(ts) {
		skip := 0
		if at > i && isLink(ts[at]) && at+1 < len(ts) {
			skip = 1
		}
		v, n, joined := numeral(ts, at+skip)
		if n == 0 && isOne(ts, at+skip, s, skip > 0) {
			v, n = 1, 1
		}
		if n == 0 || !s.take(v, skip > 0 || joined) {
			break
		}
		if skip > 0 && s.last >= 100 && at > i && s.total == 0 { // «deux et cent» are two numbers
			break
		}
		at += skip + n
	}
	if at == i || !isSpelledNumber(ts, i, at) {
		return 0, 0
	}
	return s.total + s.current, at - i
}

// isOne reports «un» in «vingt et un» and «واحد» in «واحد وعشرين»; elsewhere these are articles.
func isOne(ts []token, i int, s sum, linked bool) bool {
	if !contains([]string{"un", "une", "واحد", "واحده", "wa7ed", "wahed", "wa7d"}, ts[i].text) {
		return false
	}
	if linked && s.last >= 20 && s.last < 90 {
		return true
	}
	if s.last != 0 || i+1 >= len(ts) {
		return false
	}
	next, skip := i+1, 0
	if isLink(ts[next]) && next+1 < len(ts) && ts[next].text != "et" {
		skip = 1
	}
	v, n, joined := numeral(ts, next+skip)
	return n > 0 && v >= 20 && v <= 90 && (joined || skip > 0)
}

func isLink(t token) bool {
	return t.kind == word && (t.text == "et" || t.text == "و" || t.text == "w")
}

// isSpelledNumber tells numbers from words that only look like them: «un véhicule neuf», «les deux», «tous deux».
func isSpelledNumber(ts []token, from, to int) bool {
	if to-from > 1 {
		return true
	}
	next := to < len(ts) && (ts[to].kind == word || ts[to].kind == address)
	switch ts[from].text {
	case "neuf":
		return next && (isUnit(ts, to) || contains(countable, ts[to].text))
	case "deux":
		before := from > 0 && contains([]string{"les", "tous", "toutes", "des", "ces"}, ts[from-1].text)
		return !before || isUnit(ts, to) || next && len(ts[to].text) > 4
	case "طاش", "mit", "sta", "stt", "ربع", "تمن", "ثمن":
		return isUnit(ts, to)
	}
	return true
}

// countable are nouns that stand after a number in sheets.
var countable = []string{"photos", "exemplaires", "copies", "tsawer", "pages"}

// withNumerals replaces numbers in words by number tokens.
func withNumerals(ts []token) []token {
	out := make([]token, 0, len(ts))
	for i := 0; i < len(ts); {
		v, n := spelled(ts, i)
		if n == 0 {
			out = append(out, ts[i])
			i++
			continue
		}
		t := token{kind: number, value: v}
		if first := ts[i].text; isArabic(first) {
			t.text = first // carries what is written in one with it
		}
		out = append(out, t)
		i += n
	}
	return out
}
