package grounding

import (
	"fmt"
	"strings"
)

var aspectWords = mustPhrases("aspects")

// checkFigures refuses figures that no cited passage has with the same unit, bound, rate and aspect.
func checkFigures(text *reading, source *evidence) error {
	for n, f := range text.figures {
		if source.supports(text, n) {
			continue
		}
		words := spoken(text.tokens[max(0, f.from-2):min(len(text.tokens), f.to+1)])
		return fmt.Errorf("%w: %q", f.fault(), words)
	}
	return nil
}

// supports reports whether a figure of the text stands in a cited passage.
func (e *evidence) supports(text *reading, n int) bool {
	f := text.figures[n]
	asked := text.aspect(n)
	for i, r := range e.texts {
		for k, s := range r.figures {
			if f.paid {
				if s.isPrice() {
					return true
				}
				continue
			}
			fits := asked == "" || asked == e.fields[i] || asked == r.aspect(k) || e.mentions(i, asked) || e.twinAspect(i, f) == asked
			if fits && s.says(f) && r.hasRate(k, f.rate) {
				return true
			}
		}
	}
	return false
}

// mentions reports that a field which is of several aspects names this one in its text.
func (e *evidence) mentions(i int, aspect string) bool {
	switch e.fields[i] {
	case "fee", "amount":
		return aspect == "fee" && e.fields[i] == "fee"
	case "delay", "validity", "documents":
		return false
	}
	for k := range e.texts[i].tokens {
		if heading, n := aspectWords.at(e.texts[i].tokens, k); n > 0 && heading == aspect {
			return true
		}
	}
	return false
}

// twinAspect is what the other language's text calls a figure.
func (e *evidence) twinAspect(i int, f figure) string {
	if twin := e.twins[i]; twin != nil {
		for k, s := range twin.figures {
			if s.value == f.value && s.unit == f.unit {
				return twin.aspect(k)
			}
		}
	}
	return ""
}

// hasRate reports whether figure k, or another way to say it in the same sentence, counts per unit of time. «6 mois
// (180 jours) par an».
func (r *reading) hasRate(k int, rate string) bool {
	if rate == "" || r.figures[k].rate == rate {
		return true
	}
	scopes := r.scopes()
	for n, s := range r.figures {
		if s.rate == rate && scopes[n].sentence == scopes[k].sentence && isTime(s.unit) && isTime(r.figures[k].unit) {
			return true
		}
	}
	return false
}

// isPrice reports a figure that costs something.
func (s figure) isPrice() bool {
	return s.paid || s.value > 0 && (s.unit == "money" || s.unit == "percent")
}

// says reports whether a figure of a passage says what a figure of the text says.
func (s figure) says(f figure) bool {
	switch {
	case strings.HasPrefix(f.unit, every):
		return s.unit == f.unit || every+s.rate == f.unit
	case s.paid != f.paid || s.value != f.value:
		return false
	case f.unit != s.unit && (f.unit != "count" || f.strong):
		return false
	case !s.allows(f):
		return false
	}
	return f.side == "" || s.side == f.side || s.side == "" && f.side == "after"
}

// allows reports whether the bound of a figure follows from that of the passage. Who has 30 days has at most 30
// days; what costs 75 dirhams costs neither more nor less.
func (s figure) allows(f figure) bool {
	if f.low {
		return true // the bound is that of the whole range
	}
	switch f.bound {
	case most:
		return s.bound == most || s.high || s.bound == exactly && !s.low && isTime(s.unit)
	case least:
		return s.bound == least || s.low
	}
	return true
}

// aspect is what the words around a figure say that it is of: the word right behind it, or the nearest one before it
// in the sentence, or the nearest one after it; "" where nothing says so.
func (r *reading) aspect(n int) string {
	const near = 3
	f := r.figures[n]
	if f.unit != "money" && !isTime(f.unit) {
		return ""
	}
	from, to := r.clause(n)
	after := r.firstAspect(f.to, min(to, f.to+near), f)
	if after != "" {
		return after
	}
	for k := f.from - 1; k >= from; k-- {
		if a := r.aspectAt(k, f); a != "" {
			return a
		}
	}
	return r.firstAspect(f.to, to, f)
}

func (r *reading) firstAspect(from, to int, f figure) string {
	for k := from; k < to; k++ {
		if a := r.aspectAt(k, f); a != "" {
			return a
		}
	}
	return ""
}

// aspectAt is the aspect that the word at place k names for a figure: money is no time.
func (r *reading) aspectAt(k int, f figure) string {
	heading, n := aspectWords.at(r.tokens, k)
	if n == 0 || r.tokens[k].taken {
		return ""
	}
	ofMoney := heading == "fee" || heading == "amount"
	if ofMoney != (f.unit == "money") {
		return ""
	}
	return heading
}

// clause are the bounds of the part of the sentence in which a figure stands.
func (r *reading) clause(n int) (from, to int) {
	f := r.figures[n]
	from, to = f.from, f.to
	for from > 0 && r.tokens[from-1].kind != stop && !r.pause(from-1) {
		from--
	}
	for to < len(r.tokens) && r.tokens[to].kind != stop && !r.pause(to) {
		to++
	}
	return from, to
}

// pause reports a comma between two parts of a sentence.
func (r *reading) pause(i int) bool {
	t := r.tokens[i]
	return t.kind == comma && (t.text == "," || t.text == "،")
}
