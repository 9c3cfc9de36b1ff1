package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"murshid/assistant"
	"murshid/desk"
)

const sqlWaiting = `
SELECT c.id, c.channel, c.language, c.waiting_since, c.handoff_reason, coalesce(c.memory ->> 'procedure', ''),
	coalesce(asked.masked, ''), c.last_seq
FROM conversations c LEFT JOIN LATERAL (
	SELECT masked FROM messages WHERE conversation = c.id AND who = 'citizen' ORDER BY seq DESC LIMIT 1
) asked ON true
WHERE c.state IN ('waiting', 'agent')
ORDER BY c.waiting_since, c.id`

// Waiting are the conversations that wait for an agent or that one has replied in, the longest first, until they
// are resolved. Tests are never among them. Errors: ErrUnavailable.
func (db *DB) Waiting(ctx context.Context) ([]desk.Waiting, error) {
	var waiting []desk.Waiting
	err := db.repeat(ctx, func() error {
		rows, err := db.conn.Query(ctx, sqlWaiting)
		if err != nil {
			return err
		}
		waiting, err = pgx.CollectRows(rows, pgx.RowToStructByPos[desk.Waiting])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read waiting conversations: %w", translate(err, nil))
	}
	return waiting, nil
}

const sqlTranscript = `
WITH trace AS (
	INSERT INTO accesses (agent, conversation, act) SELECT $3, id, 'read' FROM conversations WHERE id = $1
)` + sqlMessages

// Transcript is a conversation's log; that the agent read it is recorded in the same statement.
//
// Errors: assistant.ErrNoConversation, ErrSealBroken, ErrNoKeys, ErrUnavailable.
func (db *DB) Transcript(ctx context.Context, agent, conversation string) ([]assistant.Message, error) {
	if !wellFormed(conversation) {
		return nil, fmt.Errorf("read transcript: %w", assistant.ErrNoConversation)
	}
	messages, err := db.messages(ctx, conversation, sqlTranscript, conversation, 0, agent)
	if err != nil {
		return nil, fmt.Errorf("read transcript: %w", translate(err, assistant.ErrNoConversation))
	}
	return messages, nil
}

const sqlReply = `
WITH place AS (
	UPDATE conversations SET last_seq = last_seq + 1, updated_at = now(), state = 'agent', assignee = $2
	WHERE id = $1 AND state IN ('waiting', 'agent')
	RETURNING last_seq
), stored AS (
	INSERT INTO messages (conversation, seq, id, who, sealed, agent) SELECT $1, last_seq, $3, 'agent', $4, $2 FROM place
), trace AS (
	INSERT INTO accesses (agent, conversation, act) SELECT $2, $1, 'replied' FROM place
)
SELECT last_seq, pg_notify('murshid_messages', $1)::text || pg_notify('murshid_desk', '')::text FROM place`

// Reply adds the agent's text to a conversation that waits, and tells those who watch it. It returns the text's
// place in the conversation. The conversation is the agent's from then on. A reply whose outcome a lost connection
// left open is not repeated: the agent sees in the transcript whether it stands there.
//
// Errors: desk.ErrNotWaiting, assistant.ErrNoConversation, ErrNoKeys, ErrDiskFull, ErrUnavailable.
func (db *DB) Reply(ctx context.Context, agent, conversation, text string) (seq int64, err error) {
	id := newMessageID()
	sealed, err := db.seal.seal(text, boundTo(conversation, assistant.AgentReply, id))
	if err != nil {
		return 0, fmt.Errorf("reply: %w", err)
	}
	err = db.held(ctx, conversation, func() error {
		return db.conn.QueryRow(ctx, sqlReply, conversation, agent, id, sealed).Scan(&seq, nil)
	})
	if err != nil {
		return 0, fmt.Errorf("reply: %w", err)
	}
	return seq, nil
}

// The questions still open when an agent gives the conversation back were the agent's: the assistant must not
// answer them at its next start.
const sqlResolve = `
WITH place AS (
	UPDATE conversations SET state = 'resolved', waiting_since = NULL, updated_at = now()
	WHERE id = $1 AND state IN ('waiting', 'agent')
	RETURNING id
), left_open AS (
	UPDATE messages SET held = true FROM place
	WHERE conversation = place.id AND who = 'citizen' AND NOT answered AND NOT held
), trace AS (
	INSERT INTO accesses (agent, conversation, act) SELECT $2, id, 'resolved' FROM place
)
SELECT pg_notify('murshid_messages', $1)::text || pg_notify('murshid_desk', '')::text FROM place`

// Resolve gives the conversation back to the assistant.
//
// Errors: desk.ErrNotWaiting, assistant.ErrNoConversation, ErrDiskFull, ErrUnavailable.
func (db *DB) Resolve(ctx context.Context, agent, conversation string) error {
	err := db.held(ctx, conversation, func() error {
		return db.conn.QueryRow(ctx, sqlResolve, conversation, agent).Scan(nil)
	})
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	return nil
}

// held runs a change of a conversation that agents hold. Where it finds no row, the conversation waits for nobody
// or does not exist.
func (db *DB) held(ctx context.Context, conversation string, change func() error) error {
	if !wellFormed(conversation) {
		return assistant.ErrNoConversation
	}
	err := translate(change(), desk.ErrNotWaiting)
	if !errors.Is(err, desk.ErrNotWaiting) {
		return err
	}
	var found bool
	const query = "SELECT true FROM conversations WHERE id = $1"
	if err := db.conn.QueryRow(ctx, query, conversation).Scan(&found); err != nil {
		return translate(err, assistant.ErrNoConversation)
	}
	return desk.ErrNotWaiting
}
