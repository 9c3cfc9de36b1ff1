package assistant

import (
	"context"
	"slices"
)

// cancel ends the draft of a complaint that the turn before opened, where the person does not want it any more.
func (a *Assistant) cancel(_ context.Context, t *Turn) error {
	if !t.Asked.Memory.Draft {
		return nil
	}
	heard := threadPhrases.find(t.Words)
	if slices.ContainsFunc(heard, func(f found) bool { return f.heading == "cancel" }) {
		t.finish(IntentComplaint, SmallTalk, "complaint_cancelled")
	}
	return nil
}
