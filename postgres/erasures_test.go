package postgres

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/assistant"
)

// erasing is the outcome of a turn that confirmed the deletion.
func erasing() assistant.Outcome {
	o := outcome("")
	o.Erase, o.Memory = true, assistant.Memory{Language: "fr"}
	o.Answer.Text, o.Answer.Intent, o.Answer.Status, o.Answer.Procedure = "deleted", assistant.IntentPrivacy, assistant.Privacy, ""
	o.Answer.Citations = []assistant.Citation{}
	return o
}

func TestErase(t *testing.T) {
	t.Parallel()
	db := open(t)
	other := ask(t, db, "", "o", "another conversation")
	first := ask(t, db, "", "a", "secret one")
	seq := answer(t, db, first, "")
	if err := db.SaveFeedback(t.Context(), first.Conversation, seq, true); err != nil {
		t.Fatal(err)
	}
	answer(t, db, ask(t, db, first.Conversation, "b", "delete"), "")
	yes := ask(t, db, first.Conversation, "c", "secret yes")
	for range 2 { // the same answer again changes nothing
		if seq, err := db.SaveAnswer(t.Context(), yes, erasing()); err != nil || seq != 6 {
			t.Fatalf("answer at %d, %v, want 6", seq, err)
		}
	}
	log, err := db.Messages(t.Context(), first.Conversation, 0)
	if err != nil || len(log) != 2 {
		t.Fatalf("log %v, %v, want the confirmation and its answer", log, err)
	}
	if log[0].Text != "" || log[0].Seq != 5 || log[1].Text != "deleted" {
		t.Errorf("log %+v", log)
	}
	const everywhere = `SELECT (SELECT string_agg(m::text, '') FROM messages m WHERE conversation = $1)
		|| (SELECT string_agg(c::text, '') FROM conversations c WHERE id = $1) || (SELECT count(*) FROM feedback)`
	row := scalar[string](t, db, everywhere, first.Conversation)
	if strings.Contains(row, "secret") || strings.Contains(row, "cnie") || !strings.HasSuffix(row, "0") {
		t.Errorf("left behind: %s", row)
	}
	const fact = "SELECT string_agg(conversation || ' ' || messages || ' ' || cause, ', ') FROM erasures"
	if got, want := scalar[string](t, db, fact), first.Conversation+" 5 wish"; got != want {
		t.Errorf("fact %q, want %q", got, want)
	}
	if log, err := db.Messages(t.Context(), other.Conversation, 0); err != nil || len(log) != 1 || log[0].Text != "another conversation" {
		t.Errorf("another conversation: %v, %v", log, err)
	}
	again := ask(t, db, first.Conversation, "c", "secret yes")
	if again.Answer == nil || again.Answer.Text != "deleted" {
		t.Errorf("the confirmation sent again: %+v", again)
	}
	if diff := cmp.Diff(assistant.Memory{Language: "fr"}, again.Memory); diff != "" {
		t.Errorf("memory: %s", diff)
	}
	if next := ask(t, db, first.Conversation, "d", "new"); next.Seq != 7 || next.Held {
		t.Errorf("the next question %+v", next)
	}
}

// What an agent works on is not deleted, nor is anything half deleted.
func TestEraseHeld(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "one")
	yes := ask(t, db, first.Conversation, "b", "yes")
	answer(t, db, first, "complaint")
	if _, err := db.SaveAnswer(t.Context(), yes, erasing()); !errors.Is(err, assistant.ErrHeld) {
		t.Fatalf("erase = %v, want ErrHeld", err)
	}
	if log, err := db.Messages(t.Context(), first.Conversation, 0); err != nil || len(log) != 3 || log[0].Text != "one" {
		t.Errorf("log %v, %v", log, err)
	}
	if n := scalar[int](t, db, "SELECT count(*)::int FROM erasures"); n != 0 {
		t.Errorf("%d facts, want none", n)
	}
	unknown := assistant.Asked{Conversation: newConversation(), Seq: 1}
	if _, err := db.SaveAnswer(t.Context(), unknown, erasing()); !errors.Is(err, assistant.ErrNoConversation) {
		t.Errorf("unknown conversation: %v", err)
	}
}

func TestErasuresAreAppendOnly(t *testing.T) {
	t.Parallel()
	db := open(t)
	yes := ask(t, db, "", "", "x")
	if _, err := db.SaveAnswer(t.Context(), yes, erasing()); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"DELETE FROM erasures", "UPDATE erasures SET messages = 0", "TRUNCATE erasures"} {
		if _, err := db.conn.Exec(t.Context(), change); err == nil {
			t.Errorf("%s is allowed", change)
		}
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	db := open(t)
	first := ask(t, db, "", "a", "one")
	answer(t, db, first, "")
	if _, err := db.Transcript(t.Context(), "amal", first.Conversation); err != nil {
		t.Fatal(err)
	}
	kept := func() assistant.Kept {
		t.Helper()
		kept, err := db.Kept(t.Context(), first.Conversation)
		if err != nil {
			t.Fatal(err)
		}
		if age := time.Since(kept.Since); age < -time.Minute || age > time.Minute {
			t.Errorf("since %v", kept.Since)
		}
		return kept
	}
	if got := kept(); got.Messages != 2 || got.Reads != 1 {
		t.Errorf("kept %+v, want 2 messages, 1 read", got)
	}
	if _, err := db.SaveAnswer(t.Context(), ask(t, db, first.Conversation, "b", "yes"), erasing()); err != nil {
		t.Fatal(err)
	}
	if got := kept(); got.Messages != 1 { // the answer that tells of the deletion
		t.Errorf("kept after the deletion %+v", got)
	}
	for _, id := range []string{"", newConversation()} {
		if _, err := db.Kept(t.Context(), id); !errors.Is(err, assistant.ErrNoConversation) {
			t.Errorf("Kept(%q) = %v", id, err)
		}
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	db := open(t)
	const retention = 90 * 24 * time.Hour
	aged := func(id, age string) string {
		execute(t, db, "UPDATE conversations SET created_at = now() - $2::interval, updated_at = now() - $2::interval WHERE id = $1", id, age)
		return id
	}
	empty := func(age string) string {
		id, err := db.OpenConversation(t.Context(), assistant.Web)
		if err != nil {
			t.Fatal(err)
		}
		return aged(id, age)
	}
	used := func(handoff, age string) string {
		asked := ask(t, db, "", "", "x")
		answer(t, db, asked, handoff)
		return aged(asked.Conversation, age)
	}
	erased := func(age string) string {
		asked := ask(t, db, "", "", "x")
		if _, err := db.SaveAnswer(t.Context(), asked, erasing()); err != nil {
			t.Fatal(err)
		}
		return aged(asked.Conversation, age)
	}
	gone := map[string]string{"empty": empty("25 hours"), "erased": erased("25 hours"), "old": used("", "91 days")}
	stays := map[string]string{"empty": empty("23 hours"), "erased": erased("23 hours"), "used": used("", "89 days"),
		"used for a day": used("", "25 hours"), "old hand-over": used("complaint", "91 days")}
	purged, err := db.Purge(t.Context(), retention)
	if diff := cmp.Diff(Purged{Unused: 2, Expired: 1}, purged); diff != "" || err != nil {
		t.Errorf("purged %s, %v", diff, err)
	}
	for name, id := range gone {
		if _, err := db.Messages(t.Context(), id, 0); !errors.Is(err, assistant.ErrNoConversation) {
			t.Errorf("%s stays: %v", name, err)
		}
	}
	for name, id := range stays {
		if _, err := db.Messages(t.Context(), id, 0); err != nil {
			t.Errorf("%s is gone: %v", name, err)
		}
	}
	const fact = "SELECT string_agg(conversation || ' ' || messages, ', ') FROM erasures WHERE cause = 'age'"
	if got, want := scalar[string](t, db, fact), gone["old"]+" 2"; got != want {
		t.Errorf("facts %q, want %q", got, want)
	}
	if purged, err = db.Purge(t.Context(), retention); err != nil || purged != (Purged{}) {
		t.Errorf("a second purge: %+v, %v", purged, err)
	}
	if _, err := db.Purge(t.Context(), 0); err == nil {
		t.Error("a purge without retention is allowed")
	}
}

// More than go in one transaction.
func TestPurgeMany(t *testing.T) {
	t.Parallel()
	db := open(t)
	const many = 2*purgeBatch + 7
	execute(t, db, `INSERT INTO conversations (id, channel, updated_at)
		SELECT lpad(n::text, 22, 'a'), 'web', now() - interval '2 days' FROM generate_series(1, $1::int) n`, many)
	if purged, err := db.Purge(t.Context(), time.Hour); err != nil || purged.Unused != many {
		t.Errorf("purged %+v, %v, want %d", purged, err, many)
	}
}

// A whole dialogue against the database, in the four writings: what is kept, the deletion, and that all is gone.
func TestPrivacyDialogue(t *testing.T) {
	t.Parallel()
	db := open(t)
	a := assistant.New(assistant.Options{Store: db, Log: slog.New(slog.DiscardHandler)})
	for _, c := range []struct{ know, ask, yes string }{
		{"que gardez-vous sur moi ?", "supprimez mes données", "oui"},
		{"ماذا تحتفظون عني؟", "احذفوا بياناتي", "نعم"},
		{"شنو عندكم عليا؟", "مسحو المعطيات ديالي", "اه"},
		{"chno 3ndkom 3liya?", "ms7o lmo3tayat dyali", "ah"},
	} {
		conversation := ""
		say := func(text string) assistant.Answer {
			t.Helper()
			answer, err := a.Answer(t.Context(), assistant.Question{Conversation: conversation, Channel: assistant.Web, Text: text, Test: true})
			if err != nil {
				t.Fatal(err)
			}
			conversation = answer.Conversation
			return answer
		}
		say("merci")
		if kept := say(c.know); !strings.Contains(kept.Text, "3") || !strings.Contains(kept.Text, "90") {
			t.Errorf("%q: %q", c.know, kept.Text)
		}
		say(c.ask)
		deleted := say(c.yes)
		log, err := db.Messages(t.Context(), conversation, 0)
		if err != nil || len(log) != 2 || log[0].Text != "" || log[1].Text != deleted.Text {
			t.Errorf("%q: log %v, %v", c.yes, log, err)
		}
		const texts = "SELECT count(*)::int FROM messages WHERE conversation = $1 AND masked <> ''"
		if n := scalar[int](t, db, texts, conversation); n != 0 {
			t.Errorf("%d masked texts are left", n)
		}
	}
}
