package e5

import (
	"sync"
	"sync/atomic"
	"time"
)

// phases shares the work of a forward pass out among its threads: phase after
// phase, each in one unit a thread. A phase begins when all units of the one
// before are done. A thread does its own unit, which its caches know, and then
// those that others have not begun: who has lost its processor to another
// program holds nobody up by work it has not begun.
type phases struct {
	units   int32 // as many as threads
	claimed [layers + 1][maxThreads]atomic.Bool
	done    [layers + 1]atomic.Int32
	slept   atomic.Bool // a thread waited in vain for another
	mu      sync.Mutex
	ended   sync.Cond // the last unit of some phase is done
}

// A thread that waits for the end of a phase looks for twice the time its own
// unit took before it sleeps. Sleeping sooner would cost more than it saves;
// later, the other's processor has been taken away, and looking on would only
// keep it from coming back.
const (
	firstPatience   = 2 * time.Millisecond // before it knows how long a unit takes
	longestPatience = 5 * time.Millisecond
)

func newPhases(units int) *phases {
	p := &phases{units: int32(units)}
	p.ended.L = &p.mu
	return p
}

// run does units of every phase until all are done; work gets the phase and the
// unit. Each thread of the pass, 0 to units-1, calls it.
func (p *phases) run(thread int, work func(phase, unit int)) {
	patience := firstPatience
	for phase := range p.claimed {
		for i := range int(p.units) {
			unit := (thread + i) % int(p.units)
			if !p.claimed[phase][unit].CompareAndSwap(false, true) {
				continue
			}
			start := time.Now()
			work(phase, unit)
			patience = min(2*time.Since(start), longestPatience)
			p.finish(phase)
		}
		p.wait(phase, patience)
	}
}

func (p *phases) finish(phase int) {
	if p.done[phase].Add(1) == p.units {
		p.mu.Lock() // nobody may fall asleep between looking and this
		defer p.mu.Unlock()
		p.ended.Broadcast()
	}
}

// wait returns when all units of the phase are done.
func (p *phases) wait(phase int, patience time.Duration) {
	const looks = 100 // between two looks at the clock
	start := time.Now()
	for i := 0; p.done[phase].Load() != p.units; i++ {
		if i%looks == looks-1 && time.Since(start) > patience {
			p.sleep(phase)
			return
		}
	}
}

func (p *phases) sleep(phase int) {
	p.slept.Store(true)
	p.mu.Lock()
	for p.done[phase].Load() != p.units {
		p.ended.Wait()
	}
	p.mu.Unlock()
}
