package webchat

import (
	"context"
	"time"
)

// patience is how long Drain waits, after its deadline, for turns to notice that they are to stop, and a closed
// connection for its client to say goodbye.
const patience = 2 * time.Second

// Connections is how many clients are connected.
func (c *Chat) Connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.conns)
}

// register reports false when the server is closing or full.
func (c *Chat) register(k *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing() || len(c.conns) >= c.Limits.Connections {
		return false
	}
	c.conns[k] = struct{}{}
	c.open.Add(1)
	return true
}

func (c *Chat) unregister(k *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, k)
	c.open.Done()
}

func (c *Chat) closing() bool {
	select {
	case <-c.draining:
		return true
	default:
		return false
	}
}

// Drain ends all connections: what was asked is answered first, then each client is told with close code 1001 to
// connect again. A server that shuts down leaves its websockets open, so Drain is to be called besides. When ctx
// ends first, running turns are cancelled and its error is returned.
func (c *Chat) Drain(ctx context.Context) error {
	c.mu.Lock()
	if !c.closing() {
		close(c.draining)
	}
	c.mu.Unlock()
	defer c.cancel()
	done := make(chan struct{})
	go func() {
		c.open.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	c.cancel()
	c.abort()
	select {
	case <-done:
	case <-time.After(patience):
	}
	return ctx.Err()
}

// abort closes what is still open.
func (c *Chat) abort() {
	c.mu.Lock()
	open := make([]*conn, 0, len(c.conns))
	for k := range c.conns {
		open = append(open, k)
	}
	c.mu.Unlock()
	for _, k := range open {
		k.goodbye()
		k.fail()
	}
}
