package postgres

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/assistant"
)

// A process died between question and answer: the next one finds the question, and answers it once.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "one")
	answer(t, db, first, "")
	ask(t, db, first.Conversation, "b", "two")
	next := openOn(t, db.config, newSeal(t, 1))
	if pending, err := next.Unanswered(t.Context(), time.Hour); err != nil || len(pending) != 0 {
		t.Errorf("older than an hour: %v, %v", pending, err)
	}
	pending, err := next.Unanswered(t.Context(), 0)
	if err != nil || len(pending) != 1 {
		t.Fatalf("pending %v, %v", pending, err)
	}
	want := PendingQuestion{At: pending[0].At,
		Question: assistant.Question{Conversation: first.Conversation, ClientID: "b", Channel: assistant.Web, Text: "two"},
		Asked:    assistant.Asked{Conversation: first.Conversation, Seq: 3, Memory: outcome("").Memory}}
	if diff := cmp.Diff(want, pending[0]); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	asked, err := next.SaveQuestion(t.Context(), pending[0].Question, "masked")
	if err != nil || cmp.Diff(pending[0].Asked, asked) != "" {
		t.Errorf("asked again: %+v, %v", asked, err)
	}
	if seq := answer(t, next, asked, ""); seq != 4 {
		t.Errorf("answer has seq %d, want 4", seq)
	}
	if pending, err := next.Unanswered(t.Context(), 0); err != nil || len(pending) != 0 {
		t.Errorf("after the answer: %v, %v", pending, err)
	}
}

// What agents hold, or held until they resolved it, is not the assistant's to answer.
func TestUnansweredLeavesAgentsAlone(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "one")
	ask(t, db, first.Conversation, "b", "before the handoff, never answered")
	answer(t, db, first, "x")
	ask(t, db, first.Conversation, "c", "after it")
	check := func(when string, want int) {
		t.Helper()
		if pending, err := db.Unanswered(t.Context(), 0); err != nil || len(pending) != want {
			t.Errorf("%s: %v, %v", when, pending, err)
		}
	}
	check("waiting", 0)
	if err := db.Resolve(t.Context(), "amal", first.Conversation); err != nil {
		t.Fatal(err)
	}
	check("resolved", 0)
	ask(t, db, first.Conversation, "d", "later")
	check("asked again", 1)
}

// A question that cannot be read does not keep the others from their answers.
func TestUnansweredWithBrokenSeal(t *testing.T) {
	t.Parallel()
	db := open(t)
	broken := ask(t, db, "", "a", "one")
	execute(t, db, "UPDATE messages SET sealed = sealed || 'x'::bytea WHERE conversation = $1", broken.Conversation)
	whole := ask(t, db, "", "b", "two")
	pending, err := db.Unanswered(t.Context(), 0)
	if err != nil || len(pending) != 1 || pending[0].Question.Conversation != whole.Conversation {
		t.Errorf("pending %v, %v", pending, err)
	}
}

// The plans of the two lists use their indexes, however many messages there are.
func TestListsUseTheirIndexes(t *testing.T) {
	t.Parallel()
	db := open(t)
	for query, index := range map[string]string{sqlUnanswered: "messages_unanswered", sqlWaiting: "conversations_waiting"} {
		var plan string
		c := connect(t, db)
		if _, err := c.Exec(t.Context(), "SET enable_seqscan = off"); err != nil {
			t.Fatal(err)
		}
		args := []any{}
		if query == sqlUnanswered {
			args = append(args, 60.0)
		}
		if err := c.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+query, args...).Scan(&plan); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, index) {
			t.Errorf("plan does not use %s:\n%s", index, plan)
		}
	}
}
