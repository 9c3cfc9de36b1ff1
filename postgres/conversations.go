package postgres

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"murshid/assistant"
)

// newConversation is an id of 128 random bits, 22 characters long.
func newConversation() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// wellFormed reports whether text can be the id of a conversation. What cannot is unknown without a question to
// the database, which would refuse some byte sequences.
func wellFormed(id string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	return err == nil && len(raw) == 16 && len(id) == 22 // the decoder skips line breaks
}

// storable is a text as PostgreSQL accepts it: valid UTF-8 without NUL.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// sqlOpen opens a conversation with its first message. A second run of the same statement, after a lost
// connection, changes nothing.
const sqlOpen = `
WITH opened AS (
	INSERT INTO conversations (id, channel, test, last_seq) VALUES ($1, $2, $3, 1) ON CONFLICT (id) DO NOTHING
)
INSERT INTO messages (conversation, seq, id, who, client_id, sealed, masked)
VALUES ($1, 1, $4, 'citizen', $5, $6, $7) ON CONFLICT DO NOTHING`

// sqlContinue adds a message to a conversation, in one round trip: its row is locked by the update that gives the
// place, so that places have no gaps. Two runs with the same client_id at the same time end in a unique violation
// for one of them; run again it finds the other's message.
const sqlContinue = `
WITH known AS MATERIALIZED (
	SELECT seq FROM messages WHERE conversation = $1 AND client_id = $3
), place AS (
	UPDATE conversations SET last_seq = last_seq + 1, updated_at = now()
	WHERE id = $1 AND NOT EXISTS (SELECT FROM known)
	RETURNING last_seq, memory, state IN ('waiting', 'agent') AS held
), stored AS (
	INSERT INTO messages (conversation, seq, id, who, client_id, sealed, masked, held)
	SELECT $1, last_seq, $2, 'citizen', $3, $4, $5, held FROM place
)
SELECT last_seq, held, memory, NULL::jsonb,
	CASE WHEN held THEN pg_notify('murshid_messages', $1)::text || pg_notify('murshid_desk', '')::text END
FROM place
UNION ALL
SELECT known.seq, c.state IN ('waiting', 'agent'), c.memory, a.answer, NULL
FROM known JOIN conversations c ON c.id = $1
LEFT JOIN messages a ON a.conversation = $1 AND a.question = known.seq`

// SaveQuestion stores the question before anything works on it, in one round trip: its text sealed, its masked
// text in the clear. It opens the conversation where the question names none. A question whose ClientID is stored
// already is not stored again; one without ClientID gets one. Where agents hold the conversation, they are told.
//
// Errors: assistant.ErrNoConversation, ErrNoKeys, ErrDiskFull, ErrUnavailable.
func (db *DB) SaveQuestion(ctx context.Context, q assistant.Question, masked string) (assistant.Asked, error) {
	save := db.continueConversation
	if q.Conversation == "" {
		q.Conversation = newConversation()
		save = db.openConversation
	} else if !wellFormed(q.Conversation) {
		return assistant.Asked{}, fmt.Errorf("save question: %w", assistant.ErrNoConversation)
	}
	if q.ClientID = storable(q.ClientID); q.ClientID == "" {
		q.ClientID = rand.Text()
	}
	id := newMessageID()
	sealed, err := db.seal.seal(q.Text, boundTo(q.Conversation, assistant.Citizen, id))
	if err != nil {
		return assistant.Asked{}, fmt.Errorf("save question: %w", err)
	}
	asked, err := save(ctx, q, written{id, sealed, storable(masked)})
	if err != nil {
		return assistant.Asked{}, fmt.Errorf("save question: %w", translate(err, assistant.ErrNoConversation))
	}
	return asked, nil
}

// written is a person's message as it is stored.
type written struct {
	id     messageID
	sealed []byte
	masked string
}

func (db *DB) openConversation(ctx context.Context, q assistant.Question, w written) (assistant.Asked, error) {
	err := db.repeat(ctx, func() error {
		_, err := db.conn.Exec(ctx, sqlOpen, q.Conversation, q.Channel, q.Test, w.id, q.ClientID, w.sealed, w.masked)
		return err
	})
	return assistant.Asked{Conversation: q.Conversation, Seq: 1, First: true}, err
}

func (db *DB) continueConversation(ctx context.Context, q assistant.Question, w written) (assistant.Asked, error) {
	asked := assistant.Asked{Conversation: q.Conversation}
	add := func() error {
		return db.conn.QueryRow(ctx, sqlContinue, q.Conversation, w.id, q.ClientID, w.sealed, w.masked).
			Scan(&asked.Seq, &asked.Held, &asked.Memory, &asked.Answer, nil)
	}
	err := db.repeat(ctx, add)
	if sqlState(err) == codeUniqueViolation {
		err = db.repeat(ctx, add)
	}
	asked.First = asked.Seq == 1
	return asked, err
}

// sqlAnswer stores an answer and what it changes, in one round trip. The conversation's row is locked first, as
// in sqlContinue. Two answers to one question at the same time end in a unique violation for one of them.
const sqlAnswer = `
WITH earlier AS MATERIALIZED (
	SELECT seq FROM messages WHERE conversation = $1 AND question = $2
), place AS (
	UPDATE conversations SET last_seq = last_seq + 1, updated_at = now(), memory = $3, language = $4,
		state = CASE WHEN $5 <> '' AND NOT test AND state IN ('assistant', 'resolved') THEN 'waiting' ELSE state END,
		waiting_since = CASE WHEN $5 <> '' AND NOT test AND state IN ('assistant', 'resolved') THEN now() ELSE waiting_since END,
		handoff_reason = CASE WHEN $5 <> '' AND NOT test AND state IN ('assistant', 'resolved') THEN $5 ELSE handoff_reason END
	WHERE id = $1 AND NOT EXISTS (SELECT FROM earlier)
		AND EXISTS (SELECT FROM messages WHERE conversation = $1 AND seq = $2 AND who = 'citizen')
	RETURNING last_seq, test
), asked AS (
	UPDATE messages SET answered = true FROM place WHERE conversation = $1 AND seq = $2
), stored AS (
	INSERT INTO messages (conversation, seq, id, who, question, answer, status, intent, language, procedure,
		confidence, total_ms, embed_ms, search_ms)
	SELECT $1, last_seq, $6, 'assistant', $2, $7, $8, $9, $4, $10, $11, $12, $13, $14 FROM place
)
SELECT last_seq, CASE WHEN NOT test THEN pg_notify('murshid_messages', $1)::text END,
	CASE WHEN NOT test AND $5 <> '' THEN pg_notify('murshid_desk', '')::text END
FROM place
UNION ALL
SELECT seq, NULL, NULL FROM earlier`

// SaveAnswer stores the outcome before it is sent, in one round trip, and puts the conversation before the agents
// where it names a Handoff, unless the conversation is a test. It returns the answer's place in the conversation.
// A question has one answer: where one is stored already, nothing changes and its place is returned. An outcome that
// erases deletes what was said before in the same transaction.
//
// Errors: assistant.ErrNoConversation (also for a question that is not stored), assistant.ErrHeld, ErrDiskFull,
// ErrUnavailable.
func (db *DB) SaveAnswer(ctx context.Context, asked assistant.Asked, o assistant.Outcome) (seq int64, err error) {
	id, a := newMessageID(), o.Answer
	add := func(c conn) error {
		return c.QueryRow(ctx, sqlAnswer, asked.Conversation, asked.Seq, o.Memory, a.Language,
			storable(o.Handoff), id, a, a.Status, a.Intent, a.Procedure, a.Confidence, a.Ms.Total, a.Ms.Embed,
			a.Ms.Search).Scan(&seq, nil, nil)
	}
	save := func() error { return db.repeat(ctx, func() error { return add(db.conn) }) }
	if o.Erase {
		save = func() error { return db.saveErasing(ctx, asked, add) }
	}
	err = save()
	if sqlState(err) == codeUniqueViolation {
		err = save()
	}
	if err != nil {
		return 0, fmt.Errorf("save answer: %w", translate(err, assistant.ErrNoConversation))
	}
	return seq, nil
}
