package channelstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"murshid/assistant"
	"murshid/language"
)

// ErrDown is what a Backend answers while it is told to fail.
var ErrDown = errors.New("the backend is down")

// Backend keeps conversations in memory under the rules of assistant.Store and answers from a script. It serves as
// channels.Log and channels.Watcher, too.
type Backend struct {
	// Script makes the answer to a text; nil repeats it.
	Script func(text string) assistant.Answer

	mu            sync.Mutex
	conversations map[string]*conversation
	opened        int
	answering     error         // what Answer fails with, after storing
	reading       int           // how many reads of the log are still to fail
	gate          chan struct{} // answers wait for it to be closed; nil: none does
	stored        chan string   // client ids as they are stored
}

type conversation struct {
	messages []assistant.Message
	held     bool
	byClient map[string]*turn
	watchers map[chan struct{}]struct{}
}

// turn is one question on its way.
type turn struct {
	sync.Mutex
	seq    int64
	answer *assistant.Answer // written under the backend's lock and the turn's
}

// NewBackend gives an empty Backend.
func NewBackend() *Backend {
	return &Backend{conversations: map[string]*conversation{}, stored: make(chan string, 1024)}
}

// Open opens an empty conversation.
func (b *Backend) Open(context.Context, assistant.Channel) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.openLocked(), nil
}

func (b *Backend) openLocked() string {
	b.opened++
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", b.opened)
	b.conversations[id] = &conversation{byClient: map[string]*turn{}, watchers: map[chan struct{}]struct{}{}}
	return id
}

// Forget deletes a conversation.
func (b *Backend) Forget(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.conversations, id)
}

// Messages are the messages after a place in the conversation.
func (b *Backend) Messages(_ context.Context, id string, after int64) ([]assistant.Message, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reading > 0 {
		b.reading--
		return nil, ErrDown
	}
	c, ok := b.conversations[id]
	if !ok {
		return nil, assistant.ErrNoConversation
	}
	if after >= int64(len(c.messages)) {
		return nil, nil
	}
	return append([]assistant.Message(nil), c.messages[after:]...), nil
}

// Watch signals each new message.
func (b *Backend) Watch(id string) (<-chan struct{}, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	signal := make(chan struct{}, 1)
	if c, ok := b.conversations[id]; ok {
		c.watchers[signal] = struct{}{}
	}
	return signal, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if c, ok := b.conversations[id]; ok {
			delete(c.watchers, signal)
		}
	}
}

// Watchers is how many watch any conversation.
func (b *Backend) Watchers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, c := range b.conversations {
		n += len(c.watchers)
	}
	return n
}

// Answer stores the question, answers it from the script and stores the answer. A double of a question that is being
// answered waits for the first.
func (b *Backend) Answer(ctx context.Context, q assistant.Question) (assistant.Answer, error) {
	asked, t, err := b.save(q)
	if err != nil {
		return assistant.Answer{}, err
	}
	if q.Stored != nil {
		q.Stored(asked)
	}
	select {
	case b.stored <- q.ClientID:
	default:
	}
	t.Lock()
	defer t.Unlock()
	if t.answer != nil {
		return *t.answer, nil
	}
	if err := b.wait(ctx); err != nil {
		return assistant.Answer{}, err
	}
	answer := b.script(q.Text, asked.Conversation)
	b.mu.Lock()
	defer b.mu.Unlock()
	t.answer = &answer
	if c, ok := b.conversations[asked.Conversation]; ok && !asked.Held {
		c.add(assistant.Message{Who: assistant.Assist, Text: answer.Text, Answer: &answer})
	}
	return answer, nil
}

// wait is the time an answer takes, or its failure.
func (b *Backend) wait(ctx context.Context) error {
	b.mu.Lock()
	gate, fail := b.gate, b.answering
	b.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fail
}

func (b *Backend) script(text, id string) assistant.Answer {
	if b.Script != nil {
		a := b.Script(text)
		a.Conversation = id
		return a
	}
	return assistant.Answer{Conversation: id, Language: language.French, Intent: assistant.IntentQuestion,
		Status: assistant.Answered, Text: "re: " + text, Parts: []string{}, Choices: []string{},
		Citations: []assistant.Citation{}}
}

func (b *Backend) save(q assistant.Question) (assistant.Asked, *turn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if q.Conversation == "" {
		q.Conversation = b.openLocked()
	}
	c, ok := b.conversations[q.Conversation]
	if !ok {
		return assistant.Asked{}, nil, assistant.ErrNoConversation
	}
	asked := assistant.Asked{Conversation: q.Conversation, First: len(c.messages) == 0, Held: c.held}
	if t, ok := c.byClient[q.ClientID]; ok && q.ClientID != "" {
		asked.Seq, asked.Answer = t.seq, t.answer
		return asked, t, nil
	}
	t := &turn{}
	t.seq = c.add(assistant.Message{Who: assistant.Citizen, ClientID: q.ClientID, Text: q.Text})
	c.byClient[q.ClientID], asked.Seq = t, t.seq
	return asked, t, nil
}

// Reply adds an agent's text to a conversation; from then on the agent holds it.
func (b *Backend) Reply(id, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.conversations[id]
	c.held = true
	c.add(assistant.Message{Who: assistant.AgentReply, Text: text})
}

// Notice adds an agent's text to a conversation that the agent does not hold.
func (b *Backend) Notice(id, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conversations[id].add(assistant.Message{Who: assistant.AgentReply, Text: text})
}

func (c *conversation) add(m assistant.Message) int64 {
	m.Seq, m.At = int64(len(c.messages))+1, time.Now()
	c.messages = append(c.messages, m)
	for w := range c.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
	return m.Seq
}

// FailAnswers makes all answers fail from now on; nil ends that.
func (b *Backend) FailAnswers(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answering = err
}

// FailReads makes the next n reads of the log fail.
func (b *Backend) FailReads(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = n
}

// Hold makes answers wait until the returned function is called.
func (b *Backend) Hold() (release func()) {
	gate := make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gate = gate
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.gate = nil
		close(gate)
	})
}

// Stored gives the client id of each question once it is stored.
func (b *Backend) Stored() <-chan string { return b.stored }
