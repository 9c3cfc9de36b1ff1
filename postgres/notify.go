package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// The channels of NOTIFY. The payload of the first is the conversation's id, that of the others is empty.
const (
	channelMessages = "murshid_messages"
	channelDesk     = "murshid_desk"
	channelSheets   = "murshid_sheets"
)

const sqlListen = "LISTEN " + channelMessages + "; LISTEN " + channelDesk + "; LISTEN " + channelSheets

// How the listening connection is watched and won back.
const (
	listenSilence = 30 * time.Second // after that much silence the connection is tried
	listenTrial   = 5 * time.Second  // how long it may take to answer
	firstPause    = 100 * time.Millisecond
	longestPause  = 5 * time.Second
)

// Watch signals each time the conversation may have new messages, until cancel is called. A signal may stand for
// several messages or for none. Signals come while Run runs.
func (db *DB) Watch(conversation string) (signal <-chan struct{}, cancel func()) {
	return db.fan.watch(topic{channelMessages, conversation})
}

// WatchDesk signals each time the list of waiting conversations may have changed, until cancel is called.
func (db *DB) WatchDesk() (signal <-chan struct{}, cancel func()) {
	return db.fan.watch(topic{channelDesk, ""})
}

// WatchSheets calls changed after each change of the sheets, one call at a time; changes during a call are one
// more call. It does so until cancel is called, which waits for a call that runs: changed must not call it.
func (db *DB) WatchSheets(changed func()) (cancel func()) {
	signal, stop := db.fan.watch(topic{channelSheets, ""})
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-signal:
				changed()
			}
		}
	}()
	return sync.OnceFunc(func() {
		stop()
		close(done)
		<-ended
	})
}

// Run listens for notifications on a connection of its own and passes them on, until ctx is done; then it returns
// nil. When the connection is lost it makes a new one and signals everybody once, because what was notified
// meanwhile is lost.
func (db *DB) Run(ctx context.Context) error {
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		if lost := db.listen(ctx); ctx.Err() == nil {
			db.log.Warn("notifications interrupted", "error", lost, "again_in", pause)
		}
		if time.Since(began) > longestPause {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
	return nil
}

// listen listens on one connection until it is lost.
func (db *DB) listen(ctx context.Context) error {
	c, err := pgx.ConnectConfig(ctx, db.config)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, sqlListen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	db.fan.signalAll()
	for {
		if err := db.next(ctx, c); err != nil {
			return err
		}
	}
}

// next passes one notification on. After a long silence it asks whether the connection still lives.
func (db *DB) next(ctx context.Context, c *pgx.Conn) error {
	waiting, cancel := context.WithTimeout(ctx, listenSilence)
	defer cancel()
	n, err := c.WaitForNotification(waiting)
	switch {
	case err == nil && n.Channel == channelMessages:
		db.fan.signal(topic{n.Channel, n.Payload})
	case err == nil:
		db.fan.signal(topic{n.Channel, ""})
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		trial, cancel := context.WithTimeout(ctx, listenTrial)
		defer cancel()
		return c.Ping(trial)
	}
	return err
}

// topic is what somebody watches.
type topic struct{ channel, payload string }

// fan spreads signals to those who watch a topic. A watcher's channel holds one signal: more of them are one.
type fan struct {
	mu       sync.Mutex
	watchers map[topic]map[chan struct{}]bool
}

func (f *fan) watch(t topic) (signal <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watchers == nil {
		f.watchers = map[topic]map[chan struct{}]bool{}
	}
	if f.watchers[t] == nil {
		f.watchers[t] = map[chan struct{}]bool{}
	}
	f.watchers[t][c] = true
	return c, func() { f.forget(t, c) }
}

func (f *fan) forget(t topic, c chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers[t], c)
	if len(f.watchers[t]) == 0 {
		delete(f.watchers, t)
	}
}

func (f *fan) signal(t topic) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.watchers[t] {
		poke(c)
	}
}

func (f *fan) signalAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, watchers := range f.watchers {
		for c := range watchers {
			poke(c)
		}
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // a signal waits already
	}
}
