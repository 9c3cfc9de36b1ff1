//go:build linux

package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Server is our share in the private server of a data folder. All processes
// that use the folder share one server.
type Server struct {
	options Options
	log     *slog.Logger
	folder  *folder

	change sync.Mutex // held while we start or leave the server
	users  *lock      // nil before the first start and after Release
	child  int        // pid of a postmaster that is our child

	mu      sync.RWMutex // guards what connections need
	cluster *cluster     // nil before the first start and after Release
	config  *pgx.ConnConfig
	life    life
}

// Acquire starts the private server of a data folder or adopts the one that
// runs; it makes the cluster when there is none and takes over what a kill
// left behind. Whoever acquired it must Release it. The error is one of the
// sentinels of this package whenever a person can do something about it.
func Acquire(ctx context.Context, o Options) (*Server, error) {
	f, err := openFolder(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open data folder: %w", err)
	}
	s := &Server{options: o, log: o.Log, folder: f}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.change.Lock()
	defer s.change.Unlock()
	if err := s.ensure(ctx); err != nil {
		if !errors.Is(err, errSlow) {
			// A server that we began to start must not stay without a user;
			// one that is still recovering may go on for the next.
			err = errors.Join(err, s.leave())
		}
		return nil, errors.Join(fmt.Errorf("start the database: %w", err), s.close())
	}
	return s, nil
}

// Tools returns what Dump and Load need for a database of the server. It holds
// as long as the Server is not released.
func (s *Server) Tools(database string) ToolOptions {
	s.mu.RLock()
	cluster := s.cluster
	s.mu.RUnlock()
	o := ToolOptions{Binaries: s.options.Binaries, Config: s.Config(database)}
	if cluster != nil {
		o.Socket = cluster.dir
	}
	return o
}

// Release ends our use of the server; the last user stops it. Close every
// connection before. A second call does nothing.
func (s *Server) Release() error {
	s.change.Lock()
	defer s.change.Unlock()
	return errors.Join(s.leave(), s.close())
}

// close drops what we hold open; the kernel gives our locks free.
func (s *Server) close() error {
	var errs []error
	if s.users != nil {
		errs = append(errs, s.users.Close())
		s.users = nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cluster != nil {
		errs = append(errs, s.cluster.dir.Close())
		s.cluster = nil
	}
	if s.folder != nil {
		errs = append(errs, s.folder.root.Close())
		s.folder = nil
	}
	return errors.Join(errs...)
}
