package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"murshid/assistant"
	"murshid/postgres/server/servertest"
)

func TestTranslate(t *testing.T) {
	t.Parallel()
	missing := errors.New("missing")
	for name, test := range map[string]struct{ err, want error }{
		"nothing":       {nil, nil},
		"no rows":       {fmt.Errorf("scan: %w", pgx.ErrNoRows), missing},
		"disk full":     {&pgconn.PgError{Code: "53100"}, ErrDiskFull},
		"shut down":     {&pgconn.PgError{Code: "57P01"}, ErrUnavailable},
		"starting":      {&pgconn.PgError{Code: "57P03"}, ErrUnavailable},
		"crowded":       {&pgconn.PgError{Code: "53300"}, ErrUnavailable},
		"link failure":  {&pgconn.PgError{Code: "08006"}, ErrUnavailable},
		"cut off":       {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), ErrUnavailable},
		"refused":       {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, ErrUnavailable},
		"cancelled":     {fmt.Errorf("query: %w", context.Canceled), context.Canceled},
		"out of time":   {fmt.Errorf("query: %w", context.DeadlineExceeded), context.DeadlineExceeded},
		"our own error": {assistant.ErrNoConversation, assistant.ErrNoConversation},
	} {
		got := translate(test.err, missing)
		if !errors.Is(got, test.want) {
			t.Errorf("%s: %v", name, got)
		}
		if !errors.Is(test.want, ErrUnavailable) && errors.Is(got, ErrUnavailable) {
			t.Errorf("%s: counts as lost: %v", name, got)
		}
	}
	if err := (&pgconn.PgError{Code: "23505"}); !errors.Is(translate(err, nil), err) {
		t.Error("an error without meaning is changed")
	}
}

// Nothing listens: every way in says so with the same error.
func TestNoServer(t *testing.T) {
	t.Parallel()
	config, err := pgx.ParseConfig("host=127.0.0.1 port=1 user=x dbname=x sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Config: config}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Open = %v", err)
	}
}

// The server goes away and does not come back.
func TestServerGone(t *testing.T) {
	t.Parallel()
	config := servertest.Database(t)
	dial, gone := config.DialFunc, errors.New("gone")
	var away atomic.Bool
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if away.Load() {
			return nil, &net.OpError{Op: "dial", Err: gone}
		}
		return dial(ctx, network, address)
	}
	db := openOn(t, config, newSeal(t, 1))
	asked := ask(t, db, "", "a", "x")
	away.Store(true)
	db.pool.Reset()
	if _, err := db.Messages(t.Context(), asked.Conversation, 0); !errors.Is(err, ErrUnavailable) || !errors.Is(err, gone) {
		t.Errorf("Messages = %v", err)
	}
	if err := db.Ping(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Ping = %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), breath/2)
	defer cancel()
	began := time.Now()
	if _, err := db.Waiting(ctx); err == nil || time.Since(began) >= breath {
		t.Errorf("Waiting = %v after %v: the pause outlasts its context", err, time.Since(began))
	}
}
