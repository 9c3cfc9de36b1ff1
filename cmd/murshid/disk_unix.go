//go:build unix

package main

import "golang.org/x/sys/unix"

// freeSpace is how many bytes an ordinary user may still write below a folder.
func freeSpace(folder string) (uint64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return 0, err
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}
