package grounding

import (
	"fmt"
	"slices"
	"strings"

	"murshid/language"
)

// segment is a statement: a part of a sentence.
type segment struct {
	tokens []token
	denied bool
}

// statements cuts a text at its stops, pauses and conjunctions.
func (r *reading) statements(pauses bool) []segment {
	var out []segment
	from := 0
	for i := range r.tokens {
		if r.tokens[i].kind == stop || pauses && r.parts(i) && r.tokens[i].text != ":" {
			out = appendStatement(out, r.tokens, from, i)
			from = i + 1
			if !parting[r.tokens[i].text] && r.tokens[i].kind == word || isDenial(r.tokens, i) {
				from = i // «و» in one with a word, «ولا يجب»
			}
		}
	}
	return appendStatement(out, r.tokens, from, len(r.tokens))
}

func appendStatement(out []segment, ts []token, from, to int) []segment {
	if from >= to {
		return out
	}
	s := segment{tokens: ts[from:to]}
	for i := from; i < to; i++ {
		s.denied = s.denied || isDenial(ts, i) && !isIdiom(ts, i)
	}
	return append(out, s)
}

// isIdiom reports denials that deny nothing: «ne … que», «n'oubliez pas», «لا غير».
func isIdiom(ts []token, i int) bool {
	for k := i; k < min(len(ts), i+5); k++ {
		switch t := ts[k].text; {
		case k > i && contains([]string{"سوي", "الا"}, t) && strings.HasSuffix(ts[i].text, "لا"):
			return true
		case t == "que" && (ts[i].text == "ne" || ts[i].text == "n"), contains(reminders, t):
			return true
		}
	}
	for k := max(0, i-2); k < i; k++ {
		if contains(reminders, ts[k].text) {
			return true
		}
	}
	return i+1 < len(ts) && ts[i].text == "لا" && contains([]string{"غير", "اكثر"}, ts[i+1].text) ||
		ts[i].text == "ne" && i+2 < len(ts) && !hasSecond(ts[i:])
}

var reminders = []string{"oubliez", "oublier", "hesitez", "tardez", "tarder", "تنسوا", "تنس",
	"تترددوا", "تنساش", "tnsach", "tensach", "ماتنساش"}

// hasSecond reports the second half of a French negation.
func hasSecond(ts []token) bool {
	return slices.ContainsFunc(ts[:min(len(ts), 6)], func(t token) bool {
		return contains([]string{"pas", "jamais", "aucun", "aucune", "rien", "ni", "plus", "point", "nul"}, t.text)
	})
}

// content are the words of a statement that carry its meaning.
func (s segment) content() []token {
	var out []token
	for _, t := range s.tokens {
		if t.kind == word && !t.taken && !denials[t.text] && !isPlain(t) && !isGrammar(t) && !isNegated(t.text) && len(t.text) > 2 {
			out = append(out, t)
		}
	}
	return out
}

// meaning are all words of a statement but those that frame any sentence.
func (s segment) meaning() []token {
	var out []token
	for _, t := range s.tokens {
		framed := t.thing == "" && len(language.Content(t.text)) == 0
		if t.kind == word && !t.taken && !denials[t.text] && !framed && !isNegated(t.text) {
			out = append(out, t)
		}
	}
	return out
}

// shared counts the words that a statement has of others.
func (s segment) shared(words []token) int {
	n := 0
	for _, w := range words {
		if slices.ContainsFunc(s.tokens, func(t token) bool { return t.kind == word && sameThing(t, w) }) {
			n++
		}
	}
	return n
}

// spells reports whether a statement has all of some words as they are spelled, but for endings.
func (s segment) spells(words []token) bool {
	return !slices.ContainsFunc(words, func(w token) bool {
		return !slices.ContainsFunc(s.tokens, func(t token) bool {
			return t.kind == word && (alike(whole(t.forms), whole(w.forms)) || bonesAlike(t, w))
		})
	})
}

// whole are forms that are not the beginnings of words.
func whole(forms []string) []string {
	return slices.DeleteFunc(slices.Clone(forms), func(f string) bool { return strings.HasSuffix(f, "…") })
}

func (s segment) hasAll(words []token) bool { return s.shared(words) == len(words) }

// checkNegation refuses a statement that denies what no passage denies, and one that affirms what a passage denies.
func checkNegation(text *reading, source *evidence) error {
	for _, s := range text.statements(true) {
		if s.denied && !source.denies(s) || !s.denied && source.deniedBy(s) {
			return fmt.Errorf("%w: %q", ErrNegation, spoken(s.tokens))
		}
	}
	return nil
}

// denies reports whether a passage denies something of which the statement speaks.
func (e *evidence) denies(s segment) bool {
	words := s.content()
	for _, have := range e.segments {
		if have.denied && (have.shared(words) > 0 || len(words) == 0) {
			return true
		}
	}
	return false
}

// telling are the words of a statement that are not the procedure's name.
func (e *evidence) telling(s segment) []token {
	return slices.DeleteFunc(s.meaning(), func(t token) bool { return isPlain(t) || e.subject.shared([]token{t}) > 0 })
}

// deniedBy reports whether the statement says what a passage denies and no passage says as much of it without
// denying it.
func (e *evidence) deniedBy(s segment) bool {
	for _, have := range e.claims {
		words := e.telling(have)
		n := s.shared(words)
		if !have.denied || n == 0 || n*3 < len(words)*2 {
			continue
		}
		affirmed := slices.ContainsFunc(e.claims, func(other segment) bool { return !other.denied && other.shared(words) >= n })
		if !affirmed {
			return true
		}
	}
	return false
}
