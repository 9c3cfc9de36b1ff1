package webchat

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"murshid/assistant"
)

// How often a client is told again that its answer is being made, and how soon the log is read again after an error.
const (
	typingEvery = 4 * time.Second
	retryAfter  = time.Second
)

// work handles frames one after the other. What was received is worked on even when the client is gone: the answer
// waits for it in the log.
func (k *conn) work() {
	for {
		select {
		case f, more := <-k.inbox:
			if !more {
				return
			}
			k.handle(f)
		case <-k.chat.draining:
			k.finish()
			return
		}
	}
}

// finish works on what has been received and lets the writer end.
func (k *conn) finish() {
	defer close(k.flush)
	for {
		select {
		case f, more := <-k.inbox:
			if !more {
				return
			}
			k.handle(f)
		default:
			return
		}
	}
}

// handle works on one frame. It survives whatever goes wrong in it.
func (k *conn) handle(f incoming) {
	ctx, cancel := context.WithTimeout(k.chat.base, k.chat.Limits.Turn)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			k.chat.Slog.Error("panic in a turn", "panic", p, "stack", string(debug.Stack()))
			k.refuse(codeFailed, f.ClientID)
		}
	}()
	var err error
	switch f.Type {
	case typeHello:
		err = k.hello(ctx, f.Conversation, f.Seen)
	case typeAsk:
		err = k.ask(ctx, f)
	case typeFeedback:
		err = k.feedback(ctx, f)
	}
	if err != nil {
		k.report(ctx, f, err)
	}
}

// report tells the client of an error and gives it a fresh conversation where its own is gone.
func (k *conn) report(ctx context.Context, f incoming, err error) {
	code := codeOf(err)
	if code == codeFailed {
		k.chat.Slog.Error("turn failed", "frame", f.Type, "error", err)
	}
	k.refuse(code, f.ClientID)
	if code == codeNoConversation && f.Type != typeFeedback {
		if err := k.hello(ctx, "", 0); err != nil {
			k.chat.Slog.Error("conversation cannot be opened", "error", err)
			k.refuse(codeFailed, f.ClientID)
		}
	}
}

// hello joins a conversation, a new one where the client names none. Errors: assistant.ErrNoConversation.
func (k *conn) hello(ctx context.Context, conversation string, seen int64) error {
	if !plausible(conversation) {
		return assistant.ErrNoConversation
	}
	if conversation == "" {
		var err error
		if conversation, err = k.chat.Open(ctx, assistant.Web); err != nil {
			return err
		}
		seen = 0
	}
	// Watching starts first: what is written between the two is then seen twice rather than not at all.
	signal, unwatch := k.chat.Watch.Watch(conversation)
	if err := k.feed.open(ctx, conversation, seen); err != nil {
		unwatch()
		return err
	}
	k.follower.stop()
	following, stop := context.WithCancel(k.chat.base)
	k.follower = follower{cancel: stop, done: make(chan struct{}), nudge: make(chan struct{}, 1)}
	go func(f follower) {
		defer close(f.done)
		defer unwatch()
		k.follow(following, signal, f.nudge)
	}(k.follower)
	return nil
}

// follow delivers what others write into the conversation.
func (k *conn) follow(ctx context.Context, signal, nudge <-chan struct{}) {
	next := time.NewTimer(k.chat.Limits.Poll)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.dead:
			return
		case _, more := <-signal:
			if !more {
				signal = nil
			}
		case <-nudge:
		case <-next.C:
		}
		wait := k.chat.Limits.Poll
		if err := k.feed.deliver(ctx); err != nil && ctx.Err() == nil {
			if errors.Is(err, assistant.ErrNoConversation) {
				return
			}
			k.chat.Slog.Warn("log cannot be read", "error", err)
			wait = retryAfter
		}
		next.Reset(wait)
	}
}

// ask puts a question to the assistant. The answer comes back through the log.
func (k *conn) ask(ctx context.Context, f incoming) error {
	if k.feed.id() == "" {
		if err := k.hello(ctx, "", 0); err != nil {
			return err
		}
	}
	k.feed.expect(f.ClientID)
	defer k.feed.forget(f.ClientID)
	stop := func() {}
	defer func() { stop() }()
	_, err := k.chat.Answer(ctx, assistant.Question{Conversation: k.feed.id(), ClientID: f.ClientID,
		Channel: assistant.Web, Text: f.Text, Stored: func(asked assistant.Asked) {
			if k.feed.stored(ctx, f.ClientID, asked.Seq) != nil {
				k.follower.again()
			}
			if !asked.Held && asked.Answer == nil {
				stop = k.typing()
			}
		}})
	if err != nil {
		return err
	}
	stop()
	if err := k.feed.deliver(ctx); err != nil {
		k.chat.Slog.Warn("log cannot be read", "error", err)
		k.follower.again()
	}
	return nil
}

// typing tells the client that an answer is being made, until the returned function is called.
func (k *conn) typing() (stop func()) {
	k.send(typing{Type: "typing"})
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		again := time.NewTicker(typingEvery)
		defer again.Stop()
		for {
			select {
			case <-again.C:
				k.send(typing{Type: "typing"})
			case <-ended:
				return
			}
		}
	})
	return sync.OnceFunc(func() { close(ended); running.Wait() })
}

func (k *conn) feedback(ctx context.Context, f incoming) error {
	conversation := k.feed.id()
	switch {
	case conversation == "":
		return assistant.ErrNoConversation
	case k.chat.Feedback == nil:
		return nil
	}
	return k.chat.Feedback(ctx, conversation, f.Seq, *f.Useful)
}

// recognize remembers the language in which the person writes.
func (k *conn) recognize(text string) {
	l := k.chat.Language(text)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.language = l
}

// refuse sends an error in the person's language.
func (k *conn) refuse(code code, clientID string) {
	k.mu.Lock()
	l := k.language
	k.mu.Unlock()
	if !plausible(clientID) {
		clientID = ""
	}
	k.send(failure{Type: "error", Code: code, Message: code.in(l), ClientID: clientID})
}
