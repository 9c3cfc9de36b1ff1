//go:build linux

package server_test

import (
	"context"
	"testing"
	"time"
)

// Supervise brings a killed server back and says so; sessions work again.
func TestSupervise(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	s := acquire(t, dir)
	do(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	back, ended := make(chan struct{}, 9), make(chan error, 1)
	go func() { ended <- s.Supervise(context.Background(), func() { back <- struct{}{} }) }()
	for range 2 {
		kill9(t, postmaster(t, dir))
		select {
		case <-back:
		case <-time.After(10 * time.Second):
			t.Fatal("the server did not come back")
		}
		if n := ask[int](t, s, "SELECT n FROM kept"); n != 7 {
			t.Errorf("read %d", n)
		}
	}
	release(t, s)
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("Supervise outlives Release")
	}
}
