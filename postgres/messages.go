package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/assistant"
)

// sqlMessages reads a conversation's log. A conversation without messages gives one empty row, an unknown one
// gives none.
const sqlMessages = `
SELECT coalesce(m.seq, 0), coalesce(m.who, ''), coalesce(m.client_id, ''), coalesce(m.created_at, now()),
	m.id, m.sealed, m.answer
FROM conversations c LEFT JOIN messages m ON m.conversation = c.id AND m.seq > $2
WHERE c.id = $1 ORDER BY m.seq`

// Messages are the messages after a place in the conversation, in order.
//
// Errors: assistant.ErrNoConversation, ErrSealBroken, ErrNoKeys, ErrUnavailable.
func (db *DB) Messages(ctx context.Context, conversation string, after int64) ([]assistant.Message, error) {
	if !wellFormed(conversation) {
		return nil, fmt.Errorf("read messages: %w", assistant.ErrNoConversation)
	}
	messages, err := db.messages(ctx, conversation, sqlMessages, conversation, after)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", translate(err, assistant.ErrNoConversation))
	}
	return messages, nil
}

// messages are the messages of a conversation that a query finds; no row at all is pgx.ErrNoRows.
func (db *DB) messages(ctx context.Context, conversation, query string, args ...any) ([]assistant.Message, error) {
	var stored []storedMessage
	err := db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		stored, err = pgx.CollectRows(rows, pgx.RowToStructByPos[storedMessage])
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(stored) == 0 {
		return nil, pgx.ErrNoRows
	}
	messages := make([]assistant.Message, 0, len(stored))
	for _, s := range stored {
		if s.Seq == 0 {
			continue
		}
		m, err := db.unsealed(conversation, s)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// storedMessage is a row of messages as it is read, in the order of the columns.
type storedMessage struct {
	Seq      int64
	Who      assistant.Who
	ClientID string
	At       time.Time
	ID       *messageID
	Sealed   []byte
	Answer   *assistant.Answer
}

func (db *DB) unsealed(conversation string, s storedMessage) (assistant.Message, error) {
	m := assistant.Message{Seq: s.Seq, Who: s.Who, ClientID: s.ClientID, Answer: s.Answer, At: s.At}
	if s.Answer != nil {
		m.Text = s.Answer.Text
		return m, nil
	}
	var err error
	if m.Text, err = db.seal.open(s.Sealed, boundTo(conversation, s.Who, *s.ID)); err != nil {
		return m, fmt.Errorf("message %d: %w", s.Seq, err)
	}
	return m, nil
}

// PendingQuestion is a stored question that the assistant has not answered: the process that worked on it died.
type PendingQuestion struct {
	Question assistant.Question // as it came; asking it again stores nothing twice
	Asked    assistant.Asked    // for SaveAnswer
	At       time.Time          // when it was stored
}

const sqlUnanswered = `
SELECT m.conversation, c.channel, m.seq, m.client_id, m.created_at, m.id, m.sealed, c.memory
FROM messages m JOIN conversations c ON c.id = m.conversation
WHERE m.who = 'citizen' AND NOT m.answered AND NOT m.held
	AND m.created_at <= now() - make_interval(secs => $1)
	AND NOT c.test AND c.state NOT IN ('waiting', 'agent')
ORDER BY m.created_at, m.conversation, m.seq`

// Unanswered are the questions stored before olderThan ago that the assistant has still to answer, the oldest
// first: those of tests and those left to agents are not among them. A question whose seal is broken is left out
// and logged, because it must not keep the others from their answers.
//
// Errors: ErrUnavailable.
func (db *DB) Unanswered(ctx context.Context, olderThan time.Duration) ([]PendingQuestion, error) {
	var pending []PendingQuestion
	err := db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, sqlUnanswered, olderThan.Seconds())
		if err != nil {
			return err
		}
		pending, err = db.scanPending(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read unanswered questions: %w", translate(err, nil))
	}
	return pending, nil
}

func (db *DB) scanPending(rows pgx.Rows) (pending []PendingQuestion, err error) {
	defer rows.Close()
	for rows.Next() {
		var (
			p      PendingQuestion
			id     messageID
			sealed []byte
		)
		q, asked := &p.Question, &p.Asked
		if err := rows.Scan(&q.Conversation, &q.Channel, &asked.Seq, &q.ClientID, &p.At, &id, &sealed, &asked.Memory); err != nil {
			return nil, err
		}
		asked.Conversation, asked.First = q.Conversation, asked.Seq == 1
		if q.Text, err = db.seal.open(sealed, boundTo(q.Conversation, assistant.Citizen, id)); err != nil {
			db.log.Error("question cannot be read, it stays unanswered", "seq", asked.Seq, "asked", p.At, "error", err)
			continue
		}
		pending = append(pending, p)
	}
	return pending, rows.Err()
}
