//go:build linux

package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// open holds the cluster's folder open, anew when it was replaced.
func (s *Server) open() error {
	now, err := s.folder.cluster()
	if err != nil {
		return err
	}
	if s.cluster != nil {
		was, errWas := s.cluster.dir.Stat()
		is, errIs := now.dir.Stat()
		if errWas == nil && errIs == nil && os.SameFile(was, is) {
			return now.dir.Close()
		}
		defer s.cluster.dir.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cluster = now
	return nil
}

// greet connects once; nil means that the server answers, any other error that
// is not final that it may still be starting or stopping.
func (s *Server) greet(ctx context.Context) error {
	if err := s.open(); err != nil {
		return err
	}
	if err := s.configure(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, s.Config("postgres"))
	if err == nil {
		return conn.Close(ctx)
	}
	if no, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch no.Code {
		case "28P01", "28000": // wrong password, no such role
			return ErrPassword
		case "53300": // every connection is in use: it does answer
			return nil
		}
		if !strings.HasPrefix(no.Code, "57") { // neither starting nor stopping
			return fmt.Errorf("%w (%s)", ErrUnreachable, no.Message)
		}
	}
	return err
}

// final reports that to greet again would change nothing.
func final(err error) bool {
	return err == nil || errors.Is(err, ErrPassword) || errors.Is(err, ErrUnreachable) || errors.Is(err, ErrForbidden)
}

// configure reads the password and prepares the connection's configuration.
func (s *Server) configure() error {
	secret, err := s.folder.root.ReadFile(passwordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrPassword
	} else if err != nil {
		return meaning(err)
	}
	c, err := pgx.ParseConfig("host=/ port=5432 user=" + User + " dbname=postgres sslmode=disable target_session_attrs=any")
	if err != nil {
		return fmt.Errorf("a PG… variable of the environment is wrong: %w", err)
	}
	c.Host = filepath.Join(s.folder.path, clusterDir) // for messages; dial knows better
	c.Password = strings.TrimSpace(string(secret))
	c.RequireAuth = "scram-sha-256" // never let in by trust
	c.RuntimeParams = map[string]string{"application_name": "murshid"}
	c.ConnectTimeout = 10 * time.Second
	c.DialFunc = s.dial
	s.mu.Lock()
	defer s.mu.Unlock()
	s.config = c
	return nil
}

// Config returns what pgx needs to connect to a database of the server. It
// also serves as the ConnConfig of a pgxpool.Config, and holds as long as the
// Server is not released.
func (s *Server) Config(database string) *pgx.ConnConfig {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.config.Copy()
	c.Database = database
	return c
}

// dial reaches the socket through the open folder, whatever its path.
func (s *Server) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.cluster == nil {
		return nil, net.ErrClosed
	}
	var d net.Dialer
	return d.DialContext(ctx, "unix", s.cluster.path(socketFile))
}
