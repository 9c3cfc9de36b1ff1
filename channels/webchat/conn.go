package webchat

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"murshid/language"
)

// A conn is one client's connection. One goroutine reads its frames, one answers them one after the other, one
// writes, and one follows the log.
type conn struct {
	chat    *Chat
	feed    *feed
	limiter *rate.Limiter

	socket *websocket.Conn
	inbox  chan incoming // frames to be worked on
	out    chan []byte   // frames to be written
	flush  chan struct{} // closed: write what is left, then the close frame
	dead   chan struct{} // closed: the client is gone
	die    sync.Once

	follower follower
	mu       sync.Mutex
	language language.Language // of the last question, for errors
}

func newConn(c *Chat, r *http.Request) *conn {
	k := &conn{chat: c, language: acceptedLanguage(r), limiter: rate.NewLimiter(rate.Inf, 0),
		inbox: make(chan incoming, c.Limits.Waiting), out: make(chan []byte, c.Limits.Queue),
		flush: make(chan struct{}), dead: make(chan struct{})}
	if c.Limits.PerMinute > 0 {
		k.limiter = rate.NewLimiter(rate.Limit(c.Limits.PerMinute)/60, c.Limits.Burst)
	}
	k.feed = newFeed(c.Log, k.send)
	return k
}

// serve runs the connection until the client is gone or the server drains.
func (k *conn) serve(socket *websocket.Conn) {
	k.socket = socket
	var running sync.WaitGroup
	running.Go(k.write)
	running.Go(k.work)
	k.read()
	k.fail()
	close(k.inbox)
	running.Wait()
	k.follower.stop()
}

// read takes in frames until the client is gone.
func (k *conn) read() {
	k.socket.SetReadLimit(maxFrame)
	alive := func() { _ = k.socket.SetReadDeadline(time.Now().Add(k.chat.Limits.Pong)) }
	k.socket.SetPongHandler(func(string) error { alive(); return nil })
	for alive(); ; alive() {
		kind, data, err := k.socket.ReadMessage()
		if err != nil {
			return
		}
		k.receive(kind, data)
	}
}

// receive puts a frame into the inbox or says why not.
func (k *conn) receive(kind int, data []byte) {
	f, fault := parse(data)
	if kind != websocket.TextMessage {
		fault = codeBadMessage
	}
	if f.Type == typeAsk && fault != codeBadMessage {
		k.recognize(f.Text)
	}
	switch {
	case fault == "" && f.Type == typeTyping:
		return
	case !k.limiter.Allow():
		fault = codeRateLimited
	case fault == "" && k.chat.closing():
		fault = codeClosing
	}
	if fault == "" {
		select {
		case k.inbox <- f:
			return
		default:
			fault = codeBusy
		}
	}
	k.refuse(fault, f.ClientID)
}

// send queues a frame for the writer. It waits while the queue is full: the writer either gets a frame out in time or
// drops the client.
func (k *conn) send(frame any) {
	data, err := json.Marshal(frame)
	if err != nil {
		k.chat.Slog.Error("frame cannot be written", "error", err)
		return
	}
	select {
	case k.out <- data:
	case <-k.dead:
	}
}

// write is the only goroutine that writes frames.
func (k *conn) write() {
	ping := time.NewTicker(k.chat.Limits.Pong * 3 / 7)
	defer ping.Stop()
	for {
		select {
		case data := <-k.out:
			k.put(websocket.TextMessage, data)
		case <-ping.C:
			k.put(websocket.PingMessage, nil)
		case <-k.flush:
			k.writeLast()
			return
		case <-k.dead:
			return
		}
	}
}

func (k *conn) put(kind int, data []byte) {
	_ = k.socket.SetWriteDeadline(time.Now().Add(k.chat.Limits.Write))
	if k.socket.WriteMessage(kind, data) != nil {
		k.fail()
	}
}

// writeLast writes what is queued, says goodbye, and leaves the client a moment to say it too: closing at once
// could take back what is still on its way.
func (k *conn) writeLast() {
	for {
		select {
		case data := <-k.out:
			k.put(websocket.TextMessage, data)
		default:
			k.goodbye()
			select {
			case <-time.After(patience):
			case <-k.dead:
			}
			k.fail()
			return
		}
	}
}

// goodbye tells the client that the server goes away.
func (k *conn) goodbye() {
	message := websocket.FormatCloseMessage(websocket.CloseGoingAway, "")
	_ = k.socket.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
}

// fail gives the connection up.
func (k *conn) fail() {
	k.die.Do(func() {
		close(k.dead)
		_ = k.socket.Close()
	})
}

// A follower keeps a connection up to date with its conversation.
type follower struct {
	cancel context.CancelFunc
	done   chan struct{}
	nudge  chan struct{} // asks for a look into the log soon
}

// stop ends the follower and waits for it. It may be called when none runs.
func (f *follower) stop() {
	if f.cancel != nil {
		f.cancel()
		<-f.done
	}
}

// again asks for a look into the log soon.
func (f *follower) again() {
	select {
	case f.nudge <- struct{}{}:
	default:
	}
}
