package assistant

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

var (
	intentPhrases = mustPhrases("intents")
	fillerPhrases = mustPhrases("filler")
	// howWords make a question of what would be a complaint: «kifach ndir chikaya» asks for the procedure.
	howWords = []string{"comment", "kifach", "kifash", "kifax", "kifache", "كيفاش", "كيف", "how"}
	s10      = regexp.MustCompile(`(?i)\b[a-z]{2}[ ]?\d{9}[ ]?[a-z]{2}\b`)
	// program is text written for a machine, which no person asks an administration.
	program = regexp.MustCompile(`\{\{.*\}\}|\$\{.*\}|\.\./\.\.|<\s*(script|img|iframe|svg)\b|'\s*(;|or\b.*=)|;\s*--`)
)

// smallTalk are the intents that count only where nothing else is said.
var smallTalk = []Intent{IntentStop, IntentThanks, IntentHelp, IntentGreeting}

// route names the person's intent. Everything that is not told by its words is a question.
func (a *Assistant) route(_ context.Context, t *Turn) error {
	if code := s10.FindString(t.Text); code != "" {
		t.track(code)
		return nil
	}
	h := t.hear()
	if key := t.danger(); key != "" && !t.signs()["act"] {
		t.warn(key)
		return nil
	}
	t.guard(h)
	switch {
	case t.done:
	case t.awaitsReply(h):
		t.hand(IntentComplaintStatus, ComplaintStatus, "complaint_status")
	case h.is(IntentAgent):
		t.hand(IntentAgent, HandedOff, "handed_off")
	case t.complains():
		t.hand(IntentComplaint, ComplaintDraft, "complaint_draft")
	case t.resumes(): // «merci, et le prix ?», «et si on vit en Espagne ?»
	case t.suggests(h):
		t.finish(IntentSuggestion, SuggestionRecorded, "suggestion_recorded")
	case t.awaitsParcel(h):
		t.finish(IntentParcel, Tracked, "tracking_ask")
	case len(h.rest) == 0 || (h.talks() && len(h.rest) < mostRest):
		t.chat(h)
	}
	return nil
}

// hearing is what the phrases of intents make of a text.
type hearing struct {
	found  []found
	detail bool     // a detail of a procedure is asked
	asked  bool     // so it is, or how to go about something
	rest   []string // the words that say something else
}

func (t *Turn) hear() hearing {
	heard := t.find(intentPhrases)
	detail := len(aspects(t.Words)) > 0
	return hearing{heard, detail, detail || asksHow(t.Words), unheard(t.Words, append(t.find(fillerPhrases), heard...))}
}

// find gives the phrases of a book in the text; in Darija by their sound too.
func (t *Turn) find(b *phraseBook) []found {
	if l := t.Answer.Language; l == language.Darija || l == language.Arabizi {
		return b.findSounding(t.Words)
	}
	return b.find(t.Words)
}

// strongly reports whether a phrase says the intent whatever else is said.
func (h hearing) strongly(i Intent) bool {
	return slices.ContainsFunc(h.found, func(f found) bool { return f.heading == string(i) })
}

// mostRest is how few words must be left beside a whole phrase of small talk.
const mostRest = 3

// talks reports whether a phrase of some length is small talk other than a greeting, and no detail is asked.
func (h hearing) talks() bool {
	return !h.detail && slices.ContainsFunc(h.found, func(f found) bool {
		words := f.to - f.from
		switch Intent(f.heading) {
		case IntentFeedback, IntentThanks, IntentStop:
			return words > 1
		case IntentHelp:
			return words > 2 // «aidez-moi» begins many a question
		}
		return false
	})
}

// is reports whether a phrase says the intent: a weak one counts where no detail of a procedure is asked.
func (h hearing) is(i Intent) bool { return h.strongly(i) || (!h.asked && h.strongly(i+weak)) }

// suggests reports whether a person proposes something. A text that begins with the word is a proposal; a weak phrase
// counts where nothing is asked.
func (t *Turn) suggests(h hearing) bool {
	begins := slices.ContainsFunc(h.found, func(f found) bool { return f.from == 0 && f.heading == string(IntentSuggestion)+weak })
	s := t.signs()
	told := !s["ask"] && !strings.ContainsAny(t.Text, "?؟")
	return !asksHow(t.Words) && (begins || h.is(IntentSuggestion) || (told && h.strongly(IntentSuggestion+weak)))
}

// awaitsParcel reports whether a person asks for a parcel without its number. Where it is and when it comes are no
// details of a procedure.
func (t *Turn) awaitsParcel(h hearing) bool {
	other := slices.ContainsFunc(aspects(t.Words), func(f retrieval.Field) bool { return f != retrieval.Place && f != retrieval.Delay })
	return h.strongly(IntentParcel+weak) && !other && !asksHow(t.Words)
}

// guard keeps watch over abuse and attacks. Beside what may be a question they change nothing; where nothing else is
// said, or what nobody may have is wanted, the turn ends.
func (t *Turn) guard(h hearing) {
	for _, i := range []Intent{IntentAttack, IntentAbuse} {
		if h.strongly(i) || (len(h.rest) < 2 && h.is(i)) {
			t.guarded = i
		}
	}
	if h.strongly(IntentAttack+"!") || program.MatchString(t.Text) {
		t.finish(IntentAttack, Refused, "refused_attack")
		return
	}
	if t.guarded != "" && len(h.rest) < 2 && !h.detail && !h.is(IntentAgent) {
		t.finish(t.guarded, Refused, "refused_"+string(t.guarded))
	}
}

// hand brings what the assistant cannot end itself before the agents.
func (t *Turn) hand(i Intent, s Status, key string) {
	t.handoff = string(i)
	t.finish(i, s, key)
}

// chat ends a turn that says nothing but small talk.
func (t *Turn) chat(h hearing) {
	switch {
	case h.strongly("agent_alone") && !h.strongly(IntentHelp):
		t.hand(IntentAgent, HandedOff, "handed_off")
		return
	case h.is(IntentFeedback):
		t.finish(IntentFeedback, SmallTalk, "feedback")
		return
	}
	for _, intent := range smallTalk {
		if h.strongly(intent) || (h.strongly(intent+weak) && t.Asked.Memory.Procedure == "") {
			t.finish(intent, SmallTalk, string(intent))
			return
		}
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
