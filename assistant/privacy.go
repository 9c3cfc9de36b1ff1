package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// DefaultRetention is how long a conversation is kept after its last message where nothing else is set.
const DefaultRetention = 90 * 24 * time.Hour

// ErrHeld means that an agent works on the conversation, so that nothing of it is deleted.
var ErrHeld = errors.New("an agent holds the conversation")

// Kept is what is kept of a conversation.
type Kept struct {
	Messages int       // of all writers, since the last deletion
	Since    time.Time // of the first of them
	Reads    int       // how often an agent read the conversation
}

// deletion is how far a turn has come with the deletion of a conversation.
type deletion int

const (
	deletionAsked     deletion = iota + 1 // the next turn may confirm
	deletionConfirmed                     // all that was said before goes with this turn's answer
	deletionDropped                       // this turn should have confirmed and spoke of something else
)

// wish is what a person asks about their own data.
type wish int

const (
	wishKnow wish = iota + 1
	wishDelete
)

var privacyPhrases = mustPhrases("privacy")

// privacy answers what the person asks about their own data: what is kept, and its deletion (loi 09-08: access,
// rectification, opposition). A deletion has to be confirmed in the next turn; anything but a yes cancels it.
func (a *Assistant) privacy(ctx context.Context, t *Turn) error {
	if t.confirms() {
		t.confirm()
	}
	if t.done {
		return nil
	}
	switch wishOf(t.Words) {
	case wishDelete:
		t.askDeletion()
	case wishKnow:
		return a.tellKept(ctx, t)
	}
	return nil
}

// wishOf is what the words ask about one's own data. How to delete something is a thing to know.
func wishOf(words []string) wish {
	heard := privacyPhrases.find(words)
	is := func(heading string) bool {
		return slices.ContainsFunc(heard, func(f found) bool { return f.heading == heading })
	}
	alone := slices.ContainsFunc(heard, func(f found) bool {
		return f.heading == "delete_alone" && f.from == 0 && f.to == len(words)
	})
	about := slices.ContainsFunc(intentPhrases.find(words), func(f found) bool { return f.heading == string(IntentPrivacy) })
	switch {
	case alone, is("delete") && (is("mine") || about) && !is("keep") && !asksHow(words):
		return wishDelete
	case is("keep"), about, is("delete") && is("mine"):
		return wishKnow
	}
	return 0
}

// askDeletion asks for a confirmation, unless an agent works on the conversation.
func (t *Turn) askDeletion() {
	if t.Asked.Held {
		t.finish(IntentPrivacy, Privacy, "privacy_held")
		return
	}
	t.deletion = deletionAsked
	t.finish(IntentPrivacy, Privacy, "privacy_confirm")
}

// confirms reports whether the turn before asked for a confirmation: its question stands right before its answer,
// that right before this question.
func (t *Turn) confirms() bool {
	asked := t.Asked.Memory.Deletion
	return asked > 0 && t.Asked.Seq == asked+2 && !t.Asked.Held
}

// confirm takes the turn as the answer to "delete everything?".
func (t *Turn) confirm() {
	heard := privacyPhrases.find(t.Words)
	no := slices.ContainsFunc(heard, func(f found) bool { return f.heading == "no" })
	yes := slices.ContainsFunc(heard, func(f found) bool { return f.heading == "yes" && f.from == 0 })
	switch {
	case yes && !no && covered(len(t.Words), heard):
		t.Answer.Language = t.Asked.Memory.Language
		t.deletion = deletionConfirmed
		t.finish(IntentPrivacy, Privacy, "privacy_deleted")
	case no && covered(len(t.Words), heard):
		t.Answer.Language = t.Asked.Memory.Language
		t.finish(IntentPrivacy, Privacy, "privacy_cancelled")
	default:
		t.deletion = deletionDropped
	}
}

// covered reports whether the phrases explain every word.
func covered(words int, heard []found) bool {
	said := make([]bool, words)
	for _, f := range heard {
		for i := f.from; i < f.to; i++ {
			said[i] = true
		}
	}
	return !slices.Contains(said, false)
}

// tellKept says what is kept of this conversation, for how long, who may read it and how to delete it.
func (a *Assistant) tellKept(ctx context.Context, t *Turn) error {
	kept, err := a.store.Kept(ctx, t.Asked.Conversation)
	if err != nil {
		return fmt.Errorf("read what is kept: %w", err)
	}
	t.Answer.Intent = IntentPrivacy
	t.Finish(Privacy, t.say("privacy_kept", "count", strconv.Itoa(kept.Messages), "since", kept.Since.Format("02/01/2006"),
		"days", t.days(), "reads", strconv.Itoa(kept.Reads)))
	return nil
}

// days is the retention in whole days, as texts say it.
func (t *Turn) days() string { return strconv.Itoa(int(t.retention / (24 * time.Hour))) }

// keepHeld takes a deletion back that an agent's work forbids.
func (t *Turn) keepHeld() {
	t.deletion = 0
	t.finish(IntentPrivacy, Privacy, "privacy_held")
}
