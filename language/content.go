package language

// Content are the folded words of a text that say what it is about, in order: all but those of words/frame.txt,
// which carry the question and would only dilute the share of it that a sheet covers.
func Content(text string) []string {
	words := Words(text)
	out := words[:0]
	for _, w := range words {
		if known[w]&frameWord == 0 {
			out = append(out, w)
		}
	}
	return out
}
