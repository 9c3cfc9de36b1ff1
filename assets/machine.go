package assets

import (
	"os"
	"runtime"
)

// glibcLoader is the program loader of glibc on x86-64. Systems with another
// C library, such as musl, do not have it.
const glibcLoader = "/lib64/ld-linux-x86-64.so.2"

// A machine is what decides whether the PostgreSQL programs can run.
type machine struct {
	os, arch string
	loader   string // path of the glibc loader
}

func thisMachine() machine {
	return machine{os: runtime.GOOS, arch: runtime.GOARCH, loader: glibcLoader}
}

// Platform returns ErrPlatform where the private PostgreSQL cannot run, so
// that a database of one's own must be named.
func Platform() error {
	if !thisMachine().runsPostgres() {
		return ErrPlatform
	}
	return nil
}

func (m machine) runsPostgres() bool {
	if m.os != "linux" || m.arch != "amd64" {
		return false
	}
	_, err := os.Stat(m.loader)
	return err == nil
}
