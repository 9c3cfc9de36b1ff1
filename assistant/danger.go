package assistant

import (
	"slices"

	"murshid/language"
)

var dangerPhrases = mustPhrases("emergency")

// dangers are the kinds of danger, the gravest first.
var dangers = []string{"distress", "rescue", "police"}

// danger is the kind of danger that a person tells of; "" for none.
func (t *Turn) danger() string {
	heard := append(dangerPhrases.find(t.Words), dangerPhrases.find(unjoined(t.Words))...)
	rest := slices.Clone(t.Words) // the knife of a threat is no cost
	paper := false
	for _, f := range heard {
		if f.heading == "paper" {
			paper = true
			continue
		}
		for i := f.from; i < f.to; i++ {
			rest[i] = ""
		}
	}
	asked := paper || len(aspects(rest)) > 0
	for _, kind := range dangers {
		if slices.ContainsFunc(heard, func(f found) bool { return f.heading == kind || (!asked && f.heading == kind+weak) }) {
			return kind
		}
	}
	return ""
}

// warn names the number to call, before anything else. The contract has no intent for it: a person who cries for
// help is nearest to help, and small talk is the one status that neither answers from a sheet nor sends away.
func (t *Turn) warn(kind string) {
	key := "emergency_" + kind
	t.finish(IntentHelp, SmallTalk, key)
	if l := t.Answer.Language; l == language.English || l == language.Other { // the number stands in the English sentence too
		t.Answer.Text = messages[language.English][key] + "\n" + t.say(key)
	}
}
