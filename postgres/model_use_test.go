package postgres

import (
	"sync"
	"testing"
)

func TestSpend(t *testing.T) {
	t.Parallel()
	db := open(t)
	spend := func(month string, requests, tokens int64) [2]int64 {
		t.Helper()
		r, n, err := db.Spend(t.Context(), month, requests, tokens)
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{r, n}
	}
	for i, c := range []struct {
		month            string
		requests, tokens int64
		want             [2]int64
	}{
		{"2026-11", 1, 0, [2]int64{1, 0}}, {"2026-11", 0, 450, [2]int64{1, 450}}, {"2026-12", 1, 7, [2]int64{1, 7}},
		{"2026-11", 2, 3, [2]int64{3, 453}},
	} {
		if got := spend(c.month, c.requests, c.tokens); got != c.want {
			t.Errorf("%d: %v, want %v", i, got, c.want)
		}
	}
	if _, _, err := db.Spend(t.Context(), "November", 1, 0); err == nil {
		t.Error("a month of another form is counted")
	}
}

// Whoever spends at the same time sees a sum of its own: a limit lets exactly as many through as it says.
func TestSpendAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	const spenders, limit = 40, 25
	var group sync.WaitGroup
	let := make(chan bool, spenders)
	for range spenders {
		group.Go(func() {
			sum, _, err := db.Spend(t.Context(), "2026-11", 1, 0)
			if err != nil {
				t.Error(err)
			}
			let <- sum <= limit
		})
	}
	group.Wait()
	close(let)
	through := 0
	for ok := range let {
		if ok {
			through++
		}
	}
	if through != limit {
		t.Errorf("%d of %d are within the limit of %d", through, spenders, limit)
	}
}
