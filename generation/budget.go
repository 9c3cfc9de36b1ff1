package generation

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tmc/langchaingo/llms"
)

// Use is what was asked of a model: requests, and tokens of questions and answers as the endpoint counts them.
type Use struct{ Requests, Tokens int64 }

// Budget counts what is spent in a month, over all instances of an installation.
type Budget interface {
	// Spend adds requests and tokens to those of a month (of the form 2006-01, UTC) and returns the month's sums
	// with them. It must be atomic: two instances that spend at once both see their sum. Its types are plain so
	// that a store needs nothing of this package.
	Spend(ctx context.Context, month string, requests, tokens int64) (allRequests, allTokens int64, err error)
}

// Tally is a Budget in memory. It forgets when the process ends.
type Tally struct {
	mu     sync.Mutex
	months map[string]Use
}

// NewTally gives an empty Tally.
func NewTally() *Tally { return &Tally{months: map[string]Use{}} }

// Spend adds to a month. It never fails.
func (t *Tally) Spend(_ context.Context, month string, requests, tokens int64) (allRequests, allTokens int64, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := t.months[month]
	sum.Requests += requests
	sum.Tokens += tokens
	t.months[month] = sum
	return sum.Requests, sum.Tokens, nil
}

// purse is a budget with its limit.
type purse struct {
	budget Budget
	limit  Use
	now    func() time.Time
	spent  atomic.Pointer[string] // the month in which nothing is left
}

func (p *purse) month() string { return p.now().UTC().Format("2006-01") }

// empty reports whether nothing was left in this month when last looked.
func (p *purse) empty() bool {
	spent := p.spent.Load()
	return spent != nil && *spent == p.month()
}

// open pays for one request before it is made. Errors: ErrBudget, and those of the budget as ErrBudget: what cannot be
// counted is not spent.
func (p *purse) open(ctx context.Context) error {
	month := p.month()
	if p.empty() {
		return ErrBudget
	}
	requests, tokens, err := p.budget.Spend(ctx, month, 1, 0)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%w: count: %w", ErrBudget, err)
	}
	if p.limit.Requests > 0 && requests > p.limit.Requests || p.limit.Tokens > 0 && tokens >= p.limit.Tokens {
		p.spent.Store(&month)
		return ErrBudget
	}
	return nil
}

// payTime bounds how long counting may hold a call up after its end.
const payTime = 500 * time.Millisecond

// pay counts what a call took beside its first request. It counts also when the caller has hung up.
func (p *purse) pay(ctx context.Context, attempts int, reply *llms.ContentResponse) error {
	use := Use{Requests: int64(max(attempts-1, 0)), Tokens: tokensOf(reply)}
	if use == (Use{}) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), payTime)
	defer cancel()
	if _, _, err := p.budget.Spend(ctx, p.month(), use.Requests, use.Tokens); err != nil {
		return fmt.Errorf("%w: count: %w", ErrBudget, err)
	}
	return nil
}

// tokensOf are the tokens of question and answer.
func tokensOf(reply *llms.ContentResponse) int64 {
	if reply == nil || len(reply.Choices) == 0 {
		return 0
	}
	n, _ := reply.Choices[0].GenerationInfo["TotalTokens"].(int)
	return int64(max(n, 0))
}
