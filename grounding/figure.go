package grounding

import "strings"

// bound says which side of a value is meant.
type bound uint8

const (
	exactly bound = iota
	most
	least
)

// figure is a value with its unit, as it stands in a text. What costs nothing is 0 money.
type figure struct {
	value  float64
	unit   string // heading of words/units.txt; "count" where a number has none
	bound  bound
	low    bool   // first of a range
	high   bool   // last of a range
	rate   string // per month, per year …: the unit, "" for none
	side   string // "before" or "after" an event
	paid   bool   // no value: it is said that there is a price
	from   int    // tokens from…to
	to     int
	strong bool // stands with a noun or a unit of its own
}

var (
	units        = mustStrictPhrases("units")
	boundsBefore = mustStrictPhrases("bounds_before")
	boundsAfter  = mustStrictPhrases("bounds_after")
)

func isUnit(ts []token, i int) bool {
	_, n := unitAt(ts, i)
	return n > 0
}

// unitAt is the unit of the number before place i, and its length. Small words may stand between.
func unitAt(ts []token, i int) (unit string, length int) {
	skip := 0
	for i+skip < len(ts) && skip < 2 && contains(between, ts[i+skip].text) && ts[i+skip].kind == word {
		skip++
	}
	if i+skip >= len(ts) {
		return "", 0
	}
	u, n := units.at(ts, i+skip)
	if n == 0 || strings.HasSuffix(u, "*2") {
		return "", 0
	}
	return u, skip + n
}

var between = []string{"d", "de", "dyal", "ديال", "د", "derniers", "premiers", "premieres", "dernieres", "men", "mn"}

// ranging are the words between the two values of a range or of a choice.
var ranging = []string{"a", "et", "ou", "-", "–", "au", "الي", "و", "او", "حتي", "l", "ل",
	"wla", "ولا", "×", "w", "7tta", "7ta", "hta", "htta", "hatta", "jusqu"}

// figures reads the figures of a text and marks their tokens as taken.
func figures(ts []token) []figure {
	var out []figure
	for i := 0; i < len(ts); i++ {
		f, ok := figureAt(ts, i)
		if !ok {
			continue
		}
		f.qualify(ts)
		f.take(ts, f.from, f.to)
		i = f.to - 1
		if !f.repeats(ts, out) {
			out = append(out, f)
		}
	}
	joinRanges(ts, out)
	shareWorkdays(ts, out)
	return out
}

// shareWorkdays makes days of work of the days that one sentence has as both: «20 jours ouvrables, avec 20 jours de
// plus».
func shareWorkdays(ts []token, fs []figure) {
	for i, a := range fs {
		for k := range fs {
			b := &fs[k]
			if a.unit == "workday" && b.unit == "day" && a.value == b.value && !stopBetween(ts, min(a.to, b.to), max(fs[i].from, b.from)) {
				b.unit = "workday"
			}
		}
	}
}

func stopBetween(ts []token, from, to int) bool {
	for k := from; k < to; k++ {
		if ts[k].kind == stop {
			return true
		}
	}
	return false
}

// repeats reports digits in brackets that say the number in words before them once more: «يومان (2)».
func (f figure) repeats(ts []token, before []figure) bool {
	if len(before) == 0 || f.unit != "count" || f.from == 0 || ts[f.from-1].text != "(" {
		return false
	}
	last := before[len(before)-1]
	return last.value == f.value && f.from-last.to <= 2
}

func figureAt(ts []token, i int) (figure, bool) {
	if ts[i].taken {
		return figure{}, false
	}
	switch ts[i].kind {
	case number:
		return numberFigure(ts, i), true
	case word:
		if f, ok := dualFigure(ts, i); ok {
			return f, true
		}
		if f, ok := singleFigure(ts, i); ok {
			return f, true
		}
		if f, ok := everyFigure(ts, i); ok {
			return f, true
		}
		if f, ok := momentFigure(ts, i); ok {
			return f, true
		}
		return priceFigure(ts, i)
	}
	return figure{}, false
}

// numberFigure is a number with its unit; one without takes that of the number it forms a range with.
func numberFigure(ts []token, i int) figure {
	f := figure{value: ts[i].value, from: i, to: i + 1}
	if f.to < len(ts) {
		if heading, n := numerals.at(ts, f.to); n > 0 && (heading == "1000" || heading == "1000000") {
			v, _, _ := numeral(ts, f.to)
			f.value *= v
			f.to += n
		}
	}
	if unit, n := unitAt(ts, f.to); n > 0 {
		f.unit, f.to, f.strong = unit, f.to+n, true
		return f
	}
	if unit := rangeUnit(ts, f.to); unit != "" {
		f.unit, f.strong = unit, true
		return f
	}
	if i > 0 && !ts[i-1].taken && ts[i-1].kind == word {
		if unit := leadingUnit(ts[i-1]); unit != "" {
			f.unit, f.from, f.strong = unit, i-1, true
			return f
		}
	}
	f.unit = "count"
	if f.to < len(ts) && ts[f.to].kind == word && !isPlain(ts[f.to]) {
		f.strong = true
	}
	return f
}

// leadingUnit is the unit that a word before a number gives it: «DH 75», «الأشهر الثلاثة», «سن الستين».
func leadingUnit(t token) string {
	if contains([]string{"سن", "السن", "بسن", "age", "عمر", "عمرو"}, t.text) {
		return "year"
	}
	unit, n := units.at([]token{t}, 0)
	if n == 1 && (unit == "money" || isTime(unit) && hasArticle(t.text)) {
		return unit
	}
	return ""
}

// rangeUnit is the unit of the number after a ranging word at place i, "" where there is none.
func rangeUnit(ts []token, i int) string {
	at := i
	for at < len(ts) && at < i+2 && contains(ranging, ts[at].text) {
		at++
	}
	if at == i || at >= len(ts) || ts[at].kind != number {
		return ""
	}
	return numberFigure(ts, at).unitOrNone()
}

func (f figure) unitOrNone() string {
	if f.unit == "count" {
		return ""
	}
	return f.unit
}

func isTime(unit string) bool {
	switch unit {
	case "day", "workday", "week", "month", "year", "hour", "minute":
		return true
	}
	return false
}
