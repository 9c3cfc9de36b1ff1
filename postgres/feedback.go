package postgres

import (
	"context"
	"fmt"

	"murshid/assistant"
)

const sqlSaveFeedback = `
INSERT INTO feedback (conversation, seq, useful)
SELECT conversation, seq, $3 FROM messages WHERE conversation = $1 AND seq = $2 AND who = 'assistant'
ON CONFLICT (conversation, seq) DO UPDATE SET useful = excluded.useful, at = now()`

// SaveFeedback keeps whether the answer at a place of the conversation was useful; a later word replaces an earlier
// one. Errors: assistant.ErrNoConversation (also for a place without an answer), ErrDiskFull, ErrUnavailable.
func (db *DB) SaveFeedback(ctx context.Context, conversation string, seq int64, useful bool) error {
	if !wellFormed(conversation) {
		return fmt.Errorf("save feedback: %w", assistant.ErrNoConversation)
	}
	var saved int64
	err := db.repeat(ctx, func() error {
		tag, err := db.conn.Exec(ctx, sqlSaveFeedback, conversation, seq, useful)
		saved = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("save feedback: %w", translate(err, nil))
	}
	if saved == 0 {
		return fmt.Errorf("save feedback: %w", assistant.ErrNoConversation)
	}
	return nil
}

const sqlOpenEmpty = `INSERT INTO conversations (id, channel) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`

// OpenConversation opens a conversation in which nothing was said yet. Errors: ErrDiskFull, ErrUnavailable.
func (db *DB) OpenConversation(ctx context.Context, channel assistant.Channel) (string, error) {
	id := newConversation()
	err := db.repeat(ctx, func() error {
		_, err := db.conn.Exec(ctx, sqlOpenEmpty, id, channel)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("open conversation: %w", translate(err, nil))
	}
	return id, nil
}
