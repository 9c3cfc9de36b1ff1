package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"murshid/postgres"
	"murshid/postgres/server"
)

// The entries of a backup: a tar file with the database as pg_dump writes it and the keys that open what is sealed
// in it.
const (
	backupDump = "database.dump"
	backupKeys = "keys/"
)

var (
	errNoBackup    = errors.New("this is no backup of murshid, or it is damaged")
	errBackupThere = errors.New("there is a file of this name already: choose another")
	errInUse       = errors.New("a murshid process works on this data folder: stop it first, then restore")
)

// backup saves the database and the keys to a file that only its owner can read.
func backup(ctx context.Context, c *call) (err error) {
	if len(c.args) != 1 {
		return usagef("the FILE to write is needed")
	}
	in, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	name := c.args[0]
	if _, err := os.Stat(name); err == nil {
		return fmt.Errorf("%s: %w", name, errBackupThere)
	}
	partial := name + ".part"
	if err := in.writeBackup(ctx, partial); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, name); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	_, err = fmt.Fprintln(c.stdout, "saved to", name, "— it holds the keys: keep it where only you can read it")
	return err
}

func (in *installation) writeBackup(ctx context.Context, name string) error {
	dump, err := in.dump(ctx, filepath.Dir(name))
	if err != nil {
		return err
	}
	defer os.Remove(dump)
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	archive := tar.NewWriter(file)
	err = addFile(archive, backupDump, dump)
	keys, globErr := filepath.Glob(filepath.Join(in.Data, postgres.KeysDir, "*.key"))
	err = errors.Join(err, globErr)
	for _, key := range keys {
		if err == nil {
			err = addFile(archive, backupKeys+filepath.Base(key), key)
		}
	}
	return errors.Join(err, archive.Close(), file.Sync(), file.Close())
}

// dump writes the database to a temporary file beside the backup: a tar entry needs its size first.
func (in *installation) dump(ctx context.Context, folder string) (name string, err error) {
	file, err := os.CreateTemp(folder, ".murshid-dump-*")
	if err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	if err := errors.Join(server.Dump(ctx, in.tools(), file), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("dump the database: %w", err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// tools say how pg_dump and pg_restore reach the database.
func (in *installation) tools() server.ToolOptions {
	if in.server != nil {
		return in.server.Tools(databaseName)
	}
	return server.ToolOptions{Binaries: in.files.PostgresBin, Config: in.target}
}

func addFile(archive *tar.Writer, entry, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	header := &tar.Header{Name: entry, Mode: 0o600, Size: info.Size(), ModTime: time.Now()}
	if err := archive.WriteHeader(header); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if _, err := io.Copy(archive, file); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

// restore brings back a backup in the place of what the installation holds. Keys that were there are kept aside.
func restore(ctx context.Context, c *call) (err error) {
	if len(c.args) != 1 {
		return usagef("the FILE of a backup is needed")
	}
	if c.DatabaseURL == "" && server.Used(c.Data) {
		return errInUse
	}
	in := newInstallation(c)
	defer closing(&err, in)
	if err := in.find(); err != nil {
		return err
	}
	unpacked, err := os.MkdirTemp("", "murshid-restore-*")
	if err != nil {
		return fmt.Errorf("unpack backup: %w", err)
	}
	defer os.RemoveAll(unpacked)
	if err := unpack(c.args[0], unpacked); err != nil {
		return err
	}
	if err := in.reach(ctx); err != nil {
		return err
	}
	if err := in.load(ctx, filepath.Join(unpacked, backupDump)); err != nil {
		return err
	}
	if err := in.replaceKeys(filepath.Join(unpacked, backupKeys)); err != nil {
		return err
	}
	if err := in.openStore(ctx); err != nil { // migrates a backup of an older version
		return err
	}
	_, err = fmt.Fprintln(c.stdout, "restored from", c.args[0])
	return err
}

// load brings a dump into the database. The private server loads it into a new database that then takes the place of
// the old one, so that a restore that fails changes nothing; a foreign database is replaced in one transaction.
func (in *installation) load(ctx context.Context, dump string) error {
	file, err := os.Open(dump)
	if err != nil {
		return errNoBackup
	}
	defer file.Close()
	if in.server == nil {
		return server.Load(ctx, in.tools(), file)
	}
	admin, err := pgx.ConnectConfig(ctx, in.server.Config("postgres"))
	if err != nil {
		return fmt.Errorf("load the database: %w", err)
	}
	defer admin.Close(ctx)
	const fresh, old = databaseName + "_restored", databaseName + "_replaced"
	if err := execAll(ctx, admin, "DROP DATABASE IF EXISTS "+fresh, "CREATE DATABASE "+fresh); err != nil {
		return fmt.Errorf("load the database: %w", err)
	}
	if err := server.Load(ctx, in.server.Tools(fresh), file); err != nil {
		return fmt.Errorf("load the database: %w", err)
	}
	return execAll(ctx, admin, "DROP DATABASE IF EXISTS "+old, "ALTER DATABASE "+databaseName+" RENAME TO "+old,
		"ALTER DATABASE "+fresh+" RENAME TO "+databaseName, "DROP DATABASE "+old)
}

func execAll(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// unpack writes the entries of a backup into a folder, and nothing else.
func unpack(name, folder string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	defer file.Close()
	if err := os.Mkdir(filepath.Join(folder, backupKeys), 0o700); err != nil {
		return fmt.Errorf("unpack backup: %w", err)
	}
	archive := tar.NewReader(file)
	found := map[string]bool{}
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errNoBackup
		}
		base := path.Base(header.Name)
		if header.Name != backupDump && header.Name != backupKeys+base {
			return errNoBackup
		}
		if err := unpackEntry(filepath.Join(folder, filepath.FromSlash(header.Name)), archive); err != nil {
			return err
		}
		found[strings.TrimSuffix(header.Name, base)] = true
	}
	if !found[""] || !found[backupKeys] {
		return errNoBackup
	}
	return nil
}

func unpackEntry(name string, from io.Reader) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("unpack backup: %w", err)
	}
	_, err = io.Copy(file, from)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("unpack backup: %w", err)
	}
	return nil
}

// replaceKeys puts the keys of a backup in the place of those in the data folder, which are kept aside.
func (in *installation) replaceKeys(from string) error {
	folder := in.keysFolder()
	if _, err := os.Stat(folder); err == nil {
		aside := folder + ".before-restore-" + time.Now().UTC().Format("20060102T150405.000")
		if err := os.Rename(folder, aside); err != nil {
			return fmt.Errorf("keep the keys aside: %w", err)
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	keys, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	for _, key := range keys {
		content, err := os.ReadFile(filepath.Join(from, key.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, key.Name()), content, 0o600)
		}
		if err != nil {
			return fmt.Errorf("restore the keys: %w", err)
		}
	}
	return nil
}
