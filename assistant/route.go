package assistant

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"murshid/language"
)

var (
	intentPhrases = mustPhrases("intents")
	// howWords make a question of what would be a complaint: «kifach ndir chikaya» asks for the procedure.
	howWords = []string{"comment", "kifach", "kifash", "kifax", "kifache", "كيفاش", "كيف", "how"}
	s10      = regexp.MustCompile(`(?i)\b[a-z]{2}[ ]?\d{9}[ ]?[a-z]{2}\b`)
)

// direct are the intents that a phrase alone decides, the more telling first, with the status and the message
// that end the turn.
var direct = []struct {
	intent Intent
	status Status
	key    string
}{
	{IntentAgent, HandedOff, "handed_off"},
	{IntentComplaintStatus, ComplaintStatus, "complaint_status"},
	{IntentComplaint, ComplaintDraft, "complaint_draft"},
	{IntentSuggestion, SuggestionRecorded, "suggestion_recorded"},
}

// smallTalk are the intents that count only where nothing else is said.
var smallTalk = []Intent{IntentStop, IntentThanks, IntentHelp, IntentGreeting}

// route names the person's intent. Everything that is not told by its words is a question.
func (a *Assistant) route(_ context.Context, t *Turn) error {
	if code := s10.FindString(t.Text); code != "" {
		t.track(code)
		return nil
	}
	heard := intentPhrases.find(t.Words)
	asked := len(aspects(t.Words)) > 0
	is := func(i Intent) bool {
		return slices.ContainsFunc(heard, func(f found) bool {
			return f.heading == string(i) || (f.heading == string(i)+weak && !asked)
		})
	}
	rest := unheard(t.Words, heard)
	for _, guarded := range []Intent{IntentAttack, IntentAbuse} {
		if is(guarded) {
			t.guarded = guarded
		}
	}
	if t.guarded != "" && len(rest) < 2 {
		t.finish(t.guarded, Refused, "refused_"+string(t.guarded))
		return nil
	}
	for _, d := range direct {
		if is(d.intent) && (d.intent != IntentComplaint || !asksHow(t.Words)) {
			t.takeOver(d.intent)
			t.finish(d.intent, d.status, d.key)
			return nil
		}
	}
	if len(rest) == 0 || (is(IntentFeedback) && len(rest) < 2) {
		t.chat(is)
	}
	return nil
}

// chat ends a turn that says nothing but small talk.
func (t *Turn) chat(is func(Intent) bool) {
	switch {
	case is("agent_alone"):
		t.takeOver(IntentAgent)
		t.finish(IntentAgent, HandedOff, "handed_off")
		return
	case is(IntentFeedback):
		t.finish(IntentFeedback, SmallTalk, "feedback")
		return
	}
	for _, intent := range smallTalk {
		if is(intent) {
			t.finish(intent, SmallTalk, string(intent))
			return
		}
	}
}

// takeOver brings what the assistant cannot end itself before the agents.
func (t *Turn) takeOver(i Intent) {
	if i == IntentAgent || i == IntentComplaint || i == IntentComplaintStatus {
		t.handoff = string(i)
	}
}

// unheard are the words that no phrase of small talk explains and that do not merely frame a question.
func unheard(words []string, heard []found) []string {
	said := make([]bool, len(words))
	for _, f := range heard {
		for i := f.from; i < f.to; i++ {
			said[i] = true
		}
	}
	var rest []string
	for i, w := range words {
		if !said[i] && len(language.Content(w)) > 0 {
			rest = append(rest, w)
		}
	}
	return rest
}

// asksHow reports whether the question is how to go about something.
func asksHow(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(howWords, w) })
}

// track answers a postal number. Its check digit is that of UPU standard S10: weights 8 6 4 2 3 5 9 7,
// 11 − (sum mod 11), where 10 is written 0 and 11 is written 5.
func (t *Turn) track(code string) {
	code = strings.ToUpper(strings.ReplaceAll(code, " ", ""))
	sum := 0
	for i, weight := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += weight * int(code[2+i]-'0')
	}
	digit := 11 - sum%11
	switch digit {
	case 10:
		digit = 0
	case 11:
		digit = 5
	}
	valid := int(code[10]-'0') == digit
	t.Answer.Tracking = &Tracking{Code: code, Valid: valid}
	key := "tracking"
	if !valid {
		key = "tracking_invalid"
	}
	t.Answer.Intent = IntentParcel
	t.Finish(Tracked, t.say(key, "code", code))
}
