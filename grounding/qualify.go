package grounding

import "strings"

const (
	beforeReach = 5 // longest phrase that narrows a figure, in words
	afterReach  = 6 // how far after a figure its rate or its event may stand
)

// qualify reads what stands around a figure: its bound, its rate, the event before or after which it counts.
func (f *figure) qualify(ts []token) {
	f.readBefore(ts)
	f.readAfter(ts)
}

func (f *figure) readBefore(ts []token) {
	from := f.from
	for from > 0 && contains([]string{"les", "des", "ses", "شي", "chi"}, ts[from-1].text) {
		from--
	}
	for start := max(0, from-beforeReach); start < from; start++ {
		heading, n := boundsBefore.at(ts, start)
		if n == 0 || start+n != from {
			continue
		}
		f.narrow(heading)
		f.take(ts, start, from)
		return
	}
}

func (f *figure) readAfter(ts []token) {
	reach := f.to + 1 // a rate stands at the unit, or behind what narrows the figure
	for i := f.to; i < min(len(ts), f.to+afterReach) && ts[i].kind != stop; i++ {
		if ts[i].kind == number || ts[i].kind == date || ts[i].kind == comma && ts[i].text != ")" {
			return
		}
		if unit, n := rateAt(ts, i); n > 0 && f.rate == "" && f.value > 0 && i <= reach {
			f.rate = unit
			f.take(ts, i, i+n)
			i += n - 1
			continue
		}
		heading, n := boundsAfter.at(ts, i)
		if n == 0 {
			continue
		}
		if heading == "before" || heading == "after" {
			if i+n >= len(ts) || !contains([]string{"de", "d", "que", "ما", "ان", "ma"}, ts[i+n].text) {
				f.side = heading
			}
			continue
		}
		if f.bound == exactly && !leads(ts, i, n) {
			f.narrow(heading)
			f.take(ts, i, i+n)
			reach = i + n
			i += n - 1
		}
	}
}

// leads reports that the phrase at place i belongs to the figure after it: «5 ans, au moins 3 mois».
func leads(ts []token, i, n int) bool {
	_, before := boundsBefore.at(ts, i)
	return i+n < len(ts) && ts[i+n].kind == number && before == n
}

func (f *figure) narrow(heading string) {
	if heading == "most" {
		f.bound = most
	} else {
		f.bound = least
	}
}

func (f *figure) take(ts []token, from, to int) {
	for k := from; k < to; k++ {
		ts[k].taken = true
	}
}

// everyFigure reads how often something comes where no figure stands before it: «chaque mois».
func everyFigure(ts []token, i int) (figure, bool) {
	unit, n := rateAt(ts, i)
	each := n > 0 && (adverbs[ts[i].text] != "" || contains([]string{"chaque", "par", "كل", "kol"}, ts[i].text))
	return figure{unit: every + unit, from: i, to: i + n, strong: true}, each && isTime(unit)
}

const every = "every "

// rateAt reads «par mois», «في السنة», «f chhar», «شهريا» at place i.
func rateAt(ts []token, i int) (unit string, length int) {
	if ts[i].kind != word {
		return "", 0
	}
	if unit := adverbs[ts[i].text]; unit != "" {
		return unit, 1
	}
	skip := 0
	for skip < 3 && i+skip < len(ts) && contains(perWords, ts[i+skip].text) {
		skip++
	}
	at := i + skip
	if at >= len(ts) || ts[at].kind != word {
		return "", 0
	}
	glued := strings.HasPrefix(ts[at].text, "فال") || strings.HasPrefix(ts[at].text, "بال")
	if skip == 0 && !glued {
		return "", 0
	}
	unit, n := units.at(ts, at)
	bare := skip == 1 && contains([]string{"في", "ف", "f"}, ts[i].text)
	bare = bare && !hasArticle(ts[at].text) && !contains([]string{"chhar", "nhar", "simana"}, ts[at].text)
	if n == 0 || strings.Contains(unit, "*") || bare {
		return "", 0
	}
	if at+n < len(ts) && contains([]string{"civile", "مدنيه", "المدنيه"}, ts[at+n].text) {
		n++
	}
	return unit, skip + n
}

var (
	perWords = []string{"par", "chaque", "/", "في", "ف", "f", "كل", "عن", "لكل", "علي", "kol", "3la", "b", "ب", "واحد", "wahed"}
	adverbs  = map[string]string{"شهريا": "month", "سنويا": "year", "يوميا": "day", "اسبوعيا": "week", "mensuel": "month",
		"mensuelle": "month", "mensuels": "month", "annuel": "year", "annuelle": "year", "mensuellement": "month",
		"annuellement": "year", "شهري": "month", "شهريه": "month", "سنوي": "year", "سنويه": "year", "chahriyan": "month", "sanawiyan": "year"}
)

// joinRanges marks the figures between which a ranging word stands.
func joinRanges(ts []token, fs []figure) {
	for i := 0; i+1 < len(fs); i++ {
		a, b := &fs[i], &fs[i+1]
		if a.to >= b.from || b.from-a.to > 3 {
			if a.to != b.from || !strings.HasPrefix(ts[b.from].text, "و") {
				continue
			}
		}
		joined := true
		for k := a.to; k < b.from; k++ {
			joined = joined && contains(toWords, ts[k].text)
		}
		opened := a.from > 0 && contains([]string{"entre", "بين", "bin", "ما"}, ts[a.from-1].text)
		if joined && a.to < b.from || opened {
			a.low, b.high = true, true
		}
	}
}

var toWords = []string{"a", "-", "–", "الي", "حتي", "ل", "l", "7tta", "7ta", "hta", "htta", "jusqu", "au"}
