// Package desk is where people take over from the assistant.
package desk

import (
	"context"
	"errors"
	"time"

	"murshid/assistant"
	"murshid/language"
)

// Errors of the desk.
var (
	ErrCredentials = errors.New("name or password is wrong")
	ErrNotWaiting  = errors.New("this conversation waits for nobody")
	ErrEmptyReply  = errors.New("the reply is empty")
)

// Waiting is a conversation that waits for a person.
type Waiting struct {
	Conversation string
	Channel      assistant.Channel
	Language     language.Language
	Since        time.Time
	Reason       string
	Procedure    string // what it was about, where the assistant knew
	LastText     string // the person's last message, masked
	Messages     int
}

// Store is what the desk needs of the database: its conversations and its agents.
type Store interface {
	Conversations
	Agents
}

// Conversations are those that people have taken over, or are asked to.
type Conversations interface {
	// Waiting are the conversations that wait, the longest first.
	Waiting(ctx context.Context) ([]Waiting, error)
	// Transcript is a conversation's log; that the agent read it is recorded. Errors: assistant.ErrNoConversation.
	Transcript(ctx context.Context, agent, conversation string) ([]assistant.Message, error)
	// Reply adds the agent's text to the conversation and tells its channel. Errors: ErrNotWaiting,
	// assistant.ErrNoConversation.
	Reply(ctx context.Context, agent, conversation, text string) (int64, error)
	// Resolve gives the conversation back to the assistant. Errors: ErrNotWaiting.
	Resolve(ctx context.Context, agent, conversation string) error
}

// Agents are the people at the desk.
type Agents interface {
	// Agent is the stored password hash of an agent. Errors: ErrCredentials.
	Agent(ctx context.Context, name string) (passwordHash string, err error)
	// AddAgent stores an agent, or a new password for one.
	AddAgent(ctx context.Context, name, passwordHash string) error
	// Agents are the names of all agents.
	Agents(ctx context.Context) ([]string, error)
}
