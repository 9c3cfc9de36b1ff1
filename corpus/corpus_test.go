package corpus

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// sheet is a sheet as plain JSON: this package knows no type of ours.
type sheet map[string]any

func (s sheet) text(field string) string {
	text, _ := s[field].(string)
	return text
}

func (s sheet) list(field string) []any {
	list, _ := s[field].([]any)
	return list
}

func (s sheet) texts(field string) []string {
	var texts []string
	for _, entry := range s.list(field) {
		text, _ := entry.(string)
		texts = append(texts, text)
	}
	return texts
}

// pair is one procedure in both languages.
type pair struct{ fr, ar sheet }

// readPairs reads the corpus. The order is that of the files.
func readPairs(t *testing.T) (ids []string, pairs map[string]pair) {
	t.Helper()
	pairs = map[string]pair{}
	for _, s := range readSheets(t) {
		id, p := s.text("id"), pairs[s.text("id")]
		switch lang := s.text("lang"); {
		case lang == "fr" && p.fr == nil:
			p.fr = s
			ids = append(ids, id)
		case lang == "ar" && p.ar == nil:
			p.ar = s
		default:
			t.Errorf("%s: language %q is wrong or stands twice", id, lang)
		}
		pairs[id] = p
	}
	for id, p := range pairs {
		if p.fr == nil || p.ar == nil {
			t.Fatalf("%s is not there in both languages", id)
		}
	}
	return ids, pairs
}

func readSheets(t *testing.T) (all []sheet) {
	t.Helper()
	err := fs.WalkDir(Sheets(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Sheets(), name)
		if err != nil {
			return err
		}
		var some []sheet
		if err := json.Unmarshal(data, &some); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		all = append(all, some...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryProcedureIsThere(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(data))
	got, _ := readPairs(t)
	if len(want) != 135 {
		t.Fatalf("the list of ids has %d", len(want))
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

var numbers = regexp.MustCompile(`[0-9]+(?:[ \x{00a0}][0-9]{3})*(?:[.,][0-9]+)?`)

// figures are the numbers of a text, without regard to their order: Arabic may put them elsewhere in the sentence.
func figures(text string) []string {
	found := numbers.FindAllString(text, -1)
	for i, n := range found {
		found[i] = strings.NewReplacer(" ", "", "\u00a0", "", ",", ".").Replace(n)
	}
	slices.Sort(found)
	return found
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	ids, pairs := readPairs(t)
	for _, id := range ids {
		p := pairs[id]
		if diff := cmp.Diff(slices.Sorted(maps.Keys(p.fr)), slices.Sorted(maps.Keys(p.ar))); diff != "" {
			t.Errorf("%s: fields (-fr +ar):\n%s", id, diff)
		}
		for _, field := range []string{"fee", "amount", "delay", "validity", "place", "contact", "online"} {
			if diff := cmp.Diff(figures(p.fr.text(field)), figures(p.ar.text(field))); diff != "" {
				t.Errorf("%s: figures in %s (-fr +ar):\n%s", id, field, diff)
			}
		}
		for _, field := range []string{"documents", "conditions", "legal", "steps", "sections"} {
			sameEntries(t, id, field, p)
		}
		for _, field := range []string{"verified", "updated", "online", "url"} {
			if p.fr.text(field) != p.ar.text(field) {
				t.Errorf("%s: %s %q and %q", id, field, p.fr.text(field), p.ar.text(field))
			}
		}
		for _, field := range []string{"unverified", "related"} {
			if diff := cmp.Diff(sorted(p.fr.texts(field)), sorted(p.ar.texts(field))); diff != "" {
				t.Errorf("%s: %s (-fr +ar):\n%s", id, field, diff)
			}
		}
	}
}

func sorted(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

// sameEntries wants as many entries with the same figures, one by one.
func sameEntries(t *testing.T, id, field string, p pair) {
	t.Helper()
	fr, ar := p.fr.list(field), p.ar.list(field)
	if len(fr) != len(ar) {
		t.Errorf("%s: %d %s in French, %d in Arabic", id, len(fr), field, len(ar))
		return
	}
	for i := range fr {
		if diff := cmp.Diff(figures(flat(fr[i])), figures(flat(ar[i]))); diff != "" {
			t.Errorf("%s: figures in entry %d of %s (-fr +ar):\n%s", id, i+1, field, diff)
		}
	}
}

// flat is all text of a value.
func flat(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		var texts []string
		for _, entry := range v {
			texts = append(texts, flat(entry))
		}
		return strings.Join(texts, "\n")
	case map[string]any:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			texts = append(texts, flat(v[key]))
		}
		return strings.Join(texts, "\n")
	}
	return ""
}

// fieldTypes are the fields a sheet may have; lists are marked.
var fieldTypes = map[string]bool{"id": false, "lang": false, "title": false, "administration": false,
	"audience": false, "theme": false, "url": false, "updated": false, "verified": false, "also_called": true,
	"asked_as": true, "online": false, "documents": true, "fee": false, "amount": false, "delay": false,
	"validity": false, "place": false, "conditions": true, "steps": true, "legal": true, "contact": false,
	"unverified": true, "sections": true, "related": true, "sources": true}

var factFields = strings.Fields("documents fee amount delay validity place online conditions steps legal contact")

func TestFieldsAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, s := range readSheets(t) {
		name := s.text("id") + "/" + s.text("lang")
		for field, value := range s {
			isList, known := fieldTypes[field]
			if list, ok := value.([]any); !known || ok != isList || ok && len(list) == 0 || value == "" {
				t.Errorf("%s: field %s is unknown, empty or of the wrong type", name, field)
			}
		}
		for _, field := range []string{"title", "administration", "theme", "updated", "also_called", "sources"} {
			if s[field] == nil {
				t.Errorf("%s: %s is missing", name, field)
			}
		}
		if v := s.text("verified"); v != "yes" && v != "partly" && v != "no" {
			t.Errorf("%s: verified %q", name, v)
		}
		if (s.text("verified") == "yes") == (s["unverified"] != nil) && s.text("verified") != "partly" {
			t.Errorf("%s: verified %s with unverified %v", name, s.text("verified"), s["unverified"])
		}
		for _, field := range s.texts("unverified") {
			if !slices.Contains(factFields, field) || s[field] == nil {
				t.Errorf("%s: unverified names %s, which has no value", name, field)
			}
		}
		for _, source := range s.list("sources") {
			if s, _ := source.(map[string]any); sheet(s).text("title") == "" || sheet(s).text("date") == "" {
				t.Errorf("%s: source without title or date", name)
			}
		}
	}
}

var markup = regexp.MustCompile(`<[a-zA-Z/!]|&[a-zA-Z#0-9]+;|\*\*|\]\(`)

func TestTextsArePlain(t *testing.T) {
	t.Parallel()
	for _, s := range readSheets(t) {
		text := flat(map[string]any(s))
		for _, r := range text {
			if r == 'ـ' || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' ||
				r >= '٠' && r <= '٩' {
				t.Errorf("%s/%s holds %U", s.text("id"), s.text("lang"), r)
			}
		}
		if found := markup.FindString(text); found != "" {
			t.Errorf("%s/%s holds mark-up: %s", s.text("id"), s.text("lang"), found)
		}
		if strings.Contains(strings.ToLower(text), "[unverified") || strings.Contains(text, "  ") {
			t.Errorf("%s/%s holds working marks or double spaces", s.text("id"), s.text("lang"))
		}
	}
}

// The sheet for Moroccans abroad and the one for those at home name each other.
var abroad = map[string][]string{
	"mariage-civil-mre":                      {"acte-mariage"},
	"cnie-consulat":                          {"cnie-premiere-demande"},
	"passeport-consulat":                     {"passeport-majeur"},
	"transcription-naissance-deces-consulat": {"declaration-naissance", "declaration-deces"},
	"legalisation-consulat":                  {"legalisation-signature"},
	"fiche-anthropometrique-mre":             {"fiche-anthropometrique"},
}

func TestRelatedSheetsNameEachOther(t *testing.T) {
	t.Parallel()
	ids, pairs := readPairs(t)
	for _, id := range ids {
		related := pairs[id].fr.texts("related")
		for _, other := range related {
			back, ok := pairs[other]
			if !ok || other == id {
				t.Errorf("%s is related to %s, which is not another procedure", id, other)
			} else if !slices.Contains(back.fr.texts("related"), id) {
				t.Errorf("%s names %s, which does not name it", id, other)
			}
		}
		if len(slices.Compact(sorted(related))) != len(related) {
			t.Errorf("%s names a procedure twice", id)
		}
		for _, home := range abroad[id] {
			if !slices.Contains(related, home) {
				t.Errorf("%s does not name %s", id, home)
			}
		}
	}
}

// An everyday name that two procedures share would answer the wrong one.
func TestNamesBelongToOneProcedure(t *testing.T) {
	t.Parallel()
	owners := map[string]string{}
	for _, s := range readSheets(t) {
		for _, name := range append(s.texts("also_called"), s.text("title")) {
			name = strings.ToLower(strings.Join(strings.Fields(name), " "))
			if other := owners[name]; other != "" && other != s.text("id") {
				t.Errorf("%q names %s and %s", name, other, s.text("id"))
			}
			owners[name] = s.text("id")
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if v := Version(); len(v) != 16 || v != Version() {
		t.Errorf("version %q", v)
	}
}
