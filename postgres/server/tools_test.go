//go:build linux

package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"murshid/postgres/server"
	"murshid/postgres/server/servertest"
)

// vectors is a database with what ours has: an extension, vectors and an index.
const vectors = `CREATE EXTENSION vector;
	CREATE TABLE passages (id int PRIMARY KEY, text text NOT NULL, v halfvec(3));
	INSERT INTO passages SELECT n, 'نص ' || n, ARRAY[n, n / 7.0, -n]::halfvec(3) FROM generate_series(1, 500) n;
	CREATE INDEX ON passages USING hnsw (v halfvec_ip_ops)`

// content is what a restore must bring back.
func content(t *testing.T, c *pgx.ConnConfig) []string {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), `SELECT id || text || v::text FROM passages
		UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'passages' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func execute(t *testing.T, c *pgx.ConnConfig, sql string) {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// A dump brings everything back: what was lost, changed or emptied. The
// private server is reached through its folder, a foreign one by TCP.
func TestDumpAndLoad(t *testing.T) {
	t.Parallel()
	s := acquire(t, dataDir(t))
	foreign := throughTCP(t, s)
	for name, reach := range map[string]func(database string) server.ToolOptions{
		"by_socket": s.Tools,
		"by_port":   foreign,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			do(t, s, "CREATE DATABASE "+name)
			c := s.Config(name)
			execute(t, c, vectors)
			want := content(t, c)
			var dump bytes.Buffer
			if err := server.Dump(t.Context(), reach(name), &dump); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(dump.String(), "PGDMP") {
				t.Fatalf("not in the custom format: %.20q", dump.String())
			}
			for _, damage := range []string{
				"DROP TABLE passages",
				"DROP EXTENSION vector CASCADE",
				"DELETE FROM passages WHERE id > 10; INSERT INTO passages VALUES (-1, 'new', NULL)",
			} {
				execute(t, c, damage)
				if err := server.Load(t.Context(), reach(name), bytes.NewReader(dump.Bytes())); err != nil {
					t.Fatalf("after %s: %v", damage, err)
				}
				if diff := cmp.Diff(want, content(t, c)); diff != "" {
					t.Errorf("after %s (-dumped +loaded):\n%s", damage, diff)
				}
			}
		})
	}
}

// throughTCP plays a foreign server: a port that leads to the private one.
func throughTCP(t *testing.T, s *server.Server) func(string) server.ToolOptions {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	private := s.Config("postgres")
	go func() {
		for {
			outer, err := l.Accept()
			if err != nil {
				return
			}
			inner, err := private.DialFunc(context.Background(), "", "")
			if err != nil {
				outer.Close()
				continue
			}
			go pass(outer, inner)
			go pass(inner, outer)
		}
	}()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	return func(database string) server.ToolOptions {
		c, err := pgx.ParseConfig("postgres://" + server.User + ":" + private.Password + "@127.0.0.1:" + port + "/" + database + "?sslmode=disable")
		if err != nil {
			t.Fatal(err)
		}
		return server.ToolOptions{Binaries: servertest.Binaries(t), Config: c}
	}
}

func pass(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	to.Close()
	from.Close()
}

// A dump that is damaged or none changes nothing, and the reason is said.
func TestLoadOfRubbish(t *testing.T) {
	t.Parallel()
	s := acquire(t, dataDir(t))
	execute(t, s.Config("postgres"), vectors)
	want := content(t, s.Config("postgres"))
	var dump bytes.Buffer
	if err := server.Dump(t.Context(), s.Tools("postgres"), &dump); err != nil {
		t.Fatal(err)
	}
	for name, rubbish := range map[string][]byte{
		"empty":     nil,
		"no dump":   []byte("this is not a dump at all, not at all"),
		"cut short": dump.Bytes()[:dump.Len()*2/3],
	} {
		if err := server.Load(t.Context(), s.Tools("postgres"), bytes.NewReader(rubbish)); err == nil {
			t.Errorf("%s: accepted", name)
		} else if !strings.HasPrefix(err.Error(), "pg_restore: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q is not one line of pg_restore", name, err)
		}
		if diff := cmp.Diff(want, content(t, s.Config("postgres"))); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
}

// Tools say what is missing, end with ctx, and pass a full disk on.
func TestToolsThatCannot(t *testing.T) {
	t.Parallel()
	s := acquire(t, dataDir(t))
	o := s.Tools("postgres")
	o.Binaries = filepath.Join(t.TempDir(), "none")
	if err := server.Dump(t.Context(), o, io.Discard); !errors.Is(err, server.ErrBinaries) {
		t.Errorf("no binaries: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Dump(ctx, s.Tools("postgres"), io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	wrong := s.Tools("postgres")
	wrong.Config.Password = "wrong"
	if err := server.Dump(t.Context(), wrong, io.Discard); err == nil {
		t.Error("pg_dump went in with a wrong password")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if err := server.Dump(t.Context(), s.Tools("postgres"), full); err == nil {
		t.Error("a dump to a full disk went well")
	}
}
