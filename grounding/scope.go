package grounding

import "strings"

// scope is a figure with the words that go with it. Two figures in one sentence part the words between them at the
// last pause or conjunction.
type scope struct {
	from, to int // tokens
	sentence int // number of the sentence
}

// parting words stand between two statements of a sentence.
var parting = wordSet("et ou mais puis sinon plus contre مع و او أو اما أما ولا w wla walakin ولكن وإلا والا amma alors tandis")

// scopes are those of the figures of a text, in order.
func (r *reading) scopes() []scope {
	out := make([]scope, len(r.figures))
	sentence, at := 0, 0
	for n, f := range r.figures {
		for ; at < f.from; at++ {
			if r.tokens[at].kind == stop {
				sentence++
			}
		}
		out[n] = scope{r.left(n), r.right(n), sentence}
	}
	return out
}

// left is where the words of a figure begin.
func (r *reading) left(n int) int {
	limit := 0
	if n > 0 {
		limit = r.figures[n-1].to
	}
	from := r.figures[n].from
	for k := from - 1; k >= limit; k-- {
		if r.tokens[k].kind == stop {
			return k + 1
		}
		if n > 0 && r.parts(k) && !stopBetween(r.tokens, limit, from) {
			if r.tokens[k].kind == word && !parting[r.tokens[k].text] {
				return k // «و» in one with the word
			}
			return k + 1
		}
	}
	return limit
}

// right is where the words of a figure end.
func (r *reading) right(n int) int {
	limit := len(r.tokens)
	if n+1 < len(r.figures) {
		limit = r.figures[n+1].from
	}
	end := limit
	for k := r.figures[n].to; k < limit; k++ {
		if r.tokens[k].kind == stop {
			return k
		}
		if n+1 < len(r.figures) && r.parts(k) {
			end = k
		}
	}
	return end
}

// parts reports a pause or a conjunction.
func (r *reading) parts(k int) bool {
	t := r.tokens[k]
	if t.kind == comma {
		return t.text == "," || t.text == "،" || t.text == ":"
	}
	joined := strings.HasPrefix(t.text, "و") && (len(t.text) > 6 || t.text == "وما" || t.text == "ولم")
	return t.kind == word && (parting[t.text] || t.text == notThat || joined)
}

// otherwise are words behind which a condition no longer holds.
var otherwise = wordSet("sinon autrement وإلا ذلك")
