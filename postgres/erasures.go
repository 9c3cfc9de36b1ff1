package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/assistant"
)

const sqlKept = `
SELECT count(m.seq)::int, coalesce(min(m.created_at), now()),
	(SELECT count(*)::int FROM accesses WHERE conversation = c.id AND act = 'read')
FROM conversations c LEFT JOIN messages m ON m.conversation = c.id AND m.seq > c.erased_seq
WHERE c.id = $1 GROUP BY c.id`

// Kept tells what is kept of a conversation. Errors: assistant.ErrNoConversation, ErrUnavailable.
func (db *DB) Kept(ctx context.Context, conversation string) (kept assistant.Kept, err error) {
	if !wellFormed(conversation) {
		return kept, fmt.Errorf("read what is kept: %w", assistant.ErrNoConversation)
	}
	err = db.repeat(ctx, func() error {
		return db.conn.QueryRow(ctx, sqlKept, conversation).Scan(&kept.Messages, &kept.Since, &kept.Reads)
	})
	if err != nil {
		return kept, fmt.Errorf("read what is kept: %w", translate(err, assistant.ErrNoConversation))
	}
	return kept, nil
}

// saveErasing stores an answer and deletes what was said before it, in one transaction. Where the question has its
// answer already, nothing changes.
func (db *DB) saveErasing(ctx context.Context, asked assistant.Asked, store func(conn) error) error {
	return db.repeat(ctx, func() error {
		return pgx.BeginFunc(ctx, db.conn, func(tx pgx.Tx) error {
			if err := db.erase(ctx, tx, asked); err != nil {
				return err
			}
			return store(tx)
		})
	})
}

const (
	sqlLockErased = `
SELECT c.state IN ('waiting', 'agent'), m.answered, m.id
FROM conversations c JOIN messages m ON m.conversation = c.id AND m.seq = $2 AND m.who = 'citizen'
WHERE c.id = $1 FOR UPDATE OF c`

	// The answers to deleted questions and what people thought of them go with them.
	sqlErase = `
WITH gone AS (
	DELETE FROM messages WHERE conversation = $1 AND seq < $2 RETURNING seq
), blank AS (
	UPDATE messages SET sealed = $3, masked = '' WHERE conversation = $1 AND seq = $2
), forgotten AS (
	UPDATE conversations SET erased_seq = $2, state = 'assistant', handoff_reason = '', assignee = NULL WHERE id = $1
)
INSERT INTO erasures (conversation, messages, cause) SELECT $1, count(*) + 1, 'wish' FROM gone`
)

// erase deletes the messages before a question, and the question's text. Errors: assistant.ErrHeld.
func (db *DB) erase(ctx context.Context, tx pgx.Tx, asked assistant.Asked) error {
	var (
		held, answered bool
		id             messageID
	)
	if err := tx.QueryRow(ctx, sqlLockErased, asked.Conversation, asked.Seq).Scan(&held, &answered, &id); err != nil {
		return err
	}
	switch {
	case answered:
		return nil
	case held:
		return assistant.ErrHeld
	}
	empty, err := db.seal.seal("", boundTo(asked.Conversation, assistant.Citizen, id))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlErase, asked.Conversation, asked.Seq, empty)
	return err
}

// Purged is how many conversations a purge deleted.
type Purged struct {
	Unused  int64 // nothing was ever said in them, or nothing but the deletion of what was
	Expired int64 // older than the retention
}

// unusedAfter is how long an empty conversation waits for its first message: a page that stays open over night keeps
// its own.
const unusedAfter = 24 * time.Hour

// purgeBatch is how many conversations go in one transaction, so that no lock is held for long.
const purgeBatch = 500

const (
	sqlPurgeUnused = `
DELETE FROM conversations WHERE id IN (
	SELECT id FROM conversations
	WHERE (last_seq = 0 OR (erased_seq > 0 AND last_seq <= erased_seq + 1))
		AND state NOT IN ('waiting', 'agent') AND updated_at < now() - make_interval(secs => $1)
	LIMIT $2 FOR UPDATE SKIP LOCKED)`

	// An open hand-over keeps its conversation however old it is. No index serves this: one on updated_at would cost
	// every message, a look through all conversations now and then costs milliseconds.
	sqlPurgeExpired = `
WITH old AS MATERIALIZED (
	SELECT id FROM conversations
	WHERE state NOT IN ('waiting', 'agent') AND updated_at < now() - make_interval(secs => $1)
	LIMIT $2 FOR UPDATE SKIP LOCKED
), trace AS (
	INSERT INTO erasures (conversation, messages, cause)
	SELECT id, (SELECT count(*) FROM messages m WHERE m.conversation = old.id), 'age' FROM old
)
DELETE FROM conversations USING old WHERE conversations.id = old.id`
)

// Purge deletes conversations that were opened and never used, older than a day, and those whose last message is
// older than the retention. What agents work on stays. Errors: ErrDiskFull, ErrUnavailable.
func (db *DB) Purge(ctx context.Context, retention time.Duration) (purged Purged, err error) {
	if purged.Unused, err = db.purge(ctx, sqlPurgeUnused, unusedAfter); err == nil {
		purged.Expired, err = db.purge(ctx, sqlPurgeExpired, retention)
	}
	if err != nil {
		return purged, fmt.Errorf("purge: %w", translate(err, nil))
	}
	return purged, nil
}

// errNoRetention guards against deleting everything.
var errNoRetention = errors.New("the retention is not longer than nothing")

func (db *DB) purge(ctx context.Context, query string, age time.Duration) (total int64, err error) {
	if age <= 0 {
		return 0, errNoRetention
	}
	for {
		tag, err := db.conn.Exec(ctx, query, age.Seconds(), purgeBatch)
		if err != nil {
			return total, err
		}
		if total += tag.RowsAffected(); tag.RowsAffected() < purgeBatch {
			return total, nil
		}
	}
}
