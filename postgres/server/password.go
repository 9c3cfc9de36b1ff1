//go:build linux

package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// renew sets a new password when the file is lost: whoever owns the data
// folder owns the databases anyway. The server must not run. Like initdb this
// wants a user of /etc/passwd, who has the cluster meanwhile.
func (s *site) renew(c *cluster) error {
	as, err := initdbAccount(s.server)
	if err != nil {
		return err
	}
	secret := password()
	if as.other {
		err = give(s.folder.root, clusterDir, as)
	}
	if err == nil {
		err = s.single(c, as, "ALTER ROLE "+User+" PASSWORD '"+secret+"'\n")
	}
	if as.other {
		err = errors.Join(err, give(s.folder.root, clusterDir, s.server))
	}
	if err != nil {
		return fmt.Errorf("set a new password: %w", err)
	}
	return s.folder.write(passwordFile, []byte(secret))
}

// single runs SQL in a server without sessions, which asks for no password.
func (s *site) single(c *cluster, as account, sql string) error {
	path := filepath.Join(s.binaries, "postgres")
	x := command(as, s.log, path, "--single", "-D", handed, "postgres")
	x.ExtraFiles = []*os.File{c.dir, s.alive.file}
	x.Stdin = strings.NewReader(sql)
	s.log.mark()
	if err := x.Start(); err != nil {
		return execMeaning(err, path)
	}
	if err := x.Wait(); err != nil {
		return s.folder.reason(s.log)
	}
	return nil
}

// password makes a new one of 144 random bits.
func password() string {
	b := make([]byte, 18)
	_, _ = rand.Read(b) // never fails, by its documentation
	return hex.EncodeToString(b)
}
