package webchat

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"murshid/channels/channelstest"
)

// Two hundred people ask at once; a third of the lines is cut in the middle and comes back. Nobody loses or doubles
// anything, and nothing is left running.
func TestTwoHundredConnections(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, unlimited)
	var people sync.WaitGroup
	for n := range 200 {
		people.Go(func() {
			d := &device{url: c.url}
			d.connect(t)
			defer d.Cut(t)
			for i := range 5 {
				id := fmt.Sprintf("%d-%d", n, i)
				d.Send(t, id, id)
				if n%3 == 0 && i == 2 {
					d.Cut(t)
					d.connect(t)
					d.Send(t, id, id) // without an acknowledgement, it is sent again
				}
				for {
					f, ok := d.Next(t, channelstest.Patience)
					if !ok {
						t.Errorf("%s is not answered", id)
						return
					}
					if f.Kind != channelstest.Answer {
						continue
					}
					if f.Text != "re: "+id {
						t.Errorf("%s is answered by %q", id, f.Text)
					}
					break
				}
			}
		})
	}
	people.Wait()
	waitFor(t, "all connections end", func() bool { return c.Connections() == 0 && b.Watchers() == 0 })
}

// A client that reads nothing is dropped; the others do not notice.
func TestSlowClient(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, Options{Limits: Limits{PerMinute: -1, Queue: 4, Write: time.Second}})
	socket, _, err := websocket.DefaultDialer.Dial(c.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if err := socket.WriteJSON(map[string]any{"type": "hello"}); err != nil {
		t.Fatal(err)
	}
	var f frame
	if err := socket.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	id := f.Conversation
	other := dial(t, c.url)
	other.exchange(t, map[string]any{"type": "hello"})
	long := strings.Repeat("une longue réponse ", 20_000)
	for range 40 {
		b.Notice(id, long)
	}
	waitFor(t, "the slow client is dropped", func() bool { return c.Connections() == 1 })
	other.Send(t, "m1", "et moi ?")
	if f := other.next(t); f.Type != "ack" {
		t.Errorf("got %+v", f)
	}
	// Nothing is lost: it comes back and gets all of it.
	back := dial(t, c.url)
	back.exchange(t, map[string]any{"type": "hello", "conversation": id})
	for i := range 40 {
		if f := back.next(t); f.Seq != int64(i+1) || f.Text != long {
			t.Fatalf("message %d: seq %d, %d bytes", i+1, f.Seq, len(f.Text))
		}
	}
}

func TestDrain(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, unlimited)
	idle, busy := dial(t, c.url), dial(t, c.url)
	codes := make(chan int, 2)
	for _, d := range []*device{idle, busy} {
		d.exchange(t, map[string]any{"type": "hello"})
		close := d.socket.CloseHandler()
		d.socket.SetCloseHandler(func(code int, text string) error {
			codes <- code
			return close(code, text)
		})
	}
	release := b.Hold()
	defer release()
	busy.Send(t, "m1", "lente")
	if f := busy.next(t); f.Type != "ack" {
		t.Fatalf("got %+v", f)
	}
	drained := make(chan error)
	go func() { drained <- c.Drain(t.Context()) }()
	if code := <-codes; code != websocket.CloseGoingAway {
		t.Errorf("idle: close code %d", code)
	}
	busy.Send(t, "m2", "trop tard")
	if f := busy.next(t); f.Code != codeClosing || f.ClientID != "m2" {
		t.Errorf("got %+v", f)
	}
	if _, r, err := websocket.DefaultDialer.Dial(c.url, nil); err == nil || r.StatusCode != 503 {
		t.Errorf("a new connection is let in: %v", err)
	}
	release()
	if f := busy.next(t); f.Type != "answer" || f.Result.Text != "re: lente" {
		t.Errorf("got %+v", f)
	}
	if code := <-codes; code != websocket.CloseGoingAway {
		t.Errorf("busy: close code %d", code)
	}
	if err := <-drained; err != nil {
		t.Error(err)
	}
	if err := c.Drain(t.Context()); err != nil || c.Connections() != 0 {
		t.Errorf("again: %v, %d left", err, c.Connections())
	}
}

func TestDrainGivesUp(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	chat := New(Options{Answer: b.Answer, Log: b, Watch: b, Open: b.Open})
	server := httptest.NewServer(chat)
	defer server.Close()
	d := dial(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/ws?v=1")
	d.exchange(t, map[string]any{"type": "hello"})
	release := b.Hold()
	defer release()
	d.Send(t, "m1", "sans fin")
	d.next(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := chat.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	waitFor(t, "the connection ends", func() bool { return chat.Connections() == 0 })
	// The question was stored: the next server finds it, and its asker gets the answer by sending it again.
	if log, err := b.Messages(t.Context(), "00000000-0000-4000-8000-000000000001", 0); err != nil || len(log) != 1 {
		t.Errorf("%v %v", log, err)
	}
}

// A client that vanished without a word is noticed by its silence.
func TestSilentClient(t *testing.T) {
	t.Parallel()
	c := start(t, channelstest.NewBackend(), Options{Limits: Limits{Pong: time.Second}})
	socket, _, err := websocket.DefaultDialer.Dial(c.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close() // it never reads, so it answers no ping
	alive := dial(t, c.url)
	waitFor(t, "the silent client is dropped", func() bool { return c.Connections() == 1 })
	time.Sleep(1200 * time.Millisecond)
	if f := alive.exchange(t, map[string]any{"type": "hello"}); f.Type != "welcome" {
		t.Errorf("got %+v", f)
	}
}
