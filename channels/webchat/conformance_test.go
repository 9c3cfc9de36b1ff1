package webchat

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"murshid/assistant"
	"murshid/channels/channelstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	channelstest.Run(t, func(t *testing.T, b *channelstest.Backend) channelstest.Channel {
		return &line{start(t, b, Options{Limits: Limits{PerMinute: -1}})}
	})
}

// running is a chat on a real port.
type running struct {
	*Chat
	url string // of the websocket
}

// start runs a chat before the backend.
func start(t *testing.T, b *channelstest.Backend, o Options) *running {
	t.Helper()
	o.Answer, o.Log, o.Watch, o.Open = b.Answer, b, b, b.Open
	chat := New(o)
	server := httptest.NewServer(chat)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		chat.abort()
		if err := chat.Drain(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("Drain: %v", err)
		}
		chat.open.Wait()
	})
	return &running{chat, "ws" + strings.TrimPrefix(server.URL, "http") + "/ws?v=1"}
}

// line is the chat as the suite's channel.
type line struct{ *running }

func (l *line) Acknowledges() bool { return true }

func (l *line) Person(t *testing.T) channelstest.Person {
	d := &device{url: l.url}
	d.connect(t)
	t.Cleanup(func() { d.Cut(t) })
	return d
}

// device is a client as the contract describes it.
type device struct {
	url          string
	socket       *websocket.Conn
	frames       chan frame
	reading      sync.WaitGroup
	conversation string
	seen         int64
}

// frame is any frame of the server.
type frame struct {
	Type         string            `json:"type"`
	Conversation string            `json:"conversation"`
	ClientID     string            `json:"client_id"`
	Seq          int64             `json:"seq"`
	Text         string            `json:"text"`
	Code         code              `json:"code"`
	Message      string            `json:"message"`
	Result       *assistant.Answer `json:"result"`
}

// dial connects without saying hello.
func dial(t *testing.T, url string) *device {
	t.Helper()
	d := &device{url: url}
	d.dial(t)
	t.Cleanup(func() { d.Cut(t) })
	return d
}

func (d *device) dial(t *testing.T) {
	t.Helper()
	socket, _, err := websocket.DefaultDialer.Dial(d.url, nil)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	d.socket, d.frames = socket, make(chan frame, 4096)
	d.reading.Go(func() {
		defer close(d.frames)
		for {
			_, data, err := socket.ReadMessage()
			if err != nil {
				return
			}
			var f frame
			if err := json.Unmarshal(data, &f); err != nil {
				t.Errorf("server sent %q: %v", data, err)
				return
			}
			d.frames <- f
		}
	})
}

// connect says hello and is welcomed.
func (d *device) connect(t *testing.T) {
	t.Helper()
	d.dial(t)
	d.say(t, map[string]any{"type": "hello", "conversation": d.conversation, "seen": d.seen})
	f := d.next(t)
	if f.Type != "welcome" || f.Conversation == "" {
		t.Fatalf("hello was answered by %+v", f)
	}
	d.conversation = f.Conversation
}

func (d *device) say(t *testing.T, v any) {
	t.Helper()
	if err := d.socket.WriteJSON(v); err != nil {
		t.Errorf("write: %v", err)
	}
}

// next is the next frame but the signs of typing.
func (d *device) next(t *testing.T) frame {
	t.Helper()
	f, ok := d.await(channelstest.Patience)
	if !ok {
		t.Fatal("no frame came")
	}
	return f
}

func (d *device) await(wait time.Duration) (frame, bool) {
	late := time.After(wait)
	for {
		select {
		case f, ok := <-d.frames:
			if ok && f.Type == "typing" {
				continue
			}
			return f, ok
		case <-late:
			return frame{}, false
		}
	}
}

func (d *device) Conversation() string { return d.conversation }

func (d *device) Send(t *testing.T, clientID, text string) {
	d.say(t, map[string]any{"type": "ask", "client_id": clientID, "text": text})
}

func (d *device) Next(t *testing.T, wait time.Duration) (channelstest.Delivery, bool) {
	t.Helper()
	f, ok := d.await(wait)
	if !ok {
		return channelstest.Delivery{}, false
	}
	if f.Type != "error" && f.Seq < d.seen && f.Type != "ack" {
		t.Errorf("%s at %d after %d", f.Type, f.Seq, d.seen)
	}
	d.seen = max(d.seen, f.Seq)
	delivery := channelstest.Delivery{Kind: channelstest.Kind(f.Type), Seq: f.Seq, ClientID: f.ClientID, Text: f.Text}
	switch {
	case f.Type == "error":
		delivery.Text = f.Message
	case f.Result != nil:
		delivery.Text = f.Result.Text
	}
	return delivery, true
}

func (d *device) Cut(*testing.T) {
	_ = d.socket.NetConn().Close()
	d.reading.Wait()
}

func (d *device) Resume(t *testing.T) { d.connect(t) }
