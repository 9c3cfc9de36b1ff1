package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"murshid/desk"
	"murshid/web"
)

// firstAccounts is the file in the data folder that holds the name and the password of the first account.
const firstAccounts = "first-accounts.txt"

// firstAccount makes an account for the desk where there is none, and writes its password to a file that only the
// owner can read: nothing secret on the screen or in logs.
func (in *installation) firstAccount(ctx context.Context, out io.Writer) error {
	agents, err := in.db.Agents(ctx)
	if err != nil || len(agents) > 0 {
		return err
	}
	name := "agent"
	file, err := in.setPassword(ctx, name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The first account of the desk is in %s\n", file)
	return err
}

// setPassword gives an account a new password and returns the file it is written to.
func (in *installation) setPassword(ctx context.Context, name string) (string, error) {
	password := rand.Text()
	file := filepath.Join(in.Data, firstAccounts)
	if err := appendSecret(file, fmt.Sprintf("%s %s\n", name, password)); err != nil {
		return "", fmt.Errorf("write the password: %w", err)
	}
	return file, in.db.AddAgent(ctx, name, web.HashPassword(password))
}

func appendSecret(name, line string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Close())
}

// users administers the agents of the desk.
func users(ctx context.Context, c *call) (err error) {
	action := ""
	if len(c.args) > 0 {
		action = c.args[0]
	}
	wanted := map[string]int{"list": 1, "add": 2, "password": 2}[action]
	if wanted == 0 || len(c.args) != wanted {
		return usagef("want list, add NAME or password NAME")
	}
	in, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	if action == "list" {
		return in.listAgents(ctx, c.stdout)
	}
	_, known := in.db.Agent(ctx, c.args[1])
	switch {
	case action == "add" && known == nil:
		return fmt.Errorf("there is an account %q already", c.args[1])
	case action == "password" && errors.Is(known, desk.ErrCredentials):
		return fmt.Errorf("there is no account %q", c.args[1])
	case known != nil && !errors.Is(known, desk.ErrCredentials):
		return known
	}
	file, err := in.setPassword(ctx, c.args[1])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "the password of %s is in %s\n", c.args[1], file)
	return err
}

func (in *installation) listAgents(ctx context.Context, out io.Writer) error {
	agents, err := in.db.Agents(ctx)
	if err != nil {
		return err
	}
	for _, name := range agents {
		if _, err := fmt.Fprintln(out, name); err != nil {
			return err
		}
	}
	return nil
}

// sessionKey is the secret that signs the sessions of the desk, made at the first start.
func (in *installation) sessionKey() ([]byte, error) {
	name := filepath.Join(in.Data, "session.key")
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails (crypto/rand since Go 1.24)
		err = os.WriteFile(name, key, 0o600)
	}
	if err == nil && len(key) < 32 {
		err = errors.New("it is too short: delete it, the next start makes a new one")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return key, nil
}
