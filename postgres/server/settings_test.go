//go:build linux

package server

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]error{
		`PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device`:                     ErrDiskFull,
		`FATAL:  could not extend file "base/5/2613": Disk quota exceeded`:                                 ErrDiskFull,
		`FATAL:  could not resize shared memory segment "/PostgreSQL.1": No space left on device`:          nil,
		`initdb: error: could not look up effective user ID 64777: user does not exist`:                    ErrNoUser,
		`postgres: /lib/libc.so.6: version 'GLIBC_2.28' not found (required by postgres)`:                  ErrPlatform,
		`postgres: error while loading shared libraries: libz.so.1: cannot open shared object file`:        ErrPlatform,
		`FATAL:  data directory "/proc/self/fd/3" has wrong ownership`:                                     ErrForbidden,
		`FATAL:  database files are incompatible with server`:                                              nil,
		`LOG:  database system was interrupted; last known up at 2026-01-31 10:00:00 UTC` + "\n" + `ready`: nil,
	} {
		if got := explain(line); !errors.Is(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s\n is explained as %v, want %v", line, got, want)
		}
	}
}

func TestComplaint(t *testing.T) {
	t.Parallel()
	text := "2026 LOG:  starting\n2026 FATAL:  database files are incompatible with server\n2026 LOG:  database system is shut down\n"
	if got, want := complaint(text), "FATAL:  database files are incompatible with server"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Only postgres itself counts as a process of the cluster, not whoever names it.
func TestShows(t *testing.T) {
	t.Parallel()
	for cmdline, want := range map[string]bool{
		"/opt/bin/postgres\x00-D\x00/proc/self/fd/3\x00-c\x00cluster_name=murshid-1-2\x00-c\x00jit=off\x00": true,
		"/opt/bin/postgres\x00-c\x00cluster_name=murshid-1-23\x00":                                          false,
		"postgres: murshid-1-2: checkpointer \x00\x00":                                                      true,
		"postgres: murshid-1-23: checkpointer \x00":                                                         false,
		"grep\x00cluster_name=murshid-1-2\x00":                                                              false,
		"less\x00postgres: murshid-1-2: \x00":                                                               false,
		"":                                                                                                  false,
	} {
		if got := shows(cmdline, "murshid-1-2"); got != want {
			t.Errorf("%q: %v, want %v", cmdline, got, want)
		}
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	args := arguments("murshid-1-2", map[string]string{"jit": "on"})
	for want, there := range map[string]bool{"listen_addresses=": true, "jit=on": true, "jit=off": false, "max_wal_size=1GB": true} {
		if slices.Contains(args, want) != there {
			t.Errorf("%s: found %v, want %v", want, !there, there)
		}
	}
	for bytes, want := range map[uint64]string{512 << 20: "64MB", 2 << 30: "64MB", 4 << 30: "256MB"} {
		if got := sharedBuffers(bytes); got != want {
			t.Errorf("with %d bytes %s, want %s", bytes, got, want)
		}
	}
	if m := memory(); m < 64<<20 || m > 1<<50 {
		t.Errorf("the machine has %d bytes", m)
	}
}

// A user number must exist in the user namespace of a container.
func TestIDMap(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "uid_map")
	if err := os.WriteFile(file, []byte("         0       1000          1\n         1     100000      65536\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ids := idMap(file)
	for id, want := range map[int]bool{0: true, 1: true, 64777: true, 65536: true, 65537: false} {
		if ids.holds(id) != want {
			t.Errorf("holds(%d) is %v", id, !want)
		}
	}
	if only := (idRanges{{0, 1}}); only.holds(firstUID) {
		t.Error("a namespace with root alone holds the server's user")
	}
	if _, err := nobody(passwd(), idRanges{{0, 1}}); !errors.Is(err, ErrNoUser) {
		t.Errorf("nobody to become: %v", err)
	}
}

// What libpq is told must lead to the server that pgx goes to.
func TestForeign(t *testing.T) {
	t.Parallel()
	for from, want := range map[string][]string{
		"postgres://u:p@db.example.org:6000/d?sslmode=verify-full&sslrootcert=system&pool_max_conns=4": {
			"PGHOST=db.example.org", "PGPORT=6000", "PGSSLMODE=verify-full", "PGSSLROOTCERT=system"},
		"host=a.example.org,b.example.org port=1,2 user=u password='it\\'s = so' dbname=d sslmode = 'require'": {
			"PGHOST=a.example.org,b.example.org", "PGPORT=1,2", "PGSSLMODE=require"},
		"postgres://u@db.example.org/d": {"PGHOST=db.example.org", "PGPORT=5432"},
	} {
		c, err := pgx.ParseConfig(from)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, foreign(c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", from, diff)
		}
	}
}
