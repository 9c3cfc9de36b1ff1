//go:build linux

package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Names inside the data folder and inside the cluster.
const (
	clusterDir   = "pg"
	newDir       = "pg.new" // where initdb works until all is done
	passwordFile = "password"
	pidFile      = "postmaster.pid"
	socketFile   = ".s.PGSQL.5432"
)

// handed is how a child names the first file it inherits. Following this link
// needs no right on the folders above the cluster.
const handed = "/proc/self/fd/3"

// cluster is the folder of the databases, held open. It is always reached
// through its descriptor: its path may be closed to the server's user, and too
// long for a socket (107 bytes).
type cluster struct{ dir *os.File }

func (f *folder) cluster() (*cluster, error) {
	dir, err := f.root.Open(clusterDir)
	if err != nil {
		return nil, meaning(err)
	}
	return &cluster{dir}, nil
}

// path names a file of the cluster for ourselves.
func (c *cluster) path(name string) string {
	return fmt.Sprintf("/proc/self/fd/%d/%s", c.dir.Fd(), name)
}

// exists reports whether initdb was ever completed.
func (f *folder) exists() bool {
	_, err := f.root.Stat(filepath.Join(clusterDir, "PG_VERSION"))
	return err == nil
}

// site is what creating and starting need: nothing of the cluster lives, and
// alive is held.
type site struct {
	folder   *folder
	alive    *lock
	log      *serverLog
	binaries string
	server   account
	settings map[string]string
}

// create makes the cluster aside and moves it into place when it is complete.
func (s *site) create(ctx context.Context) error {
	as, err := initdbAccount(s.server)
	if err != nil {
		return err
	}
	root := s.folder.root
	if err := root.RemoveAll(newDir); err != nil {
		return meaning(err)
	}
	if err := root.Mkdir(newDir, 0o700); err != nil {
		return meaning(err)
	}
	secret := password()
	if err := s.folder.write(passwordFile, []byte(secret)); err != nil {
		return err
	}
	err = s.initdb(ctx, as, secret)
	if err == nil {
		err = s.settle()
	}
	if err != nil {
		return errors.Join(err, root.RemoveAll(newDir))
	}
	return s.folder.sync()
}

// initdb runs as a user of /etc/passwd; the password goes through a pipe.
func (s *site) initdb(ctx context.Context, as account, secret string) error {
	dir, err := s.folder.root.Open(newDir)
	if err != nil {
		return err
	}
	defer dir.Close()
	in, out, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = fmt.Fprintln(out, secret)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	if as.other {
		// The child opens the pipe by name, so it must belong to its user.
		if err := errors.Join(dir.Chown(as.uid, as.gid), in.Chown(as.uid, as.gid)); err != nil {
			return execMeaning(err, "")
		}
	}
	args := []string{"-D", handed, "-U", User, "--pwfile=/proc/self/fd/5", "--auth=scram-sha-256",
		"--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions"}
	if s.settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	return s.run(ctx, as, []*os.File{dir, s.alive.file, in}, args)
}

// run waits for initdb; a cancelled ctx ends it with all its children.
func (s *site) run(ctx context.Context, as account, files []*os.File, args []string) error {
	path := filepath.Join(s.binaries, "initdb")
	c := command(as, s.log, path, args...)
	c.ExtraFiles = files
	s.log.mark()
	if err := c.Start(); err != nil {
		return execMeaning(err, path)
	}
	stop := context.AfterFunc(ctx, func() { killGroup(c.Process.Pid) })
	defer stop()
	if err := c.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("initdb: %w", s.folder.reason(s.log))
	}
	return nil
}

// settle gives the new cluster to the server's user and moves it into place.
func (s *site) settle() error {
	if s.server.other {
		if err := give(s.folder.root, newDir, s.server); err != nil {
			return err
		}
	}
	if err := s.folder.root.Rename(newDir, clusterDir); err != nil {
		return fmt.Errorf("move the new cluster into place: %w", meaning(err))
	}
	return nil
}

// give hands a whole folder to an account. The folder itself comes last: while
// it has its old owner, the next start knows that the work is not done.
func give(root *os.Root, name string, to account) error {
	sub, err := root.OpenRoot(name)
	if err != nil {
		return err
	}
	defer sub.Close()
	err = fs.WalkDir(sub.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		return sub.Lchown(path, to.uid, to.gid)
	})
	if err != nil {
		return err
	}
	return sub.Lchown(".", to.uid, to.gid)
}

// tidy makes an existing cluster startable: what a kill left behind is
// removed, and a copy that root made is given to the server's user again.
func (s *site) tidy() error {
	root := s.folder.root
	info, err := root.Stat(clusterDir)
	if err != nil {
		return meaning(err)
	}
	uid, _ := owner(info)
	switch {
	case s.server.other && uid == 0:
		if err := give(root, clusterDir, s.server); err != nil {
			return err
		}
	case uid != s.server.uid:
		return ErrForbidden
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := root.Chmod(clusterDir, 0o700); err != nil {
			return meaning(err)
		}
	}
	for _, name := range []string{pidFile, socketFile, socketFile + ".lock"} {
		err := root.Remove(filepath.Join(clusterDir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return meaning(err)
		}
	}
	return nil
}
