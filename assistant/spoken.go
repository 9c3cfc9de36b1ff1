package assistant

import (
	"slices"
	"strings"

	"murshid/language"
)

// found is one phrase in a text: the words from…to.
type found struct {
	heading  string
	from, to int
}

// find gives the phrases that stand in the words, in the order of the text.
func (b *phraseBook) find(words []string) []found {
	t := spoken{words: words}
	if b.sounds {
		t.skeletons = skeletonsOf(words)
	}
	return b.findIn(t)
}

// findSounding finds what find does, and phrases by their consonants alone: Darija has no fixed spelling, and what
// people write in one script they write in the other.
func (b *phraseBook) findSounding(words []string) []found {
	return b.findIn(spoken{words: words, skeletons: skeletonsOf(words), bySound: true})
}

func skeletonsOf(words []string) [][]string {
	out := make([][]string, 0, len(words))
	for _, w := range words {
		out = append(out, language.Skeletons(w))
	}
	return out
}

func (b *phraseBook) findIn(t spoken) []found {
	var out []found
	try := func(phrases []phrase, i int) {
		for _, p := range phrases {
			if end := p.match(t, i); end > 0 {
				out = append(out, found{p.heading, i, end})
			}
		}
	}
	for i, w := range t.words {
		try(b.exact[w], i)
		for n := 1; n <= min(2, len(w)); n++ {
			try(b.prefix[w[:n]], i)
		}
		if t.skeletons == nil {
			continue
		}
		for _, skeleton := range t.skeletons[i] {
			try(b.skeletons[skeleton], i)
			if t.bySound {
				try(b.sounding[skeleton], i)
			}
		}
	}
	return out
}

// spoken are the words of a text with the consonants of each, where a book asks for them.
type spoken struct {
	words     []string
	skeletons [][]string
	bySound   bool // plain words are known by their consonants too
}

// match gives the end of the phrase in the text when it begins at place i, 0 when it does not. Small words may stand
// between those of the phrase.
func (p phrase) match(t spoken, i int) int {
	if p.first && i > 0 {
		return 0
	}
	gap, begin := 0, i
	for _, want := range p.words {
		if want.kind == gapWords {
			gap = maxGap
			continue
		}
		for !want.matches(t, i) {
			small := i > begin && i < len(t.words) && smallWords[t.words[i]]
			if gap == 0 && !small {
				return 0
			}
			if !small {
				gap--
			}
			i++
		}
		gap = 0
		i++
	}
	if p.last && i < len(t.words) {
		return 0
	}
	return i
}

func (w phraseWord) matches(t spoken, i int) bool {
	if i >= len(t.words) {
		return false
	}
	switch w.kind {
	case openWord:
		return strings.HasPrefix(t.words[i], w.text)
	case soundWord:
		return w.soundsLike(t.skeletons[i])
	case classWord:
		return slices.ContainsFunc(w.class, func(word phraseWord) bool {
			return word.text == t.words[i] || (word.kind != plainWord && word.matches(t, i)) ||
				(t.bySound && len(word.skeletons) > 0 && len(word.skeletons[0]) >= leastClassConsonants && word.soundsLike(t.skeletons[i]))
		})
	}
	return t.words[i] == w.text || (t.bySound && w.soundsLike(t.skeletons[i]))
}

func (w phraseWord) soundsLike(skeletons []string) bool {
	return slices.ContainsFunc(w.skeletons, func(s string) bool { return slices.Contains(skeletons, s) })
}

// smallWords may stand anywhere inside a phrase and change nothing of what it says.
var smallWords = wordSet("svp stp donc bien vraiment juste aussi encore deja bon ben alors un une le la les l de du des d " +
	"mon ma mes votre vos ton ta tes cet cette ce tout toute chi wa7d wahd wa7ed wahed had hadi f b daba 3afak 3afakom 3fak ghir hna " +
	"شي واحد واحده هاد هادي دابا عافاك عافاكم عفاك غير هنا حتي ديال من فضلكم فضلك هذا هذه ايضا فقط رجاء")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
