package channelstest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// quiet is how long the suite listens before it believes that nothing comes.
const quiet = 300 * time.Millisecond

func storedFirst(t *testing.T, b *Backend, c Channel) {
	release := b.Hold()
	defer release()
	p := c.Person(t)
	p.Send(t, "m1", "Bonjour")
	awaitStored(t, b, "m1")
	if c.Acknowledges() {
		if d := next(t, p, Ack); d.ClientID != "m1" || d.Seq != 1 {
			t.Errorf("acknowledged %q at %d, want m1 at 1", d.ClientID, d.Seq)
		}
	}
	if d, ok := p.Next(t, quiet); ok {
		t.Errorf("got %+v before there is an answer", d)
	}
	release()
	wantText(t, p, Answer, "re: Bonjour")
}

func answeredOnce(t *testing.T, _ *Backend, c Channel) {
	p := c.Person(t)
	p.Send(t, "m1", "Bonjour")
	first := next(t, p, Answer)
	p.Send(t, "m1", "Bonjour")
	if c.Acknowledges() {
		if d := next(t, p, Ack); d.ClientID != "m1" || d.Seq >= first.Seq {
			t.Errorf("acknowledged %q at %d again, want m1 before %d", d.ClientID, d.Seq, first.Seq)
		}
	}
	nothing(t, p)
}

func inOrder(t *testing.T, _ *Backend, c Channel) {
	p := c.Person(t)
	for i := range 4 {
		p.Send(t, fmt.Sprint("m", i), fmt.Sprint("question ", i))
	}
	for i := range 4 {
		wantText(t, p, Answer, fmt.Sprint("re: question ", i))
	}
	nothing(t, p)
}

func agentReplies(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	b.Reply(p.Conversation(), "Ici un agent.")
	wantText(t, p, Agent, "Ici un agent.")
	nothing(t, p)
}

func silentWhileHeld(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	b.Reply(p.Conversation(), "Ici un agent.")
	wantText(t, p, Agent, "Ici un agent.")
	p.Send(t, "m2", "Merci")
	awaitStored(t, b, "m2")
	nothing(t, p)
	b.Reply(p.Conversation(), "De rien.")
	wantText(t, p, Agent, "De rien.")
}

func resumes(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	p.Cut(t)
	b.Reply(p.Conversation(), "premier")
	b.Reply(p.Conversation(), "deuxième")
	p.Resume(t)
	wantText(t, p, Agent, "premier")
	wantText(t, p, Agent, "deuxième")
	p.Cut(t)
	p.Resume(t)
	nothing(t, p)
	b.Reply(p.Conversation(), "troisième")
	wantText(t, p, Agent, "troisième")
	nothing(t, p)
}

func cutDuringAnswer(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	release := b.Hold()
	defer release()
	p.Send(t, "m2", "lente")
	awaitStored(t, b, "m2")
	p.Cut(t)
	release()
	time.Sleep(quiet)
	p.Resume(t)
	// The device has no acknowledgement, so it sends the message again.
	p.Send(t, "m2", "lente")
	wantText(t, p, Answer, "re: lente")
	nothing(t, p)
}

func logFails(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	b.FailReads(6)
	p.Send(t, "m2", "malgré tout")
	wantText(t, p, Answer, "re: malgré tout")
	nothing(t, p)
}

func errorsInLanguage(t *testing.T, b *Backend, c Channel) {
	p := greeted(t, c)
	b.FailAnswers(ErrDown)
	i := 1
	for question, l := range errorsBy {
		i++
		p.Send(t, fmt.Sprint("m", i), question)
		d := next(t, p, Error)
		if d.Text == "" || arabic(d.Text) != l.RightToLeft() {
			t.Errorf("told %q after %q, want a sentence in %s", d.Text, question, l)
		}
		if strings.Contains(d.Text, ErrDown.Error()) {
			t.Errorf("told %q: the cause is ours alone", d.Text)
		}
	}
	b.FailAnswers(nil)
	p.Send(t, "m9", "Encore")
	wantText(t, p, Answer, "re: Encore")
}

func apart(t *testing.T, b *Backend, c Channel) {
	one, two := greeted(t, c), greeted(t, c)
	if one.Conversation() == two.Conversation() {
		t.Fatalf("both are in conversation %s", one.Conversation())
	}
	b.Reply(one.Conversation(), "pour une personne")
	wantText(t, one, Agent, "pour une personne")
	nothing(t, two)
}

// greeted is a person who has had a first answer.
func greeted(t *testing.T, c Channel) Person {
	t.Helper()
	p := c.Person(t)
	p.Send(t, "m1", "Bonjour")
	wantText(t, p, Answer, "re: Bonjour")
	return p
}

// next is the next delivery of a kind. Acknowledgements that are not waited for are passed over.
func next(t *testing.T, p Person, k Kind) Delivery {
	t.Helper()
	for {
		d, ok := p.Next(t, Patience)
		switch {
		case !ok:
			t.Fatalf("no %s arrived", k)
		case d.Kind == k:
			return d
		case d.Kind != Ack:
			t.Fatalf("got %+v, want a delivery of kind %s", d, k)
		}
	}
}

func wantText(t *testing.T, p Person, k Kind, text string) {
	t.Helper()
	if d := next(t, p, k); d.Text != text {
		t.Fatalf("got %s %q, want %q", k, d.Text, text)
	}
}

// nothing checks that no more arrives but acknowledgements.
func nothing(t *testing.T, p Person) {
	t.Helper()
	for {
		d, ok := p.Next(t, quiet)
		if !ok {
			return
		}
		if d.Kind != Ack {
			t.Fatalf("got %+v, want nothing more", d)
		}
	}
}

func awaitStored(t *testing.T, b *Backend, clientID string) {
	t.Helper()
	late := time.After(Patience)
	for {
		select {
		case id := <-b.Stored():
			if id == clientID {
				return
			}
		case <-late:
			t.Fatalf("question %s was not stored", clientID)
		}
	}
}

func arabic(text string) bool {
	for _, r := range text {
		if r >= 'ء' && r <= 'ي' {
			return true
		}
	}
	return false
}
