package e5

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestPhases: every unit of every phase is done once, after all of the phase
// before, also when a thread is so slow that the others sleep.
func TestPhases(t *testing.T) {
	t.Parallel()
	for threads := 1; threads <= maxThreads; threads++ {
		p := newPhases(threads)
		var done [layers + 1][maxThreads]atomic.Int32
		var wg sync.WaitGroup
		for thread := range threads {
			wg.Go(func() {
				p.run(thread, func(phase, unit int) {
					if thread == 1 && phase%4 == 0 {
						time.Sleep(2 * time.Millisecond)
					}
					for other := range threads {
						if phase > 0 && done[phase-1][other].Load() != 1 {
							t.Errorf("phase %d began before unit %d of the last was done", phase, other)
						}
					}
					done[phase][unit].Add(1)
				})
			})
		}
		wg.Wait()
		if threads == 1 && p.slept.Load() {
			t.Error("a thread alone slept")
		}
		for phase := range done {
			for unit := range threads {
				if n := done[phase][unit].Load(); n != 1 {
					t.Errorf("%d threads: unit %d of phase %d was done %d times", threads, unit, phase, n)
				}
			}
		}
	}
}

// TestPhasesLate: a thread that never comes is not waited for.
func TestPhasesLate(t *testing.T) {
	t.Parallel()
	p := newPhases(2)
	n := 0
	p.run(1, func(int, int) { n++ })
	if n != 2*(layers+1) {
		t.Errorf("%d units done by the only thread", n)
	}
	p.run(0, func(phase, unit int) { t.Errorf("unit %d of phase %d done again", unit, phase) })
}
