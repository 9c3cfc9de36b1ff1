package assistant

import (
	"slices"

	"murshid/language"
	"murshid/retrieval"
)

// maxQuote bounds in characters what is quoted of a section.
const maxQuote = 700

// beyond reports whether the question asks for a detail that the sheet does not hold, as far as the words tell that
// nothing of the sheet explains.
func (t *Turn) beyond() bool {
	hits := t.Ranking.Hits
	return len(hits) > 0 && hits[0].Procedure == t.Sheet.ID && t.Ranking.Missing > 0.5 // more likely than not
}

// quoted is the passage of the sheet's sections nearest to the question, under its heading, where the sheet has no
// field to show.
func (t *Turn) quoted() []string {
	if len(t.Answer.Citations) > 0 || len(t.Sheet.Sections) == 0 {
		return nil
	}
	heading, text := t.nearestPassage()
	quote := excerpt(text, t.Words)
	t.cite(heading, quote)
	if heading == "" || heading == t.Sheet.Title {
		return []string{quote}
	}
	return []string{heading, quote}
}

// nearestPassage is the piece of a section whose vector is nearest; where none was looked for, because the turn goes
// on with a known sheet, the section that holds most of the question's words.
func (t *Turn) nearestPassage() (heading, text string) {
	for _, h := range t.Ranking.Hits {
		if n := h.Nearest; n.Sheet != nil && h.Procedure == t.Sheet.ID {
			if p, ok := n.Passage(); ok {
				t.Sheet = n.Sheet
				return p.Section, p.Quote
			}
		}
	}
	best, most := t.Sheet.Sections[0], -1
	for _, s := range t.Sheet.Sections {
		if held := sharedWords(s.Heading+" "+s.Text, t.Words); held > most {
			best, most = s, held
		}
	}
	return best.Heading, best.Text
}

// excerpt are whole sentences of a text, at most maxQuote characters of them: those around the one that shares most
// words with the question.
func excerpt(text string, words []string) string {
	sentences := retrieval.Sentences(text, maxQuote)
	if len(sentences) == 0 {
		return ""
	}
	best, most := 0, 0
	for i, s := range sentences {
		if held := sharedWords(s, words); held > most {
			best, most = i, held
		}
	}
	from, to := best, best+1
	length := len([]rune(sentences[best]))
	for grown := true; grown; {
		grown = false
		if to < len(sentences) && length+1+len([]rune(sentences[to])) <= maxQuote {
			length += 1 + len([]rune(sentences[to]))
			to, grown = to+1, true
		}
		if from > 0 && length+1+len([]rune(sentences[from-1])) <= maxQuote {
			length += 1 + len([]rune(sentences[from-1]))
			from, grown = from-1, true
		}
	}
	return retrieval.Stretch(text, sentences[from:to])
}

// sharedWords counts the words that say what a question is about and stand in a text, in either script.
func sharedWords(text string, words []string) int {
	held := map[string]bool{}
	for _, w := range language.SkeletonWords(text) {
		for _, s := range language.Skeletons(w) {
			held[s] = true
		}
	}
	count := 0
	for _, w := range words {
		if len(language.Content(w)) > 0 && slices.ContainsFunc(language.Skeletons(w), func(s string) bool { return len(s) > 2 && held[s] }) {
			count++
		}
	}
	return count
}
