package assistant

import (
	"slices"
	"strconv"

	"murshid/language"
	"murshid/retrieval"
)

// chosen is the offered procedure that the person names by its number, by the words of its title, or by what tells it
// from the others. "" where the turn chooses nothing.
func (t *Turn) chosen(x *retrieval.Index) string {
	choices := t.Asked.Memory.Choices
	if len(choices) == 0 {
		return ""
	}
	if n := numbered(t.Words, len(choices)); n > 0 {
		return choices[n-1]
	}
	if id := namedChoice(x, choices, t); id != "" {
		return id
	}
	if len(t.Link.own) == 0 && len(t.Link.variants) > 0 {
		return sibling(x, choices, t.Link.variants)
	}
	return ""
}

// numbered is the number, from 1 to count, that the words say and nothing else; 0 for none.
func numbered(words []string, count int) int {
	const most = 5 // words
	if len(words) > most {
		return 0
	}
	heard := threadPhrases.find(words)
	said := make([]bool, len(words))
	number := 0
	for _, f := range heard {
		n, err := strconv.Atoi(f.heading)
		switch {
		case f.heading == "last":
			number = count
		case err == nil:
			number = n
		case f.heading != "choose" && f.heading != saysLead && f.heading != saysBack:
			continue
		}
		for i := f.from; i < f.to; i++ {
			said[i] = true
		}
	}
	for i, w := range words {
		if !said[i] && len(language.Content(w)) > 0 {
			return 0
		}
	}
	if number > count {
		return 0
	}
	return number
}

// namedChoice is the choice whose title shares most words with the text, when no other shares as many.
func namedChoice(x *retrieval.Index, choices []string, t *Turn) string {
	best, most, tie := "", 0, false
	said := t.Link.own
	for _, id := range choices {
		var title []string
		for _, name := range titles(x, id) {
			title = append(title, language.Words(name)...)
		}
		shared := 0
		for _, w := range said {
			if slices.ContainsFunc(title, func(h string) bool { return samePrefix(h, w) }) {
				shared++
			}
		}
		switch {
		case shared > most:
			best, most, tie = id, shared, false
		case shared == most:
			tie = true
		}
	}
	if tie || most == 0 || most < len(said) {
		return ""
	}
	return best
}

// ranked is the choice that the search for the turn's words puts first, where it is near enough to the words; the
// question itself was asked before, so that less is enough than for a question of its own.
func (t *Turn) ranked() string {
	const share, named = 0.5, 0.4
	first := t.Ranking.Hits[0]
	if slices.Contains(t.Asked.Memory.Choices, first.Procedure) && first.Score >= share && first.Named() >= named {
		return first.Procedure
	}
	return ""
}

// samePrefix takes words for the same that begin with the same five letters.
func samePrefix(a, b string) bool {
	const letters = 5
	ra, rb := []rune(a), []rune(b)
	if len(ra) <= letters || len(rb) <= letters {
		return a == b
	}
	return slices.Equal(ra[:letters], rb[:letters])
}
