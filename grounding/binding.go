package grounding

import (
	"fmt"
	"strings"
)

// checkBindings refuses figures that stand with the words or with the condition of another figure of their passage.
func checkBindings(text *reading, source *evidence) error {
	scopes := text.scopes()
	for n, f := range text.figures {
		if !source.bound(text, scopes, n) {
			return fmt.Errorf("%w: %q", f.fault(), spoken(text.tokens[scopes[n].from:scopes[n].to]))
		}
	}
	return nil
}

// fault is the error for a figure that is refused.
func (f figure) fault() error {
	if isTime(f.unit) || strings.Contains(f.unit, " ") { // «at once», «every month»
		return ErrDuration
	}
	return ErrFigure
}

// bound reports whether a passage has the figure with the words and the condition it has in the text.
func (e *evidence) bound(text *reading, scopes []scope, n int) bool {
	f := text.figures[n]
	condition := text.condition(scopes, n)
	fits, held := false, false
	for i, r := range e.texts {
		mine := r.matches(f)
		if len(mine) == 0 {
			continue
		}
		held = true
		words := e.beside(text.own(scopes, n), f)
		if r.agrees(mine, words, e.twins[i], f) && r.meets(mine, condition) {
			fits = true
		}
	}
	return fits || !held
}

// own are the words of a figure that no other figure shares.
func (r *reading) own(scopes []scope, n int) []token {
	from, to := scopes[n].from, scopes[n].to
	if n > 0 {
		from = max(from, scopes[n-1].to)
	}
	if n+1 < len(scopes) {
		to = min(to, scopes[n+1].from)
	}
	return r.tokens[min(from, to):to]
}

// beside are words that may tell figures apart. Those of the procedure's name tell nothing of a price or a time;
// whether something is free may hang on them.
func (e *evidence) beside(ts []token, f figure) []token {
	var out []token
	for _, t := range ts {
		named := f.value > 0 && t.class() != "place" && t.kind == word && !t.isLetter() && e.subject.shared([]token{t}) > 0
		if (t.kind == word || t.kind == reference) && !t.taken && !isPlain(t) && !named {
			out = append(out, t)
		}
	}
	return out
}

// matches are the figures of a passage that say what f says.
func (r *reading) matches(f figure) []int {
	var out []int
	for k, s := range r.figures {
		if s.says(f) || f.paid && s.isPrice() {
			out = append(out, k)
		}
	}
	return out
}

// agrees reports whether words stand with one of the figures mine, as far as they tell the figures of the passage
// apart. Words that only the twin has are looked for there.
func (r *reading) agrees(mine []int, words []token, twin *reading, f figure) bool {
	with, against := r.votes(mine, words)
	if with+against == 0 && twin != nil {
		if theirs := twin.matches(f); len(theirs) > 0 {
			with, against = twin.votes(theirs, words)
		}
	}
	if f.paid && r.hasFree() && with == 0 {
		return false // who says that it costs something must say what
	}
	return against == 0 || with > 0
}

func (r *reading) hasFree() bool {
	for _, s := range r.figures {
		if s.unit == "money" && s.value == 0 && !s.paid {
			return true
		}
	}
	return false
}

// votes counts the words that stand with one of the figures mine, and those that stand only with others.
func (r *reading) votes(mine []int, words []token) (with, without int) {
	scopes := r.scopes()
	for _, t := range words {
		near, all := r.near(scopes, t)
		if len(near) == 0 || len(near) >= all {
			continue
		}
		if intersects(near, mine) {
			with++
		} else {
			without++
		}
	}
	return with, without
}

// near are the figures whose scopes hold a word, and the number of all figures.
func (r *reading) near(scopes []scope, t token) (near []int, all int) {
	for k, s := range scopes {
		for _, have := range r.tokens[s.from:s.to] {
			if !have.taken && (have.kind == word || have.kind == reference) && sameThing(have, t) {
				near = append(near, k)
				if k > 0 && s.from > 0 && r.bracketed(k) {
					near = append(near, k-1)
				}
				break
			}
		}
	}
	return near, len(scopes)
}

// bracketed reports a figure in brackets behind another: «6 mois (180 jours)».
func (r *reading) bracketed(k int) bool {
	from := r.figures[k].from
	for i := r.figures[k-1].to; i < from; i++ {
		if r.tokens[i].text == "(" {
			return true
		}
	}
	return false
}

func intersects(a, b []int) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// condition is the bounded figure nearest to figure n in its sentence: the age, the price or the power up to or from
// which it holds. -1 where there is none.
func (r *reading) condition(scopes []scope, n int) *figure {
	const pause = 10 // how much farther a pause puts a figure
	if r.figures[n].bound != exactly || r.figures[n].low || r.figures[n].high {
		return nil
	}
	var found *figure
	nearest := 1 << 30
	for k := range r.figures {
		c := &r.figures[k]
		if k == n || c.bound == exactly && !c.low && !c.high || scopes[k].sentence != scopes[n].sentence || c.unit == "percent" {
			continue
		}
		from, to := r.figures[min(k, n)].to, r.figures[max(k, n)].from
		distance := to - from
		for i := from; i < to; i++ {
			if r.pause(i) {
				distance += pause
			}
			if otherwise[r.tokens[i].text] {
				distance = nearest
			}
		}
		if k > n && distance >= pause {
			continue // what follows a pause begins something else
		}
		if distance < nearest {
			found, nearest = c, distance
		}
	}
	return found
}

// meets reports whether one of the figures mine stands in one sentence with the condition, where the passage has it
// at all.
func (r *reading) meets(mine []int, condition *figure) bool {
	if condition == nil {
		return true
	}
	scopes := r.scopes()
	there := false
	for k, s := range r.figures {
		if s.value != condition.value || s.unit != condition.unit {
			continue
		}
		there = true
		for _, m := range mine {
			if scopes[m].sentence == scopes[k].sentence && (m != k) && s.says(*condition) {
				return true
			}
		}
	}
	return !there
}
