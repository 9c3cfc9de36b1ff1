package assistant

import (
	"context"
	"errors"
	"slices"
	"time"

	"murshid/language"
	"murshid/retrieval"
)

// Errors of a turn that are the caller's to mend.
var (
	ErrNoConversation = errors.New("no such conversation")
	ErrEmpty          = errors.New("the question is empty")
	ErrTooLong        = errors.New("the question is too long")
)

// MaxQuestion is the length of the longest question, in bytes.
const MaxQuestion = 16 << 10

// Channel is the way by which a question came.
type Channel string

// The channels.
const (
	Web   Channel = "web"
	Email Channel = "email"
	SMS   Channel = "sms"
	Desk  Channel = "desk"
)

// Question is one message of a person.
type Question struct {
	Conversation string // id; empty opens a new conversation
	ClientID     string // the sender's own id of the message; a second message with it is the same one
	Channel      Channel
	Text         string
	Test         bool        // made by a command: enters no queue, notifies nobody, counts nowhere
	Stored       func(Asked) // called once the question is stored and before it is worked on; may be nil
}

// Asked is a stored question.
type Asked struct {
	Conversation string
	Seq          int64   // place of the question in its conversation, from 1
	First        bool    // first message of the conversation
	Held         bool    // an agent holds the conversation: the assistant is silent
	Answer       *Answer // the stored answer, where this message was answered before
	Memory       Memory
}

// Memory is what a conversation remembers of the turns before.
type Memory struct {
	Language  language.Language `json:"language,omitempty"`
	Procedure string            `json:"procedure,omitempty"`
	Aspects   []retrieval.Field `json:"aspects,omitempty"`
	Choices   []string          `json:"choices,omitempty"`  // procedures offered by the last turn
	Earlier   []string          `json:"earlier,omitempty"`  // procedures spoken of before, the last one first
	Draft     bool              `json:"draft,omitempty"`    // the last turn drafts a complaint
	Placed    bool              `json:"placed,omitempty"`   // whether the person lives abroad was asked or said
	Deletion  int64             `json:"deletion,omitempty"` // place of the question that asked for deletion and waits for a yes
}

// maxEarlier is how many procedures a conversation remembers besides the one it is about.
const maxEarlier = 4

// spokeOf remembers that the conversation is about a procedure now.
func (m *Memory) spokeOf(id string) {
	if m.Procedure != "" && m.Procedure != id {
		earlier := slices.DeleteFunc(slices.Clone(m.Earlier), func(e string) bool { return e == id || e == m.Procedure })
		m.Earlier = append([]string{m.Procedure}, earlier[:min(len(earlier), maxEarlier-1)]...)
	}
	m.Procedure = id
}

// knows reports whether the conversation spoke of a procedure.
func (m Memory) knows(id string) bool {
	return id != "" && (m.Procedure == id || slices.Contains(m.Earlier, id))
}

// Outcome is what a turn leaves to be stored, in one transaction.
type Outcome struct {
	Answer  Answer
	Memory  Memory
	Handoff string // reason for which a person must take over; empty for none
	Erase   bool   // delete what was said before, and the text of the question
}

// Who wrote a message.
type Who string

// The writers.
const (
	Citizen    Who = "citizen"
	Assist     Who = "assistant"
	AgentReply Who = "agent"
)

// Message is one entry of a conversation's log.
type Message struct {
	Seq      int64
	Who      Who
	ClientID string  // of a citizen's message
	Text     string  // as it was written
	Answer   *Answer // of an assistant's message
	At       time.Time
}

// Store keeps conversations. What it cannot reach it reports; it never drops a message silently.
type Store interface {
	// SaveQuestion stores the question before anything works on it: its text sealed, its masked text in the
	// clear. It opens the conversation where the question names none. A question whose ClientID is stored
	// already is not stored again. Errors: ErrNoConversation.
	SaveQuestion(ctx context.Context, q Question, masked string) (Asked, error)
	// SaveAnswer stores the outcome before it is sent, and puts the conversation before the agents where it
	// names a Handoff (unless the conversation is a test). It returns the answer's place in the conversation.
	// An outcome that erases deletes what was said before in the same transaction. Errors: ErrHeld, where an
	// agent works on what should be erased.
	SaveAnswer(ctx context.Context, asked Asked, o Outcome) (int64, error)
	// Kept tells what is kept of a conversation. Errors: ErrNoConversation.
	Kept(ctx context.Context, conversation string) (Kept, error)
}
