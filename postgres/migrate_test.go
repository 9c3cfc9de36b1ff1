package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server/servertest"
)

func TestMigrateAtOnceAndAgain(t *testing.T) {
	t.Parallel()
	config := servertest.Database(t)
	var group sync.WaitGroup
	errs := make(chan error, 8)
	for range 8 {
		group.Go(func() { errs <- Migrate(t.Context(), config) })
	}
	group.Wait()
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	db := openOn(t, config, newSeal(t, 1)) // once more
	const twice = "SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version"
	if n := scalar[int](t, db, twice); n != 0 {
		t.Errorf("%d migrations ran twice", n)
	}
	if ef := scalar[string](t, db, "SHOW hnsw.ef_search"); ef != "70" {
		t.Errorf("hnsw.ef_search = %s, want 70", ef)
	}
	if v := scalar[string](t, db, "SELECT '[1,2]'::halfvec::text"); v != "[1,2]" {
		t.Errorf("halfvec %s", v)
	}
}

// All of a wait for another migration ends with its context.
func TestMigrateWaits(t *testing.T) {
	t.Parallel()
	config := servertest.Database(t)
	other, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background())
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1)", int64(gateID)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Migrate(ctx, config) }()
	const waits = "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
	for n := 0; n == 0; {
		if err := other.QueryRow(t.Context(), waits).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Migrate = %v", err)
	}
}

func TestForeignServerMustFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change string
		want   error
	}{
		"pgvector too old": {"UPDATE pg_extension SET extversion = '0.8.1' WHERE extname = 'vector'", ErrVectorOld},
		"schema too new":   {"INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", ErrSchemaNewer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			execute(t, db, test.change)
			if err := Migrate(t.Context(), db.config); !errors.Is(err, test.want) {
				t.Errorf("Migrate = %v, want %v", err, test.want)
			}
		})
	}
}

// A role that may not create the extension is told what to do; once it is there the role needs nothing more.
func TestRoleWithoutRights(t *testing.T) {
	t.Parallel()
	config := servertest.Database(t)
	admin, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	role := "r_" + config.Database
	set := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	set("CREATE ROLE " + role + " LOGIN PASSWORD 'x'; GRANT CREATE, USAGE ON SCHEMA public TO " + role)
	t.Cleanup(func() {
		c, err := pgx.ConnectConfig(context.Background(), config)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(context.Background())
		if _, err := c.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	poor := config.Copy()
	poor.User, poor.Password = role, "x"
	if err := Migrate(t.Context(), poor); !errors.Is(err, ErrVectorMissing) {
		t.Errorf("Migrate = %v, want %v", err, ErrVectorMissing)
	}
	set("CREATE EXTENSION vector")
	db := openOn(t, poor, newSeal(t, 1))
	answer(t, db, ask(t, db, "", "", "x"), "")
	if ef := scalar[string](t, db, "SHOW hnsw.ef_search"); ef != "70" {
		t.Errorf("hnsw.ef_search = %s, want 70", ef)
	}
}

func TestOlder(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"0.8.2": false, "0.8.1": true, "0.8.10": false, "0.8": true, "0.10.0": false,
		"1.0": false, "1": false, "0.8.2-dev": true, "": true} {
		if got := older(version, oldestVector); got != want {
			t.Errorf("older(%q) = %v", version, got)
		}
	}
}
