// Package channelstest is what every channel must pass: one suite for the chat, mail and SMS.
//
// A channel is started before a Backend that keeps a real log and answers from a script. The suite then speaks and
// listens as a person would, through the channel's own wire.
package channelstest

import (
	"testing"
	"time"

	"murshid/language"
)

// Patience is how long the suite waits for something to arrive.
const Patience = 5 * time.Second

// Kind is what arrived at a person.
type Kind string

// The kinds. A channel that has no sign for an acknowledgement delivers none.
const (
	Ack    Kind = "ack"
	Answer Kind = "answer"
	Agent  Kind = "agent"
	Error  Kind = "error"
)

// Delivery is one thing that arrived at a person.
type Delivery struct {
	Kind     Kind
	Seq      int64  // place in the conversation; 0 where the channel shows none
	ClientID string // of the message acknowledged
	Text     string
}

// A Person is one device at the other end of a channel.
type Person interface {
	// Send sends a message under the device's own id of it.
	Send(t *testing.T, clientID, text string)
	// Next is the next delivery; it reports false when none comes within wait.
	Next(t *testing.T, wait time.Duration) (Delivery, bool)
	// Cut breaks the line without a word.
	Cut(t *testing.T)
	// Resume connects again after Cut, with what the device remembers of the conversation.
	Resume(t *testing.T)
	// Conversation is the id of the person's conversation, empty before the first message.
	Conversation() string
}

// A Channel is a running channel under test.
type Channel interface {
	// Person is a new person with a device of their own.
	Person(t *testing.T) Person
	// Acknowledges reports whether the channel has a sign that a message was stored.
	Acknowledges() bool
}

// Starter starts a channel before the backend; it stops it when the test ends.
type Starter func(t *testing.T, b *Backend) Channel

// Run holds a channel against the suite.
func Run(t *testing.T, start Starter) {
	for name, test := range map[string]func(*testing.T, *Backend, Channel){
		"question is stored before it is answered":  storedFirst,
		"message sent twice is answered once":       answeredOnce,
		"several messages are answered in order":    inOrder,
		"agent's reply arrives":                     agentReplies,
		"assistant is silent while an agent speaks": silentWhileHeld,
		"cut line loses and doubles nothing":        resumes,
		"line cut during the answer":                cutDuringAnswer,
		"answer survives a log that fails":          logFails,
		"error is in the person's language":         errorsInLanguage,
		"two people do not hear each other":         apart,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := NewBackend()
			test(t, b, start(t, b))
		})
	}
}

// errorsBy are questions whose answering fails, by the language the person must be told so in.
var errorsBy = map[string]language.Language{
	"Combien coûte le passeport ?":         language.French,
	"كم تكلفة جواز السفر الجديد في المغرب": language.Arabic,
}
