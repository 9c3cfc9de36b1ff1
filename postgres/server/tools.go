package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Dump writes a database in pg_dump's custom format, for Load.
func Dump(ctx context.Context, o ToolOptions, w io.Writer) error {
	c, err := o.command(ctx, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password")
	if err != nil {
		return err
	}
	// Through a pipe of ours: pg_dump itself does not notice that the last
	// part of a small dump did not fit on the disk.
	c.Stdout = struct{ io.Writer }{w}
	return run(ctx, c)
}

// Load replaces what a database holds by a dump: every object of the dump is
// dropped and made again, in one transaction, so that a bad dump changes nothing.
func Load(ctx context.Context, o ToolOptions, r io.Reader) error {
	c, err := o.command(ctx, "pg_restore", "--clean", "--if-exists", "--single-transaction",
		"--no-owner", "--no-privileges", "--no-password", "--dbname="+o.Config.Database)
	if err != nil {
		return err
	}
	c.Stdin = r
	return run(ctx, c)
}

// command prepares a tool. It gets the password through its environment only:
// arguments can be read by every user of the machine.
func (o ToolOptions) command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	path, err := filepath.Abs(filepath.Join(o.Binaries, name))
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, path, args...)
	if o.Socket != nil {
		c.ExtraFiles = []*os.File{o.Socket} // 3 in the child
		c.Env = []string{"PGHOST=/proc/self/fd/3", "PGPORT=5432", "PGREQUIREAUTH=scram-sha-256"}
	} else {
		c.Env = append(os.Environ(), foreign(o.Config)...)
	}
	c.Env = append(c.Env, "LC_ALL=C", "PGUSER="+o.Config.User, "PGPASSWORD="+o.Config.Password, "PGDATABASE="+o.Config.Database)
	c.WaitDelay = 5 * time.Second // for a reader that does not end with ctx
	return c, nil
}

// run waits for a tool and turns its last words into the error.
func run(ctx context.Context, c *exec.Cmd) error {
	var said bytes.Buffer
	c.Stderr = &said
	name := filepath.Base(c.Path)
	err := c.Run()
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch text := strings.TrimSpace(said.String()); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", name, ctx.Err())
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w (%w)", name, ErrBinaries, err)
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Errorf("%s: %w (%w)", name, ErrPlatform, err)
	case strings.Contains(text, "No space left on device"):
		return fmt.Errorf("%s: %w", name, ErrDiskFull)
	case ended && text != "":
		return fmt.Errorf("%s: %w: %s", name, exit, firstError(text))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// firstError picks the line that says what went wrong; what follows is its consequence.
func firstError(text string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "error:") {
			return strings.TrimSpace(line)
		}
	}
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// foreign describes a foreign server to libpq. The settings of TLS are taken
// from the connection string: pgx and libpq give them the same names.
func foreign(c *pgx.ConnConfig) []string {
	hosts, ports := []string{c.Host}, []string{strconv.Itoa(int(c.Port))}
	for _, f := range c.Fallbacks {
		port := strconv.Itoa(int(f.Port))
		if last := len(hosts) - 1; hosts[last] != f.Host || ports[last] != port {
			hosts, ports = append(hosts, f.Host), append(ports, port)
		}
	}
	env := []string{"PGHOST=" + strings.Join(hosts, ","), "PGPORT=" + strings.Join(ports, ",")}
	given := settingsOf(c.ConnString())
	for _, name := range []string{"sslmode", "sslrootcert", "sslcert", "sslkey", "sslsni", "sslnegotiation"} {
		if value, ok := given[name]; ok {
			env = append(env, "PG"+strings.ToUpper(name)+"="+value)
		}
	}
	return slices.Clip(env)
}

// pair is one setting of a connection string of keywords and values.
var pair = regexp.MustCompile(`(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S*)`)

// settingsOf reads the settings of a connection string, a URL or keywords.
func settingsOf(connection string) map[string]string {
	found := map[string]string{}
	if u, err := url.Parse(connection); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		for name, values := range u.Query() {
			found[name] = values[len(values)-1]
		}
		return found
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\'`, `'`)
	for _, m := range pair.FindAllStringSubmatch(connection, -1) {
		found[m[1]] = unescape.Replace(strings.Trim(m[2], "'"))
	}
	return found
}
