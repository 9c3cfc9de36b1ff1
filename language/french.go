package language

import "bytes"

// frenchElisions are the pronouns and articles that messages glue to the next word.
var frenchElisions = byteList(`j c qu d l`)

// frenchElided reports the French of messages that glues a pronoun: "jpeux", "jhabite".
func frenchElided(word []byte) bool {
	if len(word) < 5 {
		return false
	}
	for _, glued := range frenchElisions {
		if rest, ok := bytes.CutPrefix(word, glued); ok && known[string(rest)]&french != 0 && len(rest) >= 4 {
			return true
		}
	}
	return false
}

// frenchEndings end French nouns, adjectives and verbs, folded.
var frenchEndings = byteList(`
	tion tions sion ment ments eur eurs euse aire aires oire ique iques isme iste istes ure ures age ages ance
	ence ite ites ee ees elle elles ette eux oise ienne iere ieres ier iers able ibles ive ives ale ales aux er ez
	ons gue que phe tre sse`)

func frenchEnding(word []byte) bool {
	for _, ending := range frenchEndings {
		if len(word) > len(ending)+2 && bytes.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}
