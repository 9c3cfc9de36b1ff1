package webchat

import (
	"context"
	"sync"

	"murshid/assistant"
	"murshid/channels"
)

// A feed sends one conversation's log to one connection: every frame with a place in the log leaves through it, in
// the log's order, once.
type feed struct {
	log  channels.Log
	send func(frame any)

	mu           sync.Mutex
	conversation string
	cursor       int64           // place of the last message that was passed on
	unacked      map[string]bool // client ids of this connection's questions that are not acknowledged
}

func newFeed(log channels.Log, send func(any)) *feed {
	return &feed{log: log, send: send, unacked: map[string]bool{}}
}

// id is the conversation's id, empty before the first.
func (f *feed) id() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conversation
}

// open welcomes the client to the conversation and sends what it has not seen. Errors:
// assistant.ErrNoConversation.
func (f *feed) open(ctx context.Context, conversation string, seen int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	missed, last, err := f.missed(ctx, conversation, seen)
	if err != nil {
		return err
	}
	f.conversation, f.cursor = conversation, last
	clear(f.unacked)
	f.send(welcome{Type: "welcome", Conversation: conversation, Seq: last})
	f.pass(missed)
	return nil
}

// missed are the messages after seen, and the place of the conversation's last message.
func (f *feed) missed(ctx context.Context, conversation string, seen int64) ([]assistant.Message, int64, error) {
	missed, err := f.log.Messages(ctx, conversation, seen)
	if err != nil {
		return nil, 0, err
	}
	if n := len(missed); n > 0 {
		return missed, missed[n-1].Seq, nil
	}
	if seen == 0 {
		return nil, 0, nil
	}
	// A client may claim to have seen more than there is, for instance after a restored backup; believing it would
	// hide from it all that comes.
	tail, err := f.log.Messages(ctx, conversation, seen-1)
	if err == nil && len(tail) == 0 {
		tail, err = f.log.Messages(ctx, conversation, 0)
	}
	if err != nil || len(tail) == 0 {
		return nil, 0, err
	}
	return nil, tail[len(tail)-1].Seq, nil
}

// expect says that the connection is about to ask a question and wants it acknowledged.
func (f *feed) expect(clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unacked[clientID] = true
}

// forget takes expect back.
func (f *feed) forget(clientID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.unacked, clientID)
}

// stored acknowledges the question at seq, after whatever stands before it in the log.
func (f *feed) stored(ctx context.Context, clientID string, seq int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.unacked[clientID] && seq > f.cursor {
		err = f.advance(ctx)
	}
	// A question sent again lies behind the cursor; a log that fails now is read again later.
	if f.unacked[clientID] {
		delete(f.unacked, clientID)
		f.send(ack{Type: "ack", ClientID: clientID, Seq: seq})
	}
	return err
}

// deliver sends what is new in the log.
func (f *feed) deliver(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.advance(ctx)
}

func (f *feed) advance(ctx context.Context) error {
	if f.conversation == "" {
		return nil
	}
	messages, err := f.log.Messages(ctx, f.conversation, f.cursor)
	if err != nil {
		return err
	}
	f.pass(messages)
	return nil
}

// pass sends messages of the log. The person's own messages are only acknowledged: other windows show their own.
func (f *feed) pass(messages []assistant.Message) {
	for i := range messages {
		m := &messages[i]
		f.cursor = max(f.cursor, m.Seq)
		switch {
		case m.Who == assistant.Citizen && f.unacked[m.ClientID]:
			delete(f.unacked, m.ClientID)
			f.send(ack{Type: "ack", ClientID: m.ClientID, Seq: m.Seq})
		case m.Who == assistant.Assist && m.Answer != nil:
			f.send(answer{Type: "answer", Seq: m.Seq, Result: m.Answer})
		case m.Who == assistant.AgentReply:
			f.send(agent{Type: "agent", Seq: m.Seq, Text: m.Text})
		}
	}
}
