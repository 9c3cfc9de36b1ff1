package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/assistant"
	"murshid/retrieval"
)

// ask stores a question of the web channel.
func ask(t testing.TB, db *DB, conversation, clientID, text string) assistant.Asked {
	t.Helper()
	asked, err := db.SaveQuestion(t.Context(), assistant.Question{Conversation: conversation, ClientID: clientID,
		Channel: assistant.Web, Text: text}, "masked "+text)
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// answer stores an answer, with the reason for a handoff or "".
func answer(t testing.TB, db *DB, asked assistant.Asked, handoff string) int64 {
	t.Helper()
	seq, err := db.SaveAnswer(t.Context(), asked, outcome(handoff))
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func outcome(handoff string) assistant.Outcome {
	return assistant.Outcome{Handoff: handoff,
		Memory: assistant.Memory{Language: "ary", Procedure: "cnie", Aspects: []retrieval.Field{retrieval.Fee}},
		Answer: assistant.Answer{Language: "ary", Intent: assistant.IntentQuestion, Status: assistant.Answered,
			Confidence: 0.94, Procedure: "cnie", Text: "75 درهم", Aspects: []retrieval.Field{retrieval.Fee},
			Parts: []string{}, Citations: []assistant.Citation{{Procedure: "cnie", Lang: "ar", Section: "fee", Quote: "75"}},
			Choices: []string{}, Ms: assistant.Timing{Total: 9.2, Embed: 4.1, Search: 1.7}}}
}

func TestConversation(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "ch7al la carte")
	if !wellFormed(first.Conversation) || first.Seq != 1 || !first.First || first.Held || first.Answer != nil {
		t.Fatalf("first question: %+v", first)
	}
	if seq := answer(t, db, first, ""); seq != 2 {
		t.Errorf("answer has seq %d, want 2", seq)
	}
	second := ask(t, db, first.Conversation, "b", "et pour un mineur ?")
	want := assistant.Asked{Conversation: first.Conversation, Seq: 3, Memory: outcome("").Memory}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("second question (-want +got):\n%s", diff)
	}
	log, err := db.Messages(t.Context(), first.Conversation, 0)
	if err != nil {
		t.Fatal(err)
	}
	a := outcome("").Answer
	wantLog := []assistant.Message{{Seq: 1, Who: assistant.Citizen, ClientID: "a", Text: "ch7al la carte"},
		{Seq: 2, Who: assistant.Assist, Text: a.Text, Answer: &a},
		{Seq: 3, Who: assistant.Citizen, ClientID: "b", Text: "et pour un mineur ?"}}
	if diff := cmp.Diff(wantLog, log, ignoreAt); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if log, err = db.Messages(t.Context(), first.Conversation, 3); err != nil || len(log) != 0 {
		t.Errorf("after the last message: %v, %v", log, err)
	}
}

var ignoreAt = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".At" }, cmp.Ignore())

func TestUnknownConversation(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, id := range []string{newConversation(), "short", "' OR true --", "\x00\xff", strings.Repeat("é", 11), strings.Repeat("a", 22) + "\n"} {
		_, err := db.SaveQuestion(t.Context(), assistant.Question{Conversation: id, Channel: assistant.Web, Text: "x"}, "x")
		if !errors.Is(err, assistant.ErrNoConversation) {
			t.Errorf("SaveQuestion(%q) = %v", id, err)
		}
		if _, err := db.Messages(t.Context(), id, 0); !errors.Is(err, assistant.ErrNoConversation) {
			t.Errorf("Messages(%q) = %v", id, err)
		}
		if _, err := db.Transcript(t.Context(), "amal", id); !errors.Is(err, assistant.ErrNoConversation) {
			t.Errorf("Transcript(%q) = %v", id, err)
		}
	}
	unknown := assistant.Asked{Conversation: newConversation(), Seq: 1}
	if _, err := db.SaveAnswer(t.Context(), unknown, outcome("")); !errors.Is(err, assistant.ErrNoConversation) {
		t.Errorf("SaveAnswer = %v", err)
	}
	known := ask(t, db, "", "", "x")
	known.Seq = 7
	if _, err := db.SaveAnswer(t.Context(), known, outcome("")); !errors.Is(err, assistant.ErrNoConversation) {
		t.Errorf("SaveAnswer to no question = %v", err)
	}
}

// Texts that PostgreSQL refuses are kept all the same: sealed as they are, masked without what it refuses.
func TestStrangeText(t *testing.T) {
	t.Parallel()
	db := open(t)
	text := "a\x00b\xff\u202e"
	asked := ask(t, db, "", "c\x00\xff", text)
	again := ask(t, db, asked.Conversation, "c\x00\xff", text)
	log, err := db.Messages(t.Context(), asked.Conversation, 0)
	if err != nil || len(log) != 1 || log[0].Text != text || again.Seq != 1 {
		t.Errorf("log %v, %v; asked again %+v", log, err, again)
	}
	if masked := scalar[string](t, db, "SELECT masked FROM messages"); masked != "masked ab\uFFFD\u202e" {
		t.Errorf("masked %q", masked)
	}
}

func TestSameMessageAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "one")
	if again := ask(t, db, first.Conversation, "a", "one"); again.Seq != 1 || again.Answer != nil || !again.First {
		t.Errorf("before the answer: %+v", again)
	}
	seq := answer(t, db, first, "")
	again := ask(t, db, first.Conversation, "a", "one")
	if again.Seq != 1 || again.Answer == nil || again.Answer.Text != outcome("").Answer.Text {
		t.Errorf("after the answer: %+v", again)
	}
	if second := answer(t, db, first, ""); second != seq {
		t.Errorf("second answer to one question has seq %d, want that of the first, %d", second, seq)
	}
	if n := scalar[int](t, db, "SELECT count(*)::int FROM messages"); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// Fifty at once in one conversation: places without gaps, answers in between.
func TestPlacesHaveNoGaps(t *testing.T) {
	t.Parallel()
	db := open(t)
	const many = 50
	opened := ask(t, db, "", "", "first")
	var group sync.WaitGroup
	errs := make(chan error, many)
	for i := range many {
		group.Go(func() { errs <- turn(t.Context(), db, opened.Conversation, fmt.Sprint(i)) })
	}
	group.Wait()
	for range many {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	log, err := db.Messages(t.Context(), opened.Conversation, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range log {
		if m.Seq != int64(i+1) {
			t.Fatalf("place %d holds seq %d", i+1, m.Seq)
		}
	}
	if len(log) != 1+2*many {
		t.Errorf("%d messages, want %d", len(log), 1+2*many)
	}
}

func turn(ctx context.Context, db *DB, conversation, clientID string) error {
	asked, err := db.SaveQuestion(ctx, assistant.Question{Conversation: conversation, ClientID: clientID,
		Channel: assistant.Web, Text: clientID}, clientID)
	if err != nil {
		return err
	}
	_, err = db.SaveAnswer(ctx, asked, outcome(""))
	return err
}

// The same messages from ten sides at once: each is stored once and answered once, without gaps.
func TestSameMessagesAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	opened := ask(t, db, "", "", "first")
	var group sync.WaitGroup
	errs := make(chan error, 50)
	for i := range 50 {
		group.Go(func() { errs <- turn(t.Context(), db, opened.Conversation, fmt.Sprint(i%5)) })
	}
	group.Wait()
	for range 50 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	log, err := db.Messages(t.Context(), opened.Conversation, 0)
	if err != nil {
		t.Fatal(err)
	}
	var clients []string
	for i, m := range log {
		if m.Seq != int64(i+1) {
			t.Fatalf("place %d holds seq %d", i+1, m.Seq)
		}
		if m.Who == assistant.Citizen && m.Seq > 1 {
			clients = append(clients, m.ClientID)
		}
	}
	slices.Sort(clients)
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "4"}, clients); diff != "" || len(log) != 11 {
		t.Errorf("%d messages, want 11; clients (-want +got):\n%s", len(log), diff)
	}
}

func TestFiguresOfAnAnswer(t *testing.T) {
	t.Parallel()
	db := open(t)
	answer(t, db, ask(t, db, "", "a", "x"), "")
	const row = `SELECT concat_ws(' ', status, intent, language, procedure, confidence, total_ms, embed_ms, search_ms)
		FROM messages WHERE who = 'assistant'`
	if got, want := scalar[string](t, db, row), "answered question ary cnie 0.94 9.2 4.1 1.7"; got != want {
		t.Errorf("columns %q, want %q", got, want)
	}
	if got := scalar[string](t, db, "SELECT language FROM conversations"); got != "ary" {
		t.Errorf("language of the conversation %q", got)
	}
}

// A test of a command enters no queue and tells nobody.
func TestTestConversation(t *testing.T) {
	t.Parallel()
	db := open(t)
	signal, cancel := db.WatchDesk()
	defer cancel()
	run(t, db)
	heard(t, signal) // Run signals everybody when it begins
	asked, err := db.SaveQuestion(t.Context(), assistant.Question{Channel: assistant.Web, Text: "x", Test: true}, "x")
	if err != nil {
		t.Fatal(err)
	}
	answer(t, db, asked, "asked for an agent")
	if waiting, err := db.Waiting(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("waiting %v, %v", waiting, err)
	}
	if _, err := db.SaveQuestion(t.Context(), assistant.Question{Channel: assistant.Web, Text: "x", Test: true}, "x"); err != nil {
		t.Fatal(err)
	}
	if pending, err := db.Unanswered(t.Context(), 0); err != nil || len(pending) != 0 {
		t.Errorf("unanswered %v, %v", pending, err)
	}
	execute(t, db, "SELECT pg_notify('murshid_sheets', '')")
	silent(t, signal)
}

// A channel opens a conversation before anything is said.
func TestEmptyConversation(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, err := db.OpenConversation(t.Context(), assistant.Web)
	if err != nil {
		t.Fatal(err)
	}
	if log, err := db.Messages(t.Context(), id, 0); err != nil || len(log) != 0 {
		t.Errorf("log %v, %v", log, err)
	}
	if log, err := db.Transcript(t.Context(), "amal", id); err != nil || len(log) != 0 {
		t.Errorf("transcript %v, %v", log, err)
	}
	if asked := ask(t, db, id, "", "x"); asked.Seq != 1 || !asked.First {
		t.Errorf("first question %+v", asked)
	}
}
