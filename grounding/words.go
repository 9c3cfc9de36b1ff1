package grounding

import (
	"fmt"

	"murshid/language"
)

// allowed is how many nouns that nothing explains a text may have, outside of what it asks a person to bring or do.
const allowed = 1

// required are words that ask for something: beside them nothing unexplained is let through.
var required = wordSet(`faut apportez apporter apporte présentez présenter joignez joindre fournir fournissez munissez muni munir prenez
	ramenez besoin nécessaire nécessaires exigé exige exigée exigés requis requise obligatoire montrez ajoutez remettez déposez prévoyez
	préparez devez doit venez fournis doivent
	أحضر أحضروا أرفق أرفقوا أضف أضيفوا قدموا قدم يجب يلزم المطلوب مطلوب الوثائق لازم خاص خاصك خصك جيب تجيب زيد الوراق تكفي يكفي يشترط
	كافية خاصو تحتاجون يلزمكم
	khassek khass khassk khssek jib tjib zid lwra9 lazem darori kafya kafi katjib njib khasso`)

// checkWords refuses things that the passages do not name, and words that nothing explains where they matter.
func checkWords(text *reading, source *evidence) error {
	if err := checkThings(text, source); err != nil {
		return err
	}
	var unexplained []string
	for from := 0; from < len(text.tokens); {
		to := from
		for to < len(text.tokens) && text.tokens[to].kind != stop {
			to++
		}
		n, err := source.checkSentence(text.tokens[from:to])
		if err != nil {
			return err
		}
		unexplained = append(unexplained, n...)
		from = to + 1
	}
	if len(unexplained) > allowed {
		return fmt.Errorf("%w: %q", ErrWord, unexplained)
	}
	return nil
}

// checkThings refuses things that the passages do not name, and names of documents with other words behind them.
func checkThings(text *reading, source *evidence) error {
	for i, t := range text.tokens {
		if t.kind != word || t.thing == "" || !t.begins || t.taken {
			continue
		}
		end := i + 1
		for end < len(text.tokens) && text.tokens[end].thing == t.thing && !text.tokens[end].begins {
			end++
		}
		class := t.class()
		free := class == "generic" || class == "same"
		if !free && !source.names(t.thing) && !source.hasAll(text.tokens[i:end]) {
			return fmt.Errorf("%w: %q", thingErrors[class], spoken(text.tokens[i:end]))
		}
		if (class == "head" || class == "generic") && !source.together(t, source.complement(text.tokens, end)) {
			return fmt.Errorf("%w: %q", ErrDocument, spoken(text.tokens[i:min(len(text.tokens), end+3)]))
		}
	}
	return nil
}

func (e *evidence) names(thing string) bool { return e.things[thing] }

// hasAll reports whether one entry of the passages has all of some words.
func (e *evidence) hasAll(words []token) bool {
	for _, s := range e.segments {
		if s.spells(words) {
			return true
		}
	}
	return false
}

// together reports whether an entry of the passages has a document with the words behind its name.
func (e *evidence) together(head token, behind []token) bool {
	if len(behind) == 0 {
		return true
	}
	for _, s := range e.segments {
		if s.hasAll(append([]token{head}, behind...)) {
			return true
		}
	}
	return false
}

// checkSentence gives the words of a sentence that nothing explains. It refuses them where they stand beside a word
// that asks for something, or where they are official or everyday names of the lexicon.
func (e *evidence) checkSentence(ts []token) ([]string, error) {
	asks := false
	for _, t := range ts {
		asks = asks || t.kind == word && required[t.text]
	}
	var unexplained []string
	for i, t := range ts {
		if !e.puzzles(ts, i) {
			continue
		}
		if isNamed(ts, i) {
			return nil, fmt.Errorf("%w: %q", ErrWord, t.text)
		}
		if isVerb(ts, i) {
			continue
		}
		if asks {
			return nil, fmt.Errorf("%w: %q", ErrWord, t.text)
		}
		unexplained = append(unexplained, t.text)
	}
	return unexplained, nil
}

// puzzles reports a word that is neither plain nor explained by the passages.
func (e *evidence) puzzles(ts []token, i int) bool {
	t := ts[i]
	short := len(t.text) < 3 || isArabic(t.text) && len(t.text) < 8
	if t.kind != word || t.taken || t.plain || short {
		return false
	}
	if t.thing != "" && (t.class() != "same" || e.things[t.thing]) {
		return false
	}
	if len(language.Content(t.text)) == 0 || e.hasToken(t) {
		return false
	}
	return !e.translates(ts, i)
}

// translates reports whether the lexicon knows a word, alone or with its neighbours, by a name the passages have.
func (e *evidence) translates(ts []token, i int) bool {
	for _, official := range calls(ts, i) {
		held, all := 0, 0
		for _, w := range language.Content(official) {
			all++
			if e.has(w) {
				held++
			}
		}
		if held > 0 && held*2 >= all {
			return true
		}
	}
	return false
}

// isNamed reports whether the lexicon knows the word by itself.
func isNamed(ts []token, i int) bool { return language.Official(ts[i].text) != nil }

// calls are the official terms for the everyday names of which a word is a part, the longest first.
func calls(ts []token, i int) []string {
	const longest = 3
	for n := longest; n > 0; n-- {
		for from := max(0, i-n+1); from <= i && from+n <= len(ts); from++ {
			if official := language.Official(spoken(ts[from : from+n])); official != nil {
				return official
			}
		}
	}
	return nil
}
