package assets

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A stamp is written when a wheel is unpacked and checked, as the last step:
// without it nothing counts as present. Its first line names the wheel's
// digest; the rest lists every file as sha256sum does, so that
// `sha256sum --check stamps/NAME` run in the cache folder verifies by hand.

// stampPath is where the wheel's stamp lies.
func (s store) stampPath(w wheel) string {
	return filepath.Join(s.cache, "stamps", w.name+"-"+w.version)
}

func (w wheel) stampHead() string { return "# wheel sha256 " + w.sha256 + "\n" }

// stamped tells whether the wheel's stamp is there and for this very wheel.
func (s store) stamped(w wheel) bool {
	content, err := os.ReadFile(s.stampPath(w))
	return err == nil && bytes.HasPrefix(content, []byte(w.stampHead()))
}

// stamp records that all members are in place and as they must be.
func (s store) stamp(w wheel, members []file) error {
	var b strings.Builder
	b.WriteString(w.stampHead())
	for _, f := range members {
		fmt.Fprintf(&b, "%s  %s\n", f.sha256, f.to)
	}
	path := s.stampPath(w)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// unstamp takes the stamp away while files change.
func (s store) unstamp(w wheel) error {
	err := os.Remove(s.stampPath(w))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
