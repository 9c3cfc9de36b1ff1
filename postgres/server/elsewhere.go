//go:build !linux

package server

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Server is our share in the private server; there is none on this system.
type Server struct{}

// Acquire returns ErrPlatform: the binaries are for Linux.
func Acquire(context.Context, Options) (*Server, error) { return nil, ErrPlatform }

// Config returns nil.
func (*Server) Config(string) *pgx.ConnConfig { return nil }

// Tools returns nothing of use.
func (*Server) Tools(string) ToolOptions { return ToolOptions{} }

// Supervise waits for ctx.
func (*Server) Supervise(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return nil
}

// Release does nothing.
func (*Server) Release() error { return nil }

// Used reports false.
func Used(string) bool { return false }
