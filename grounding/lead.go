package grounding

// Leads reports whether the beginning of a text, so many characters long, gives what a passage says: one of its
// figures, or one of its words where it has none. Answers must give what was asked for first.
func Leads(text string, p Passage, characters int) bool {
	runes := []rune(text)
	head, source := read(string(runes[:min(characters, len(runes))])), read(p.Text)
	for _, s := range source.figures {
		for _, f := range head.figures {
			if s.says(f) {
				return true
			}
		}
	}
	if len(source.figures) > 0 {
		return false
	}
	e := newEvidence([]Passage{p}, nil)
	for _, link := range head.links {
		if e.holdsLink(link) {
			return true
		}
	}
	for _, t := range head.tokens {
		if t.kind == word && !isPlain(t) && len(t.text) > 2 && e.hasToken(t) {
			return true
		}
	}
	return false
}
