package grounding

import (
	"strings"

	"murshid/language"
)

var prices = mustPhrases("prices")

// priceFigure reads that something is free, or that it is not.
func priceFigure(ts []token, i int) (figure, bool) {
	heading, n := prices.at(ts, i)
	if from := nothingFrom(ts, i); n == 0 && from < i {
		return figure{unit: "money", from: from, to: i + 1, strong: true}, true
	}
	if n == 0 || heading == "unless" {
		return figure{}, false
	}
	f := figure{unit: "money", paid: heading == "paid", from: i, to: i + n, strong: true}
	for k := i - 1; k >= max(0, i-3) && ts[k].kind == word; k-- {
		if isDenial(ts, k) {
			f.paid = !f.paid
			f.from = k
			break
		}
	}
	return f, true
}

// nothing are words for "nothing"; behind a verb of paying they mean that it is free.
var nothing = []string{"rien", "walo", "والو", "صفر", "zero", "7aja", "حاجه"}

// nothingFrom is where «ne vous coûtera rien», «ما غادي تخلص والو» begin that end at place i; i where they do not.
func nothingFrom(ts []token, i int) int {
	const reach = 5
	if !contains(nothing, ts[i].text) {
		return i
	}
	from, paying := i, false
	for k := i - 1; k >= max(0, i-reach) && ts[k].kind == word; k-- {
		heading, n := aspectWords.at(ts, k)
		paying = paying || n > 0 && heading == "fee"
		if paying {
			from = k
		}
		if contains([]string{"ne", "ما", "ma"}, ts[k].text) {
			break
		}
	}
	return from
}

// momentFigure reads «tout de suite» and «le jour même»: durations without a number.
func momentFigure(ts []token, i int) (figure, bool) {
	heading, n := moments.at(ts, i)
	return figure{unit: heading, from: i, to: i + n, strong: true}, n > 0
}

var moments = mustStrictPhrases("moments")

// exceptions are what «sauf» opens after what is free, or after what is not: «gratuit, sauf les copies».
func exceptions(ts []token, fs []figure) []figure {
	var out []figure
	for n, f := range fs {
		out = append(out, f)
		if f.unit != "money" || f.value != 0 {
			continue
		}
		end := len(ts)
		if n+1 < len(fs) {
			end = fs[n+1].from
		}
		for k := f.to; k < end && ts[k].kind != stop; k++ {
			if heading, length := prices.at(ts, k); length > 0 && heading == "unless" {
				out = append(out, figure{unit: "money", paid: !f.paid, from: k, to: k + length, strong: true})
				break
			}
		}
	}
	return out
}

// isDenial reports a word that denies.
func isDenial(ts []token, i int) bool {
	t := ts[i]
	if t.kind != word || t.taken {
		return false
	}
	if denials[t.text] {
		return true
	}
	switch {
	case t.text == "غير" || t.text == "وغير": // before an adjective; in Darija "only"
		return i+1 < len(ts) && ts[i+1].class() == "state"
	case t.text == "ولا" && i+1 < len(ts): // in Darija "or"
		return contains(modal, ts[i+1].text)
	case i > 0 && contains([]string{"ما", "وما", "ma"}, ts[i-1].text) && isNegated(t.text):
		return true
	case strings.HasPrefix(t.text, "ما") && strings.HasSuffix(t.text, "ش") && len(t.text) > 8:
		return true
	case strings.HasPrefix(t.text, "ma") && strings.HasSuffix(t.text, "ch") && len(t.text) > 6:
		return true
	}
	return false
}

// isNegated reports the second word of a negation of Darija in two words.
func isNegated(w string) bool {
	return strings.HasSuffix(w, "ش") || strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "x")
}

// modal are the verbs before which «ولا» denies.
var modal = strings.Fields("يجب يمكن يلزم يحق يشترط تشترط يجوز يسمح تؤدي يؤدي تودي يودي تدفع يدفع يحتاج تحتاج يطلب تطلب")

var denials = wordSet(`pas ne n ni non jamais aucun aucune aucuns aucunes nul nulle sans interdit interdite interdits interdites
	interdire interdiction défendu لا عدم ليس ليست ليسوا لن لم بدون دون بلا يمنع تمنع ممنوع ممنوعة ماشي مشي
	machi mashi bla blach mamnou3 mamnou3a والو walo`, notThat)

// notThat is «ألا»; folded it would be «إلا», which means "except" or, in Darija, "if".
const notThat = "ألا"

// wordSet are the folded words of a list.
func wordSet(list string, others ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range language.Words(list) {
		out[w] = true
	}
	for _, w := range others {
		out[w] = true
	}
	return out
}
