package assistant

import "context"

// hold keeps the assistant silent while an agent holds the conversation; the agent sees the message. Questions about
// one's own data are answered all the same.
func (a *Assistant) hold(_ context.Context, t *Turn) error {
	if t.Asked.Held && wishOf(t.Words) == 0 {
		t.silent = true
		t.Answer.Language = a.decider.Decide(t.Said, t.Asked.Memory.Language)
		t.finish(IntentAgent, HandedOff, "held")
	}
	return nil
}

// nameLanguage decides in which language and script the person writes. A text without letters goes on in the
// conversation's language.
func (a *Assistant) nameLanguage(_ context.Context, t *Turn) error {
	t.Answer.Language = a.decider.Decide(t.Said, t.Asked.Memory.Language)
	return nil
}
