//go:build !unix

package e5

import "os"

// mapFile reads the file: this system has no mapping the standard library knows.
func mapFile(path string) (data []byte, unmap func() error, err error) {
	data, err = os.ReadFile(path)
	return data, func() error { return nil }, err
}
