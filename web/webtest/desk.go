// Package webtest is what tests of the pages stand on: a desk in memory, sheets, and answers from a script.
package webtest

import (
	"context"
	"sync"
	"time"

	"murshid/assistant"
	"murshid/channels/channelstest"
	"murshid/desk"
	"murshid/language"
)

// Desk is a desk.Store in memory, over the conversations of a Backend.
type Desk struct {
	Backend *channelstest.Backend

	mu      sync.Mutex
	agents  map[string]string
	waiting []desk.Waiting
	Read    []string // conversations that agents have opened
}

var _ desk.Store = (*Desk)(nil)

// NewDesk gives a Desk with one agent.
func NewDesk(b *channelstest.Backend, agent, passwordHash string) *Desk {
	return &Desk{Backend: b, agents: map[string]string{agent: passwordHash}}
}

// Hand puts a conversation before the agents.
func (d *Desk) Hand(w desk.Waiting) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = append(d.waiting, w)
}

// Waiting are the conversations that wait.
func (d *Desk) Waiting(context.Context) ([]desk.Waiting, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]desk.Waiting(nil), d.waiting...), nil
}

// Transcript is a conversation's log.
func (d *Desk) Transcript(ctx context.Context, _, conversation string) ([]assistant.Message, error) {
	d.mu.Lock()
	d.Read = append(d.Read, conversation)
	d.mu.Unlock()
	return d.Backend.Messages(ctx, conversation, 0)
}

// Reply adds an agent's text to a waiting conversation.
func (d *Desk) Reply(_ context.Context, _, conversation, text string) (int64, error) {
	if d.place(conversation) < 0 {
		return 0, desk.ErrNotWaiting
	}
	d.Backend.Reply(conversation, text)
	return 0, nil
}

// Resolve ends the waiting of a conversation.
func (d *Desk) Resolve(_ context.Context, _, conversation string) error {
	i := d.place(conversation)
	if i < 0 {
		return desk.ErrNotWaiting
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = append(d.waiting[:i], d.waiting[i+1:]...)
	return nil
}

func (d *Desk) place(conversation string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, w := range d.waiting {
		if w.Conversation == conversation {
			return i
		}
	}
	return -1
}

// Agent is the password hash of an agent.
func (d *Desk) Agent(_ context.Context, name string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hash, ok := d.agents[name]
	if !ok {
		return "", desk.ErrCredentials
	}
	return hash, nil
}

// AddAgent stores an agent.
func (d *Desk) AddAgent(_ context.Context, name, passwordHash string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.agents[name] = passwordHash
	return nil
}

// Agents are the names of all agents.
func (d *Desk) Agents(context.Context) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := make([]string, 0, len(d.agents))
	for name := range d.agents {
		names = append(names, name)
	}
	return names, nil
}

// Someone is a person who waits in a conversation.
func Someone(conversation, text string, l language.Language) desk.Waiting {
	return desk.Waiting{Conversation: conversation, Channel: assistant.Web, Language: l,
		Since: time.Now().Add(-12 * time.Minute), Reason: "agent", Procedure: "passeport", LastText: text, Messages: 3}
}
