package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/assistant"
	"murshid/desk"
)

func TestDesk(t *testing.T) {
	t.Parallel()
	db := open(t)
	asked := ask(t, db, "", "a", "hello")
	signal, cancel := db.WatchDesk()
	defer cancel()
	run(t, db)
	heard(t, signal)
	before := time.Now()
	answer(t, db, asked, "asked for an agent")
	heard(t, signal)

	held := ask(t, db, asked.Conversation, "b", "is anybody there?")
	if !held.Held || held.Seq != 3 {
		t.Fatalf("question to an agent: %+v", held)
	}
	heard(t, signal)
	waiting, err := db.Waiting(t.Context())
	if err != nil || len(waiting) != 1 {
		t.Fatalf("waiting %v, %v", waiting, err)
	}
	if s := waiting[0].Since; s.Before(before.Add(-time.Second)) || s.After(time.Now().Add(time.Second)) {
		t.Errorf("since %v", s)
	}
	want := desk.Waiting{Conversation: asked.Conversation, Channel: assistant.Web, Language: "ary", Since: waiting[0].Since,
		Reason: "asked for an agent", Procedure: "cnie", LastText: "masked is anybody there?", Messages: 3}
	if diff := cmp.Diff(want, waiting[0]); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}

	chat, cancelChat := db.Watch(asked.Conversation)
	defer cancelChat()
	if seq, err := db.Reply(t.Context(), "amal", asked.Conversation, "Bonjour"); err != nil || seq != 4 {
		t.Fatalf("reply: %d, %v", seq, err)
	}
	heard(t, chat)
	heard(t, signal)
	log, err := db.Transcript(t.Context(), "amal", asked.Conversation)
	if err != nil || len(log) != 4 {
		t.Fatalf("transcript %v, %v", log, err)
	}
	if diff := cmp.Diff(assistant.Message{Seq: 4, Who: assistant.AgentReply, Text: "Bonjour"}, log[3], ignoreAt); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	if waiting, err = db.Waiting(t.Context()); err != nil || len(waiting) != 1 {
		t.Errorf("after the reply the agent sees %v, %v", waiting, err)
	}
	if q := ask(t, db, asked.Conversation, "c", "thanks"); !q.Held {
		t.Error("the assistant answers in an agent's conversation")
	}
	if n := scalar[int](t, db, "SELECT count(*)::int FROM messages WHERE held"); n != 2 {
		t.Errorf("%d questions left to the agent, want 2", n)
	}
	if err := db.Resolve(t.Context(), "amal", asked.Conversation); err != nil {
		t.Fatal(err)
	}
	if waiting, err = db.Waiting(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("after resolve: %v, %v", waiting, err)
	}
	q := ask(t, db, asked.Conversation, "d", "and the fee?")
	if q.Held {
		t.Error("the assistant is silent after resolve")
	}
	answer(t, db, q, "again")
	if waiting, err = db.Waiting(t.Context()); err != nil || len(waiting) != 1 || waiting[0].Reason != "again" {
		t.Errorf("second handoff: %v, %v", waiting, err)
	}
	const trace = "SELECT string_agg(agent || ' ' || act, ', ' ORDER BY no) FROM accesses WHERE conversation = $1"
	if got := scalar[string](t, db, trace, asked.Conversation); got != "amal replied, amal read, amal resolved" {
		t.Errorf("trace %q", got)
	}
}

func TestLongestWaitFirst(t *testing.T) {
	t.Parallel()
	db := open(t)
	var want []string
	for range 3 {
		asked := ask(t, db, "", "", "x")
		answer(t, db, asked, "x")
		want = append(want, asked.Conversation)
	}
	ask(t, db, want[0], "", "still there") // a new message does not put a person to the end
	waiting, err := db.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range waiting {
		got = append(got, w.Conversation)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestDeskRefuses(t *testing.T) {
	t.Parallel()
	db := open(t)
	asked := ask(t, db, "", "", "x")
	for id, want := range map[string]error{asked.Conversation: desk.ErrNotWaiting,
		newConversation(): assistant.ErrNoConversation, "": assistant.ErrNoConversation} {
		if _, err := db.Reply(t.Context(), "amal", id, "x"); !errors.Is(err, want) {
			t.Errorf("Reply = %v, want %v", err, want)
		}
		if err := db.Resolve(t.Context(), "amal", id); !errors.Is(err, want) {
			t.Errorf("Resolve = %v, want %v", err, want)
		}
	}
	if n := scalar[int](t, db, "SELECT count(*)::int FROM accesses"); n != 0 {
		t.Errorf("%d traces of what was refused", n)
	}
}

func TestTraceIsAppendOnly(t *testing.T) {
	t.Parallel()
	db := open(t)
	if _, err := db.Transcript(t.Context(), "amal", ask(t, db, "", "", "x").Conversation); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"UPDATE accesses SET agent = 'x'", "DELETE FROM accesses", "TRUNCATE accesses"} {
		if _, err := db.conn.Exec(t.Context(), change); err == nil {
			t.Errorf("%s was done", change)
		}
	}
}

func TestAgents(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, name := range []string{"omar", "amal", "omar"} {
		if err := db.AddAgent(t.Context(), name, "hash of "+name); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.AddAgent(t.Context(), "amal", "new"); err != nil {
		t.Fatal(err)
	}
	names, err := db.Agents(t.Context())
	if diff := cmp.Diff([]string{"amal", "omar"}, names); diff != "" || err != nil {
		t.Errorf("agents (-want +got), %v:\n%s", err, diff)
	}
	if hash, err := db.Agent(t.Context(), "amal"); err != nil || hash != "new" {
		t.Errorf("hash %q, %v", hash, err)
	}
	for _, name := range []string{"nobody", "", "a\x00\xff"} {
		if _, err := db.Agent(t.Context(), name); !errors.Is(err, desk.ErrCredentials) {
			t.Errorf("Agent(%q) = %v", name, err)
		}
	}
}
