package postgres

import (
	"context"
	"fmt"
)

// sqlSpend adds to a month under its row's lock: instances that spend at once both see their sum.
const sqlSpend = `
INSERT INTO model_use (month, requests, tokens) VALUES ($1, $2, $3)
ON CONFLICT (month) DO UPDATE SET requests = model_use.requests + excluded.requests, tokens = model_use.tokens + excluded.tokens
RETURNING requests, tokens`

// Spend adds requests and tokens to those of a month, of the form 2006-01 in UTC, and returns the month's sums with them.
// It is not tried again where the connection is lost: what was counted already would count twice. Errors: ErrDiskFull,
// ErrUnavailable.
func (db *DB) Spend(ctx context.Context, month string, requests, tokens int64) (allRequests, allTokens int64, err error) {
	if err := db.conn.QueryRow(ctx, sqlSpend, month, requests, tokens).Scan(&allRequests, &allTokens); err != nil {
		return 0, 0, fmt.Errorf("spend: %w", translate(err, nil))
	}
	return allRequests, allTokens, nil
}
