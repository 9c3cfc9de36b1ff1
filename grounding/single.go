package grounding

import "strings"

func dualFigure(ts []token, i int) (figure, bool) {
	unit, n := units.at(ts, i)
	unit, dual := strings.CutSuffix(unit, "*2")
	if n == 0 || !dual {
		return figure{}, false
	}
	return figure{value: 2, unit: unit, from: i, to: i + n, strong: true}, true
}

// singleFigure is one unit without a number: «un mois», «سنة واحدة», «في شهر».
func singleFigure(ts []token, i int) (figure, bool) {
	if contains([]string{"un", "une", "وحد", "واحد", "wa7ed", "wahed", "wa7d"}, ts[i].text) && i+1 < len(ts) {
		if unit, n := unitAt(ts, i+1); n > 0 && isTime(unit) {
			return figure{value: 1, unit: unit, from: i, to: i + 1 + n, strong: true}, true
		}
	}
	if ts[i].text == "un" || ts[i].text == "une" { // «entre une et quatre semaines»
		if unit := rangeUnit(ts, i+1); isTime(unit) {
			return figure{value: 1, unit: unit, from: i, to: i + 1, strong: true}, true
		}
	}
	unit, n := units.at(ts, i)
	if n == 0 || !isTime(unit) || strings.Contains(unit, "*") || !contains(singulars, lastForm(ts[i])) {
		return figure{}, false
	}
	f := figure{value: 1, unit: unit, from: i, to: i + n, strong: true}
	next := i + n
	if next < len(ts) && contains([]string{"واحد", "واحده", "وحده", "وحد", "wa7ed", "wa7da", "wahed", "wahda", "w7da"}, ts[next].text) {
		f.to++
		return f, true
	}
	if next < len(ts) && (ts[next].kind == number && len(ts[next].text) == 4 || ts[next].kind == date) || hasArticle(ts[i].text) {
		return figure{}, false
	}
	if next+2 < len(ts) && ts[next].text == "(" && ts[next+1].kind == number && ts[next+1].value == 1 { // «أسبوع (1)»
		f.to = next + 3
		return f, true
	}
	if i > 0 && contains([]string{"من", "mn", "men", "بين", "bin", "de"}, ts[i-1].text) && opensRange(ts, next) {
		return f, true
	}
	prefixed := strings.HasPrefix(ts[i].text, "ف") || strings.HasPrefix(ts[i].text, "ب")
	alone := i > 0 && contains(lasting, ts[i-1].text) && (unit != "day" || !contains([]string{"في", "ف", "f", "قبل", "بعد"}, ts[i-1].text))
	return f, prefixed || alone
}

// opensRange reports «إلى», «l» … before a number at place i.
func opensRange(ts []token, i int) bool {
	return i+1 < len(ts) && contains(ranging, ts[i].text) && ts[i+1].kind == number
}

var (
	singulars = []string{"سنه", "عام", "شهر", "اسبوع", "سيمانه", "سمانه", "يوم", "نهار", "ساعه", "عاما",
		"3am", "chhar", "simana", "smana", "yom", "youm", "nhar", "sa3a", "sana"}
	lasting = []string{"لمده", "مده", "خلال", "داخل", "بعد", "قبل", "في", "ف", "f", "b3d", "b3ed", "9bel",
		"فظرف", "ظرف", "اجل", "غير", "ghir", "modda", "lmodda"}
)

// lastForm is a word without all that is written in one with it.
func lastForm(t token) string {
	for _, f := range t.bare {
		if contains(singulars, f) {
			return f
		}
	}
	return t.text
}

func hasArticle(w string) bool {
	for _, p := range []string{"ال", "وال", "بال", "فال", "لل", "كال"} {
		if strings.HasPrefix(w, p) {
			return true
		}
	}
	return len(w) > 3 && (strings.HasPrefix(w, "l") || strings.HasPrefix(w, "ch") && strings.HasPrefix(w, "chch"))
}
