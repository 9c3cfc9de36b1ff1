// Package webchat is the conversation over a websocket: the portal's chat.
//
// Each connection has a cursor in its conversation's log. Whatever is in the log after the cursor is sent in the
// log's order, whoever wrote it and on whichever server, so that several windows and several servers agree and a
// connection that was lost goes on where it stopped.
package webchat

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"murshid/assistant"
	"murshid/channels"
	"murshid/language"
)

// Options are what a Chat is made of.
type Options struct {
	Answer channels.Answerer
	Log    channels.Log
	Watch  channels.Watcher
	// Open opens an empty conversation: a client that says hello without one is given one.
	Open func(ctx context.Context, channel assistant.Channel) (string, error)
	// Feedback keeps whether the answer at a place of the conversation was useful; nil drops it. Errors:
	// assistant.ErrNoConversation.
	Feedback func(ctx context.Context, conversation string, seq int64, useful bool) error
	// Language names the language of a text, in which errors about it are written; nil tells only Arabic letters
	// from others.
	Language func(text string) language.Language
	Origins  []string // further origins whose pages may connect, such as https://www.example.ma
	Slog     *slog.Logger
	Limits   Limits
}

// Limits bound what one connection may take. Zero values mean the defaults.
type Limits struct {
	PerMinute   int           // messages a minute; defaults to 20, negative is without limit
	Burst       int           // messages at once; defaults to 10
	Waiting     int           // messages that wait for the one being answered; defaults to 16
	Queue       int           // frames that wait for a slow client; defaults to 64
	Write       time.Duration // for one frame; a client slower than that is dropped; defaults to 10 s
	Pong        time.Duration // of silence after which the client is taken for gone; defaults to 70 s
	Turn        time.Duration // for one answer; defaults to 60 s
	Poll        time.Duration // between looks into the log without a signal; defaults to 30 s
	Connections int           // at the same time; defaults to 20,000
}

func (l Limits) orDefault() Limits {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	wait := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.PerMinute, 20)
	set(&l.Burst, 10)
	set(&l.Waiting, 16)
	set(&l.Queue, 64)
	set(&l.Connections, 20_000)
	wait(&l.Write, 10*time.Second)
	wait(&l.Pong, 70*time.Second)
	wait(&l.Turn, time.Minute)
	wait(&l.Poll, 30*time.Second)
	return l
}

// maxFrame is the longest frame in bytes: the longest question with each letter written as a JSON escape.
const maxFrame = 4*assistant.MaxQuestion + 1024

// Chat serves the websocket. Its methods may be called at the same time.
type Chat struct {
	Options
	upgrader websocket.Upgrader
	base     context.Context // of all turns; ends when Drain gives up
	cancel   context.CancelFunc
	draining chan struct{}

	mu    sync.Mutex
	conns map[*conn]struct{}
	open  sync.WaitGroup
}

// New gives a Chat. Drain ends it.
func New(o Options) *Chat {
	o.Limits = o.Limits.orDefault()
	if o.Language == nil {
		o.Language = byLetters
	}
	if o.Slog == nil {
		o.Slog = slog.New(slog.DiscardHandler)
	}
	c := &Chat{Options: o, draining: make(chan struct{}), conns: map[*conn]struct{}{}}
	c.base, c.cancel = context.WithCancel(context.Background())
	c.upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 4096, WriteBufferPool: &sync.Pool{},
		HandshakeTimeout: 10 * time.Second, CheckOrigin: c.allowed,
		Error: func(w http.ResponseWriter, r *http.Request, status int, _ error) {
			code := codeHandshake
			if status == http.StatusForbidden {
				code = codeOrigin
			}
			refuse(w, r, status, code)
		}}
	return c
}

// ServeHTTP answers GET /ws?v=1.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Query().Get("v") != "1":
		refuse(w, r, http.StatusBadRequest, codeVersion)
		return
	case !websocket.IsWebSocketUpgrade(r):
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		refuse(w, r, http.StatusUpgradeRequired, codeHandshake)
		return
	}
	k := newConn(c, r)
	if !c.register(k) {
		w.Header().Set("Retry-After", "5")
		refuse(w, r, http.StatusServiceUnavailable, codeClosing)
		return
	}
	defer c.unregister(k)
	socket, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	k.serve(socket)
}

// allowed reports whether the page that connects is ours or a named one. Programs that are no browsers send no
// origin.
func (c *Chat) allowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.ContainsFunc(c.Origins, func(o string) bool {
		return strings.EqualFold(strings.TrimSuffix(o, "/"), origin)
	}) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// refuse answers a request that becomes no websocket.
func refuse(w http.ResponseWriter, r *http.Request, status int, code code) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	text := code.in(acceptedLanguage(r))
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"code": string(code), "message": text}})
}
