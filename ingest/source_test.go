package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// write puts a file into a folder, packed where its name says so.
func write(t *testing.T, folder, name, content string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		content = packed(t, content)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func packed(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read lists a source's records as `file:line content`.
func read(source Source, root string) []string {
	var out []string
	for r := range source {
		name, err := filepath.Rel(root, r.File)
		if err != nil {
			name = r.File
		}
		text := string(r.JSON)
		if r.Err != nil {
			text = "error " + r.Err.Error()
		}
		if r.Lost {
			text += " (lost)"
		}
		out = append(out, fmt.Sprintf("%s:%d %s", name, r.Line, text))
	}
	return out
}

func TestPaths(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "b.jsonl", "\ufeff{\"a\":1}\r\n\r\n  \n{\"a\":2}")
	write(t, root, "a/c.jsonl.gz", "{\"z\":1}\n{\"z\":2}\n")
	write(t, root, "a/readme.txt", "no sheet")
	write(t, root, "a/b/d.JSON", "\ufeff\n{\"one\":1,\n\"two\":\"x\"}")
	source, err := Paths(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`a/b/d.JSON:2 {"one":1,"two":"x"}`, `a/c.jsonl.gz:1 {"z":1}`, `a/c.jsonl.gz:2 {"z":2}`, `b.jsonl:1 {"a":1}`, `b.jsonl:4 {"a":2}`}
	if diff := cmp.Diff(want, read(source, root)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range source { // one may stop at any point, and read again
		break
	}
	write(t, root, "empty/readme.txt", "")
	for path, want := range map[string]error{"empty": ErrNoSheets, "a/readme.txt": ErrEnding, "nowhere": os.ErrNotExist} {
		if _, err := Paths(filepath.Join(root, path)); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		content string
		want    []string
	}{
		"array":         {"[\n{\"a\":1},\n\n {\"a\":\n2}, 3\n]\n", []string{"2 {\"a\":1}", "4 {\"a\":\n2}", "5 3"}},
		"empty array":   {"[]", nil},
		"empty":         {" \n", nil},
		"holder":        {"{\"name\":\"x\",\n\"sheets\":[\n{\"a\":1}\n,{\"a\":2}],\"more\":[1]}", []string{`3 {"a":1}`, `4 {"a":2}`}},
		"object":        {"\n\n{\"a\":[{}]}", []string{`3 {"a":[{}]}`}},
		"two objects":   {"{\"a\":1}\n{\"a\":2}", []string{`1 {"a":1}`, `2 {"a":2}`}},
		"scalar":        {"7", []string{"1 error not a JSON object"}},
		"holder of one": {"{\"sheets\":{}}", []string{"1 error not JSON: sheets is not a list (lost)"}},
		"broken entry":  {"[\n{\"a\":1},\n{\"a\" 2},\n{\"a\":3}]", []string{`2 {"a":1}`, "3 error not JSON: invalid character '2' after object key (lost)"}},
		"cut":           {"[{\"a\":1},\n{\"a\":", []string{`1 {"a":1}`, "2 error not JSON: unexpected EOF (lost)"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, err := FS(fstest.MapFS{"x.json": {Data: []byte(c.content)}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, line := range read(source, ".") {
				got = append(got, strings.TrimPrefix(line, "x.json:"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	fits := `{"id":"` + strings.Repeat("x", maxRecord-9) + `"}`
	content := fits + "\n" + fits + " \n" + "{" + fits + "}\n{}\n" + fits + "xxx"
	source, err := FS(fstest.MapFS{"x.jsonl": {Data: []byte(content)}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range source {
		got = append(got, fmt.Sprintf("%d %d %v", r.Line, len(r.JSON), r.Err))
	}
	long := fmt.Sprint(errTooLong)
	want := []string{fmt.Sprintf("1 %d <nil>", maxRecord), fmt.Sprintf("2 %d <nil>", maxRecord), "3 1024 " + long, "4 2 <nil>", "5 1024 " + long}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDamagedArchive(t *testing.T) {
	t.Parallel()
	whole := packed(t, strings.Repeat("{\"some\":\"line\"}\n", 1000))
	source, err := FS(fstest.MapFS{"a.jsonl.gz": {Data: []byte("plain")}, "b.jsonl.gz": {Data: []byte(whole[:len(whole)-10])}})
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, 0
	for r := range source {
		if r.Err != nil && r.Lost {
			bad++
		} else if r.Err == nil {
			good++
		}
	}
	if bad != 2 || good < 900 {
		t.Errorf("%d bad, %d good", bad, good)
	}
}

// A big input is never held whole.
func TestSourceStreams(t *testing.T) {
	const size = 150 << 20
	for end, read := range map[string]func(io.Reader, func(Record) bool) bool{
		"\n": func(r io.Reader, yield func(Record) bool) bool { return readLines(withoutMark(r), yield) },
		",\n": func(r io.Reader, yield func(Record) bool) bool {
			return readJSON(io.MultiReader(strings.NewReader("["), r), yield)
		},
	} {
		line := []byte(`{"id":"` + strings.Repeat("x", 1000) + `"}` + end)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		most := uint64(0)
		records := 0
		read(&endless{line: line, left: size}, func(r Record) bool {
			if records++; records%20000 == 0 {
				runtime.ReadMemStats(&after)
				most = max(most, after.HeapInuse)
			}
			return true
		})
		if records < size/len(line) || most > before.HeapInuse+64<<20 {
			t.Errorf("%d records, %d MB at most", records, most>>20)
		}
	}
}

// endless repeats a line, with commas for an array.
type endless struct {
	line []byte
	left int
	rest []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.rest = e.line
		e.left -= len(e.line)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}
