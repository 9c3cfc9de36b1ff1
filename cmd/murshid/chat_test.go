package main_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"murshid/assistant"
)

// frame is any frame of the websocket.
type frame struct {
	Type         string            `json:"type"`
	Conversation string            `json:"conversation,omitempty"`
	Seen         int64             `json:"seen,omitempty"`
	ClientID     string            `json:"client_id,omitempty"`
	Text         string            `json:"text,omitempty"`
	Seq          int64             `json:"seq,omitempty"`
	Useful       *bool             `json:"useful,omitempty"`
	Result       *assistant.Answer `json:"result,omitempty"`
	Code         string            `json:"code,omitempty"`
	Message      string            `json:"message,omitempty"`
}

// chat is one connection of a person.
type chat struct {
	*websocket.Conn
	welcome frame
	frames  chan frame // all but typing; closed with the connection
}

// dial connects and says hello.
func dial(t *testing.T, s *service, conversation string, seen int64) *chat {
	t.Helper()
	connection, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.addr+"/ws?v=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	c := &chat{Conn: connection, frames: make(chan frame, 1000)}
	go c.listen()
	c.send(t, frame{Type: "hello", Conversation: conversation, Seen: seen})
	return c
}

// enter is dial for conversations that the service has to know.
func enter(t *testing.T, s *service, conversation string, seen int64) *chat {
	t.Helper()
	c := dial(t, s, conversation, seen)
	c.welcome = c.next(t, "welcome")
	return c
}

// listen reads until the connection ends.
func (c *chat) listen() {
	defer close(c.frames)
	for {
		var f frame
		if err := c.ReadJSON(&f); err != nil {
			return
		}
		if f.Type != "typing" {
			c.frames <- f
		}
	}
}

func (c *chat) send(t *testing.T, f frame) {
	t.Helper()
	if err := c.WriteJSON(f); err != nil {
		t.Fatal(err)
	}
}

// read gives the next frame but typing; false when nothing comes in time.
func (c *chat) read(patience time.Duration) (frame, bool) {
	select {
	case f, ok := <-c.frames:
		return f, ok
	case <-time.After(patience):
		return frame{}, false
	}
}

// next is the next frame, which has to be of a type.
func (c *chat) next(t *testing.T, kind string) frame {
	t.Helper()
	f, ok := c.read(20 * time.Second)
	if !ok || f.Type != kind {
		t.Fatalf("got %+v, want a frame %s", f, kind)
	}
	return f
}

// ask sends a question and gives its acknowledgement and its answer.
func (c *chat) ask(t *testing.T, id, text string) (ack, answer frame) {
	t.Helper()
	c.send(t, frame{Type: "ask", ClientID: id, Text: text})
	ack, answer = c.next(t, "ack"), c.next(t, "answer")
	if ack.ClientID != id || answer.Seq <= ack.Seq || answer.Result == nil {
		t.Fatalf("acknowledged %+v, answered %+v", ack, answer)
	}
	return ack, answer
}

func TestChat(t *testing.T) {
	t.Parallel()
	s := demo(t)
	c := enter(t, s, "", 0)
	if c.welcome.Conversation == "" {
		t.Error("welcome without a conversation")
	}
	ack, answer := c.ask(t, "m1", "Combien coûte le passeport biométrique pour un majeur ?")
	if answer.Result.Conversation != c.welcome.Conversation || answer.Result.Notice == "" {
		t.Errorf("conversation %q, notice %q", answer.Result.Conversation, answer.Result.Notice)
	}
	c.send(t, frame{Type: "ask", ClientID: "m1", Text: "Combien coûte le passeport biométrique pour un majeur ?"})
	if again := c.next(t, "ack"); again.Seq != ack.Seq {
		t.Errorf("the same message is acknowledged at %d, then at %d", ack.Seq, again.Seq)
	}
	useful := true
	c.send(t, frame{Type: "typing"})
	c.send(t, frame{Type: "feedback", Seq: answer.Seq, Useful: &useful})
	if f, ok := c.read(time.Second); ok {
		t.Errorf("after a repeat and a feedback came %+v", f)
	}
	again := enter(t, s, c.welcome.Conversation, ack.Seq)
	if missed := again.next(t, "answer"); missed.Seq != answer.Seq || missed.Result.Text != answer.Result.Text {
		t.Errorf("missed %+v, want the answer at %d", missed, answer.Seq)
	}
	nobody := dial(t, s, "no-such-conversation", 7)
	if f := nobody.next(t, "error"); f.Code != "no_conversation" {
		t.Errorf("of a conversation that does not exist it is said: %+v", f)
	}
	if f := nobody.next(t, "welcome"); f.Conversation == "" || f.Conversation == "no-such-conversation" {
		t.Errorf("then comes %+v, want another conversation", f)
	}
	nobody.ask(t, "m1", "Bonjour")
}

// Wrong frames are errors with a code, and the connection goes on.
func TestChatWrongFrames(t *testing.T) {
	t.Parallel()
	c := enter(t, demo(t), "", 0)
	for _, wrong := range []string{"", "{", "[]", `{"type":5}`, `{"type":"dance"}`, `{"type":"ask","text":"x"}`, `{"type":"ask","client_id":"a","text":" "}`,
		`{"type":"feedback","seq":-1}`, `{"type":"ask","client_id":"` + strings.Repeat("a", 1000) + `","text":"x"}`,
		`{"type":"ask","client_id":"long","text":"` + strings.Repeat("a", 20<<10) + `"}`} {
		if err := c.WriteMessage(websocket.TextMessage, []byte(wrong)); err != nil {
			t.Fatal(err)
		}
		if f := c.next(t, "error"); f.Code == "" || f.Message == "" {
			t.Errorf("%.80s: %+v", wrong, f)
		}
	}
	c.ask(t, "after", "Bonjour")
}

// Nothing is lost and nothing doubled when the service is killed in the middle of a conversation.
func TestChatSurvivesKill(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	s := serve(t, data, "--rate-limit", "off")
	c := enter(t, s, "", 0)
	seen := c.welcome.Seq
	const questions = 12
	answers := map[int64]string{}
	killed := map[int]bool{3: true, 7: true, 8: true}
	for i := range questions {
		text := frame{Type: "ask", ClientID: fmt.Sprint("m", i), Text: fmt.Sprintf("Combien coûte la carte de pêche sportive ? (%d)", i)}
		c.send(t, text)
		if killed[i] {
			time.Sleep(time.Duration(i) * time.Millisecond)
			if err := s.stop(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			s = serve(t, data, "--rate-limit", "off")
			c = enter(t, s, c.welcome.Conversation, seen)
			c.send(t, text) // the client cannot know whether it arrived
		}
		for acked, answered := false, false; !acked || !answered; {
			f, ok := c.read(20 * time.Second)
			if !ok {
				t.Fatalf("question %d, killed %t: acknowledged %t, answered %t: %s", i, killed[i], acked, answered, s.output())
			}
			if f.Type == "answer" {
				if _, twice := answers[f.Seq]; twice || f.Seq <= seen {
					t.Errorf("the answer at %d came again", f.Seq)
				}
				answers[f.Seq], seen = f.Result.Text, f.Seq
			}
			acked, answered = acked || f.Type == "ack", answered || f.Type == "answer"
		}
	}
	if f, ok := c.read(time.Second); ok {
		t.Errorf("too much: %+v", f)
	}
	all := enter(t, s, c.welcome.Conversation, 0)
	for range questions {
		f := all.next(t, "answer")
		if answers[f.Seq] != f.Result.Text {
			t.Errorf("the log has another answer at %d", f.Seq)
		}
	}
	if f, ok := all.read(500 * time.Millisecond); ok {
		t.Errorf("more answers than questions: %+v", f)
	}
}

// A question that was acknowledged is answered after a kill though nobody sends it again.
func TestChatAcknowledgedIsAnswered(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	s := serve(t, data)
	c := enter(t, s, "", 0)
	c.send(t, frame{Type: "ask", ClientID: "m1", Text: "Combien coûte la carte de pêche sportive ?"})
	ack := c.next(t, "ack")
	if err := s.stop(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c = enter(t, serve(t, data), c.welcome.Conversation, ack.Seq)
	if f := c.next(t, "answer"); f.Seq <= ack.Seq || f.Result.Procedure != "peche" {
		t.Errorf("answered %+v", f)
	}
	if f, ok := c.read(time.Second); ok {
		t.Errorf("too much: %+v", f)
	}
}

var conversationLink = regexp.MustCompile(`/desk/conversations/([^"?#/]+)`)

// Who asks for a person appears at the desk, and the reply arrives in the chat.
func TestHandOff(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	s := serve(t, data, "--rate-limit", "off")
	c := enter(t, s, "", 0)
	c.ask(t, "m1", "Combien coûte la carte de pêche <sportive> ?")
	if _, answer := c.ask(t, "m2", "je veux parler à un agent"); answer.Result.Status != assistant.HandedOff {
		t.Fatalf("status %s: %s", answer.Result.Status, answer.Result.Text)
	}
	desk := login(t, s, data)
	found := conversationLink.FindStringSubmatch(desk.page(t, "/desk"))
	if found == nil || found[1] != c.welcome.Conversation {
		t.Fatalf("%s is not on the desk: %q", c.welcome.Conversation, found)
	}
	page := "/desk/conversations/" + found[1]
	if text := desk.page(t, page); !strings.Contains(text, "&lt;sportive&gt;") || strings.Contains(text, "<sportive>") {
		t.Error("the question does not stand in the transcript, or as mark-up")
	}
	desk.post(t, page+"/reply", url.Values{"text": {"Bonjour, ici <b>Salma</b>."}})
	if f := c.next(t, "agent"); f.Text != "Bonjour, ici <b>Salma</b>." || f.Seq == 0 {
		t.Errorf("the reply arrives as %+v", f)
	}
	c.send(t, frame{Type: "ask", ClientID: "m3", Text: "Merci, et le délai ?"})
	c.next(t, "ack")
	if f, ok := c.read(time.Second); ok && f.Type == "answer" && f.Result.Procedure != "" {
		t.Errorf("the assistant answers while an agent holds the conversation: %s", f.Result.Text)
	}
	desk.post(t, page+"/resolve", url.Values{})
	if strings.Contains(desk.page(t, "/desk"), found[1]) {
		t.Error("the resolved conversation still waits")
	}
	c.ask(t, "m4", "Combien coûte la carte de pêche sportive ?")
}
