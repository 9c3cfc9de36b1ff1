package assistant

import (
	"time"

	"murshid/language"
	"murshid/privacy"
	"murshid/retrieval"
)

// Turn is one question on its way to an answer.
type Turn struct {
	Question Question
	Asked    Asked
	Text     string // cleaned and masked
	Said     string // Text without the marks of personal data: what there is to understand
	Words    []string
	Answer   Answer
	Ranking  retrieval.Ranking
	Sheet    *retrieval.Sheet // the sheet that answers
	Link     link             // how it hangs together with the turns before

	handoff    string
	halves     []half // two questions in one
	placed     bool   // the answer asks whether the person lives abroad, or the turn says it
	heardSigns signs  // of a complaint; nil until they were read
	guarded    Intent // abuse or attack beside what may be a real question
	deletion   deletion
	retention  time.Duration
	start      time.Time
	done       bool
	silent     bool
}

func newTurn(q Question, asked Asked, text string, start time.Time) *Turn {
	t := &Turn{Question: q, Asked: asked, Text: text, Said: privacy.Rest(text), start: start}
	t.Words = language.Words(t.Said)
	t.Answer.Conversation = asked.Conversation
	t.Answer.Language = asked.Memory.Language
	t.Answer.Intent = IntentQuestion
	return t
}

// Finish ends the turn with a status and a text; later steps do not run.
//
// English and other languages get one sentence in English before the French text.
func (t *Turn) Finish(s Status, text string) {
	if l := t.Answer.Language; l == language.English || l == language.Other {
		text = messages[language.English]["lead"] + "\n" + text
	}
	t.Answer.Status, t.Answer.Text, t.done = s, text, true
}

// finish ends the turn with the message of a key.
func (t *Turn) finish(intent Intent, s Status, key string) {
	t.Answer.Intent = intent
	t.Finish(s, t.say(key))
}

func (t *Turn) fail() { t.finish(IntentQuestion, Failed, "error") }

// outcome is what the turn leaves to be stored and sent.
func (t *Turn) outcome() Outcome {
	if t.Asked.First && !t.Question.Test && !t.silent {
		t.Answer.Notice = t.say("notice", "days", t.days())
	}
	if t.deletion == deletionDropped && t.Answer.Status != Privacy {
		t.Answer.Text += "\n" + t.say("privacy_dropped")
		t.deletion = 0
	}
	return Outcome{Answer: t.Answer.emptied(), Memory: t.remember(), Handoff: t.handoff, Erase: t.deletion == deletionConfirmed}
}

// remember keeps the procedure of an answered turn, or those of a clarification in its place; a turn that was refused
// or that only was polite changes nothing but the language.
func (t *Turn) remember() Memory {
	m := t.Asked.Memory
	if t.deletion == deletionConfirmed {
		m = Memory{}
	}
	m.Language = t.Answer.Language
	m.Deletion = 0
	m.Draft = t.Answer.Status == ComplaintDraft
	m.Placed = m.Placed || t.placed || (t.Sheet != nil && t.tellsPlace())
	if t.deletion == deletionAsked {
		m.Deletion = t.Asked.Seq
	}
	switch t.Answer.Status {
	case Answered, Partial:
		m.spokeOf(t.Answer.Procedure)
		m.Aspects, m.Choices = t.Answer.Aspects, nil
	case Clarification:
		m.spokeOf("")
		m.Aspects, m.Choices = t.Answer.Aspects, t.Answer.Choices
	case NotInCorpus:
		m.Choices = nil
	}
	return m
}
