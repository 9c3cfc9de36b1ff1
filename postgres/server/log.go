//go:build linux

package server

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	logFile  = "postgres.log"
	logLimit = 10 << 20 // bytes after which the log starts anew
	logKept  = 1 << 20  // bytes of the old log that are kept in postgres.log.1
)

// serverLog is the file that initdb and postgres write to. They append, so it
// can be cut short under them.
type serverLog struct {
	file *os.File
	from int64 // where the present start began
}

func (f *folder) log() (*serverLog, error) {
	file, err := f.open(logFile, os.O_APPEND)
	if err != nil {
		return nil, err
	}
	return &serverLog{file: file}, nil
}

// mark remembers the end of the log; reason reads from there.
func (l *serverLog) mark() {
	if info, err := l.file.Stat(); err == nil {
		l.from = info.Size()
	}
}

// trim keeps the log from growing for ever.
func (f *folder) trim(l *serverLog) error {
	info, err := l.file.Stat()
	if err != nil || info.Size() <= logLimit {
		return err
	}
	old, err := f.open(logFile+".1", os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = io.Copy(old, io.NewSectionReader(l.file, info.Size()-logKept, logKept))
	return errors.Join(err, old.Close(), l.file.Truncate(0))
}

// reason tells from the log why postgres or initdb ended.
func (f *folder) reason(l *serverLog) error {
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(io.NewSectionReader(l.file, l.from, 1<<62), most))
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	if known := explain(string(text)); known != nil {
		return known
	}
	if f.full() {
		return ErrDiskFull
	}
	if line := complaint(string(text)); line != "" {
		return fmt.Errorf("%w (%s)", ErrUnreachable, line)
	}
	return ErrUnreachable
}

// explain finds the known reasons in what the server wrote.
func explain(text string) error {
	for line := range strings.Lines(text) {
		switch {
		case strings.Contains(line, "shared memory"):
			// A full /dev/shm is not a full disk.
		case strings.Contains(line, "No space left on device"), strings.Contains(line, "Disk quota exceeded"):
			return ErrDiskFull
		case strings.Contains(line, "could not look up effective user ID"):
			return ErrNoUser
		case strings.Contains(line, "GLIBC_"), strings.Contains(line, "error while loading shared libraries"):
			return fmt.Errorf("%w (%s)", ErrPlatform, strings.TrimSpace(line))
		case strings.Contains(line, "has wrong ownership"):
			return ErrForbidden
		}
	}
	return nil
}

// complaint returns the last line that tells of an error.
func complaint(text string) string {
	found := ""
	for line := range strings.Lines(text) {
		for _, word := range []string{"PANIC:", "FATAL:", "initdb: error:", "ERROR:"} {
			if at := strings.Index(line, word); at >= 0 {
				found = strings.TrimSpace(line[at:])
			}
		}
	}
	return found
}
