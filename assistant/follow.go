package assistant

import (
	"context"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// followed is the confidence of a turn that goes on with the conversation's procedure by what its words lack: about
// the share of such turns that were right in the open development dialogues.
const followed = 0.9

// A turn names a procedure of its own where the search is sure of it and the words hold some of its name; a very sure
// search of several words needs none of it. Bare questions of detail («كم الرسوم؟») find something, too, but name nothing.
const (
	leastNamed = 0.15
	verySure   = 0.85
	goodPart   = 0.3
)

// follow looks at what the search found in the light of the conversation: a turn that names nothing by itself goes on
// with what was spoken of.
func (a *Assistant) follow(_ context.Context, t *Turn) error {
	x := a.retriever.Index()
	if t.Sheet != nil || x == nil || len(t.Ranking.Hits) == 0 {
		return nil
	}
	m := t.Asked.Memory
	switch {
	case m.Procedure != "" || len(m.Choices) > 0 || len(m.Earlier) > 0:
		a.continueThread(t, x)
	case len(t.Link.own) == 0 && len(t.Answer.Aspects) > 0 && t.Ranking.Hits[0].Named() < leastNamed && t.guarded == "":
		t.finish(IntentQuestion, NotInCorpus, "not_in_corpus") // «et le délai ?» of nothing: its text asks for the name
	}
	if t.Sheet == nil && !t.done && !t.Ranking.Sure(a.policy.Risk) && t.Ranking.Offer() {
		t.tellApart(x)
	}
	return nil
}

// continueThread goes on with the conversation's procedure, or takes over what the turn leaves out from it.
func (a *Assistant) continueThread(t *Turn, x *retrieval.Index) {
	switch chosen := t.ranked(); {
	case chosen != "":
		t.goOn(x, chosen)
	case a.namesItself(t):
		if t.Link.elliptic() || (len(t.Asked.Memory.Choices) > 0 && !t.Link.over) {
			t.inherit()
		}
		return
	case t.continues(x):
		a.resume(t)
	case t.Link.elliptic():
		t.inherit()
	}
	if t.Sheet != nil {
		t.Answer.Confidence = followed
	}
}

// namesItself reports whether the turn says itself which procedure it is about.
func (a *Assistant) namesItself(t *Turn) bool {
	long := len(t.Link.own) >= 2 && t.Ranking.Confidence >= verySure
	return t.Ranking.Sure(a.policy.Risk) && (long || t.Ranking.Hits[0].Named() >= leastNamed)
}

// continues reports whether the turn, which names no procedure surely, speaks of the conversation's one: it asks for a
// detail, points back or names a variant, and says hardly a word that is foreign to the procedure's sheets.
func (t *Turn) continues(x *retrieval.Index) bool {
	l, id := t.Link, t.Asked.Memory.Procedure
	if id == "" { // procedures were offered
		detail := len(t.Answer.Aspects) > 0 && len(l.own) <= 1 && t.Ranking.Foreign <= 0.5
		other := l.over || l.corrects || t.Ranking.Hits[0].Named() >= goodPart
		return len(t.Asked.Memory.Choices) > 0 && !other && (detail || (len(l.variants) > 0 && len(l.own) <= 2))
	}
	if l.over || l.corrects || t.namesOther(x, id) {
		return false
	}
	strange := strangers(x, id, l.own)
	switch {
	case len(l.variants) > 0:
		return len(strange) <= 3
	case l.back && len(strange) <= 1 && t.Ranking.Foreign <= 0.5:
		return true
	case slices.ContainsFunc(strange, func(w string) bool { return isThing(w, t.Words) }):
		return false
	case t.Ranking.Foreign > 0.5 && !l.leads && !l.back:
		return len(strange) == 0 && len(t.Answer.Aspects) > 0
	case len(t.Answer.Aspects) > 0:
		return len(strange) <= 2
	}
	return len(strange) == 0 || (l.back && len(strange) == 1)
}

// namesOther reports whether the words say a good part of another procedure's name, with a thing of the lexicon that
// the name of the conversation's procedure does not hold.
func (t *Turn) namesOther(x *retrieval.Index, id string) bool {
	first := t.Ranking.Hits[0]
	if first.Procedure == id || first.Named() < goodPart {
		return false
	}
	called := func(id string) []uint64 { return language.Concepts(strings.Join(titles(x, id), " ")) }
	own, other := called(id), called(first.Procedure)
	return slices.ContainsFunc(language.Concepts(strings.Join(t.Link.own, " ")), func(c uint64) bool {
		return slices.Contains(other, c) && !slices.Contains(own, c)
	})
}

// strangers are the words that neither stand in the procedure's sheets nor call something that does.
func strangers(x *retrieval.Index, id string, words []string) []string {
	text := wholeText(x, id)
	held, known := language.Words(text), language.Concepts(text)
	var out []string
	for _, w := range words {
		bare := withoutAnd(w)
		stands := slices.ContainsFunc(held, func(h string) bool { return samePrefix(h, w) || samePrefix(h, bare) })
		calls := slices.ContainsFunc(language.Concepts(w), func(c uint64) bool { return slices.Contains(known, c) })
		if !stands && !calls {
			out = append(out, w)
		}
	}
	return out
}

// wholeText is all that a procedure's sheets say, in all languages.
func wholeText(x *retrieval.Index, id string) string {
	var b strings.Builder
	for _, l := range []language.Language{language.French, language.Arabic} {
		s, ok := x.Sheet(id, l)
		if !ok {
			continue
		}
		texts := append([]string{s.Name(), s.Administration, s.Audience}, s.AlsoCalled...)
		for _, f := range retrieval.Fields {
			texts = append(texts, s.Values(f)...)
		}
		for _, p := range s.AskedAs {
			texts = append(texts, p.Text)
		}
		for _, section := range s.Sections {
			texts = append(texts, section.Heading, section.Text)
		}
		b.WriteString(strings.Join(texts, "\n") + "\n")
	}
	return b.String()
}

// isThing reports whether a word is said as the name of a thing: with an article, or as what something belongs to.
func isThing(word string, words []string) bool {
	for _, article := range []string{"ال", "لل", "بال", "فال", "وال"} {
		if strings.HasPrefix(word, article) {
			return true
		}
	}
	i := slices.Index(words, word)
	return i > 0 && slices.Contains([]string{"un", "une", "du", "des", "de", "d", "dyal", "ديال", "د"}, words[i-1])
}

// tellApart settles on one of several likely procedures: the one that was spoken of before, or the only one for the
// variant that the turn says or, where it goes on, that the conversation's procedure is for. Who lost a passport and
// speaks of the carte grise now, lost that. Of two that are the same thing in Morocco and abroad, it is the first
// where nothing tells.
func (t *Turn) tellApart(x *retrieval.Index) {
	offers, m := t.offers(), t.Asked.Memory
	variants := t.Link.variants
	if len(variants) == 0 {
		if i := slices.IndexFunc(offers, m.knows); i >= 0 {
			t.settleOn(x, offers[i])
			return
		}
		if t.Link.elliptic() && m.Procedure != "" {
			variants = variantsOf(x, m.Procedure)
		}
	}
	fitting := slices.DeleteFunc(offers, func(id string) bool {
		agree, _ := agreement(x, id, variants)
		return agree < weight(variants)
	})
	if len(fitting) == 2 && !slices.ContainsFunc(variants, isPlace) {
		fitting = atHome(x, fitting)
	}
	if len(fitting) != 1 || !t.goesWith(x, fitting[0]) {
		return
	}
	others := slices.DeleteFunc(t.offers(), func(id string) bool { return id == fitting[0] })
	inPassing := weight(variants) == len(variants) // only light ones
	if !inPassing || slices.ContainsFunc(others, func(id string) bool { return sameThing(x, id, fitting[0]) }) {
		t.settleOn(x, fitting[0])
	}
}

// goesWith reports whether a procedure is the one the search puts first or, in a conversation, the same thing for
// others. The words must name the thing: a variant alone («je suis perdue») says little.
func (t *Turn) goesWith(x *retrieval.Index, id string) bool {
	first := t.Ranking.Hits[0]
	if first.Named() < goodPart {
		return false
	}
	threaded := t.Asked.Memory.Procedure != "" || len(t.Asked.Memory.Earlier) > 0
	return id == first.Procedure || (threaded && (t.Link.elliptic() || len(t.Link.own) <= 3) && akin(x, id, first.Procedure))
}

// atHome leaves, of two procedures that are the same thing in Morocco and abroad, the first.
func atHome(x *retrieval.Index, ids []string) []string {
	if !sameThing(x, ids[0], ids[1]) || !sameThing(x, ids[1], ids[0]) {
		return ids
	}
	for i, id := range ids {
		own := slices.DeleteFunc(variantsOf(x, id), func(v string) bool { return v == "adult" })
		if len(own) == 0 && slices.Contains(variantsOf(x, ids[1-i]), "abroad") {
			return []string{id}
		}
	}
	return ids
}

// settleOn settles on a procedure that the search alone was not sure of.
func (t *Turn) settleOn(x *retrieval.Index, id string) {
	t.settle(x, id)
	t.Answer.Confidence = min(followed, t.Ranking.Known)
}
