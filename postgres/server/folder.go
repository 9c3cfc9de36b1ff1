//go:build linux

package server

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// folder is the data folder of an installation, held open. Names are resolved
// below it only, so that root can work in a folder of somebody else without
// being led away by a link.
type folder struct {
	path     string
	root     *os.Root
	uid, gid int // its owner, to whom every file in it is given
}

// openFolder opens the data folder and makes it when it is missing.
func openFolder(path string) (*folder, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, meaning(err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, meaning(err)
	}
	info, err := root.Stat(".")
	if err != nil {
		return nil, errors.Join(meaning(err), root.Close())
	}
	f := &folder{path: abs, root: root}
	f.uid, f.gid = owner(info)
	return f, nil
}

// open opens a file of the folder for reading and writing. A new file is
// readable by the folder's owner only.
func (f *folder) open(name string, flag int) (*os.File, error) {
	file, err := f.root.OpenFile(name, os.O_RDWR|os.O_CREATE|flag, 0o600)
	if err != nil {
		return nil, meaning(err)
	}
	if err := f.give(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// give hands a file that root made to the folder's owner, who would be shut
// out otherwise. A file with a second name may be anybody's: it is left alone.
func (f *folder) give(file *os.File) error {
	if os.Geteuid() != 0 || f.uid == 0 {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if uid, _ := owner(info); uid == f.uid {
		return nil
	}
	if !info.Mode().IsRegular() || info.Sys().(*syscall.Stat_t).Nlink != 1 {
		return fmt.Errorf("%s is not a plain file: %w", file.Name(), ErrForbidden)
	}
	return file.Chown(f.uid, f.gid)
}

// write replaces a file of the folder at one stroke.
func (f *folder) write(name string, data []byte) error {
	next := name + ".new"
	if err := f.root.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return meaning(err)
	}
	file, err := f.open(next, os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return meaning(err)
	}
	return meaning(f.root.Rename(next, name))
}

// sync makes renames in the folder survive a loss of power.
func (f *folder) sync() error {
	dir, err := f.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// full reports that less than one WAL segment is left for the server's user.
func (f *folder) full() bool {
	var s syscall.Statfs_t
	if err := syscall.Statfs(f.path, &s); err != nil {
		return false
	}
	const segment = 16 << 20
	return s.Bavail*uint64(s.Bsize) < segment+segment/8
}

// meaning adds our sentence to an error of the file system that has one.
func meaning(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w (%w)", ErrDiskFull, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w (%w)", ErrForbidden, err)
	}
	return err
}

// owner returns the user and group a file belongs to.
func owner(info fs.FileInfo) (uid, gid int) {
	st := info.Sys().(*syscall.Stat_t)
	return int(st.Uid), int(st.Gid)
}
