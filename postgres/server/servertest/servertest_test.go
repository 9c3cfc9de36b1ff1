package servertest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"murshid/postgres/server/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// Two tests at the same time must not see each other's tables.
func TestDatabaseIsTheTestsOwn(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := pgx.ConnectConfig(t.Context(), servertest.Database(t))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			if _, err := conn.Exec(t.Context(), "CREATE EXTENSION vector; CREATE TABLE mine (v halfvec(3))"); err != nil {
				t.Fatal(err)
			}
		})
	}
}
