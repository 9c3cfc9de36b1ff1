package assistant

import (
	"slices"
	"unicode/utf8"

	"murshid/language"
	"murshid/retrieval"
)

// opposites are the variants that no title says, because they are the rule: who does not live abroad lives in Morocco.
var opposites = map[string]string{"home": "abroad", "adult": "minor"}

// maxHops is how far along «related» a sheet still belongs to the family.
const maxHops = 2

// variantsOf are the variants that a procedure's titles say.
func variantsOf(x *retrieval.Index, id string) []string {
	var out []string
	for _, title := range titles(x, id) {
		for _, f := range variantPhrases.find(language.Words(title)) {
			out = append(out, f.heading)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// titles are the names of the procedure's sheets, French and Arabic.
func titles(x *retrieval.Index, id string) []string {
	var out []string
	for _, l := range []language.Language{language.French, language.Arabic} {
		if s, ok := x.Sheet(id, l); ok && !slices.Contains(out, s.Name()) {
			out = append(out, s.Name())
		}
	}
	return out
}

// light are the variants that people also say in passing: of a child, of a first time.
var light = []string{"minor", "adult", "first", "new", "home"}

// weight is how much the variants count together.
func weight(variants []string) int {
	sum := 0
	for _, v := range variants {
		sum += 2
		if slices.Contains(light, v) {
			sum--
		}
	}
	return sum
}

// agreement is how much of the wanted variants the procedure is for, and for how many others it is.
func agreement(x *retrieval.Index, id string, wanted []string) (agree, other int) {
	has := variantsOf(x, id)
	for _, v := range wanted {
		opposite, ruled := opposites[v]
		if slices.Contains(has, v) || (ruled && !slices.Contains(has, opposite)) {
			agree += weight([]string{v})
		}
	}
	for _, v := range has {
		if !slices.Contains(wanted, v) {
			other++
		}
	}
	return agree, other
}

// sibling is the procedure of the roots' family that is for the variants: a root itself, or one that is related to it
// over few hops; "" where there is none. All variants count more than nearness, nearness more than one of them.
func sibling(x *retrieval.Index, roots, variants []string) string {
	levels := family(x, roots)
	for _, least := range []int{weight(variants), 1} {
		for _, level := range levels {
			if id := bestFor(x, level, variants, least); id != "" {
				return id
			}
		}
	}
	return ""
}

// bestFor is the procedure that agrees with most of the variants, at least with so many, and says least besides.
func bestFor(x *retrieval.Index, ids, variants []string, least int) string {
	best, most, fewest := "", 0, 0
	for _, id := range ids {
		agree, other := agreement(x, id, variants)
		if agree < max(least, 1) || (best != "" && (agree < most || (agree == most && other >= fewest))) {
			continue
		}
		best, most, fewest = id, agree, other
	}
	return best
}

// family are the roots and the procedures around them, by hops. Beyond the first hop only what shares a word of its
// title with a root belongs to it.
func family(x *retrieval.Index, roots []string) [][]string {
	seen := map[string]bool{}
	for _, id := range roots {
		seen[id] = true
	}
	levels := [][]string{roots}
	for hop := 1; hop <= maxHops; hop++ {
		var level []string
		for _, id := range levels[hop-1] {
			for _, n := range x.Related(id) {
				if !seen[n] && (hop == 1 || slices.ContainsFunc(roots, func(r string) bool { return akin(x, r, n) })) {
					seen[n] = true
					level = append(level, n)
				}
			}
		}
		levels = append(levels, level)
	}
	return levels
}

// akin reports whether the titles of two procedures share a word of their own.
func akin(x *retrieval.Index, a, b string) bool {
	const letters = 4
	of := func(id string) []string {
		var out []string
		for _, title := range titles(x, id) {
			out = append(out, language.Content(title)...)
		}
		return out
	}
	other := of(b)
	return slices.ContainsFunc(of(a), func(w string) bool {
		return utf8.RuneCountInString(w) > letters && len(variantPhrases.find([]string{w})) == 0 && slices.Contains(other, w)
	})
}
