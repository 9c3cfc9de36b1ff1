package assistant

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var complaintPhrases = mustPhrases("complaint")

// complaintNumber is the number of a complaint (facts §2).
var complaintNumber = regexp.MustCompile(`(?i)\bMA-?\d{4}-?\d{4,7}\b`)

// What each sign of a complaint counts. An open will to complain is enough; so is a grievance that is called a
// complaint. Who asks how, where or with what wants to know.
const enough = 3

var countOf = map[string]int{"act": 3, "grievance": 2, "noun": 1, "office": 1, "anger": 1, "ask": -3}

// signs are the headings of complaint.txt that stand in a text.
type signs map[string]bool

// manyGrievances is the sign of two grievances or more.
const manyGrievances = "grievances"

// signs are read once a turn: several steps of the routing look at them.
func (t *Turn) signs() signs {
	if t.heardSigns == nil {
		t.heardSigns = t.readSigns()
	}
	return t.heardSigns
}

func (t *Turn) readSigns() signs {
	s := signs{}
	heard := append(t.find(complaintPhrases), complaintPhrases.find(unjoined(t.Words))...)
	slices.SortFunc(heard, func(a, b found) int { return a.from - b.from })
	end := 0
	for _, f := range heard {
		s[f.heading] = true
		if f.heading == "grievance" && f.from >= end {
			s[manyGrievances], end = end > 0, f.to
		}
	}
	return s
}

// unjoined are the words without the Arabic "and" before them, where one may stand.
func unjoined(words []string) []string {
	const shortest = 4 // letters that must be left
	out := slices.Clone(words)
	for i, w := range out {
		if rest, ok := strings.CutPrefix(w, "و"); ok && utf8.RuneCountInString(rest) >= shortest {
			out[i] = rest
		}
	}
	return out
}

// complains reports whether a person complains. Where nobody speaks of a complaint, bad service of an office must be
// told, and nothing asked: a refusal or a delay alone is more often the story before a question.
func (t *Turn) complains() bool {
	s := t.signs()
	if s["noun"] && len(t.Words) == 1 {
		return true
	}
	detail, question := len(aspects(t.Words)) > 0, strings.ContainsAny(t.Text, "?؟")
	asks := s["ask"] || detail || question
	act := s["act"] || (s["act?"] && !asks)
	if !act && !s["noun"] {
		bad := (s["poor"] && s["office"]) || (s[manyGrievances] && s["anger"])
		return bad && !asks
	}
	score := 0
	for heading, counts := range countOf {
		if s[heading] || (heading == "act" && act) {
			score += counts
		}
	}
	if detail && question && !s["ask"] {
		score += countOf["ask"]
	}
	return score >= enough
}

// awaitsReply reports whether a person asks what has become of a complaint, other than how long that takes by law.
func (t *Turn) awaitsReply(h hearing) bool {
	s := t.signs()
	if complaintNumber.MatchString(t.Text) && (s["noun"] || len(h.rest) < mostRest) {
		return true
	}
	return !s["general"] && ((s["own"] && s["state"] && !s["record"]) || h.is(IntentComplaintStatus))
}
