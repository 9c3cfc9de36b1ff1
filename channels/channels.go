// Package channels holds what all ways in and out share.
package channels

import (
	"context"

	"murshid/assistant"
)

// Answerer answers one question: (*assistant.Assistant).Answer.
type Answerer func(ctx context.Context, q assistant.Question) (assistant.Answer, error)

// Log reads what was said in a conversation.
type Log interface {
	// Messages are the messages after a place in the conversation, in order. Errors: assistant.ErrNoConversation.
	Messages(ctx context.Context, conversation string, after int64) ([]assistant.Message, error)
}

// Watcher tells of new messages.
type Watcher interface {
	// Watch signals each time the conversation may have new messages, until cancel is called. A signal may stand
	// for several messages or for none.
	Watch(conversation string) (signal <-chan struct{}, cancel func())
}
