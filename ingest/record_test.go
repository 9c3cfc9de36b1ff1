package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"murshid/retrieval"
)

func TestParseSheet(t *testing.T) {
	t.Parallel()
	full := `{"id":"x","lang":"FR-ma","title":" Carte&nbsp;d&#39;identit&eacute; ","fee":75,"amount":null,"delay":"",
		"documents":"un seul","conditions":["a",7,"",null," b "],"steps":[],"legal":null,"sections":"du texte\r\n\r\n\r\nencore",
		"related":["y"],"asked_as":[{"lang":"ary","text":"بغيت"},"autre",{"lang":"fr"}],"unverified":"fee","verified":"Partly",
		"sources":[{"title":"journal","date":2018},{}],"unknown":{"any":[1]},"also_called":["<b>CNIE</b>"]}`
	want := retrieval.Sheet{ID: "x", Lang: "fr", Title: "Carte d'identité", Fee: "75", Documents: []string{"un seul"},
		Conditions: []string{"a", "7", "b"}, Sections: []retrieval.Section{{Text: "du texte\n\nencore"}},
		Related: []string{"y"}, AskedAs: []retrieval.Phrasing{{Lang: "ary", Text: "بغيت"}, {Text: "autre"}},
		Unverified: []retrieval.Field{retrieval.Fee}, Verified: "partly", AlsoCalled: []string{"CNIE"},
		Sources: []retrieval.Source{{Title: "journal", Date: "2018"}}}
	got, err := parseSheet([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseSheetMinimal(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		`{"id":"x","lang":"ar","title":"عنوان"}`,
		`{"id":"x","lang":"zgh","title":"","sections":[{"heading":"","text":"texte"}]}`,
		`{"id":"x","lang":"fr","sections":[{"heading":"seul"}]}`,
		`{"id":7,"lang":"fr","title":2018}`,
		`{"id":"` + strings.Repeat("é", 100) + `","lang":"fr","title":"t"}`,
		`{"id":"a b","lang":"fr","title":"t","sections":[{"text":"` + strings.Repeat("long. ", 5000) + `"}]}`,
	} {
		if _, err := parseSheet([]byte(good)); err != nil {
			t.Errorf("%.60s: %v", good, err)
		}
	}
}

func TestParseSheetRejects(t *testing.T) {
	t.Parallel()
	cases := []struct{ data, id, reason string }{
		{`{"id":"x","lang":"fr","title":"t"`, "x", "not JSON"},
		{`{"lang":"fr","id" : "a\"b", "title"}`, `a"b`, "not JSON"},
		{"{\"id\":\"x\",\"title\":\"\xff\"}", "x", "not valid UTF-8"},
		{`["x"]`, "", "not a JSON object"},
		{`null`, "", "id is missing"},
		{`{"lang":"fr","title":"t"}`, "", "id is missing"},
		{`{"id":"` + strings.Repeat("x", 201) + `","lang":"fr","title":"t"}`, strings.Repeat("x", 201), "id is longer than 200 bytes"},
		{`{"id":"a\u0000b","lang":"fr","title":"t"}`, "a\x00b", "id holds control characters"},
		{`{"id":"a\u202eb","lang":"fr","title":"t"}`, "a\u202eb", "id holds control characters"},
		{`{"id":" a","lang":"fr","title":"t"}`, " a", "id begins or ends with a space"},
		{`{"id":"x","title":"t"}`, "x", "lang is missing"},
		{`{"id":"x","lang":"français","title":"t"}`, "x", `lang "français" is not a language tag`},
		{`{"id":"x","lang":"french","title":"t"}`, "x", `lang "french" is not a language tag`},
		{`{"id":"x","lang":"fr"}`, "x", "neither title nor sections"},
		{`{"id":"x","lang":"fr","title":"<p></p>","sections":[{"text":" "}]}`, "x", "neither title nor sections"},
		{`{"id":"x","lang":"fr","title":["t"]}`, "x", "title: want a text, found a list"},
		{`{"id":"x","lang":"fr","title":"t","fee":true}`, "x", "fee: want a text, found true or false"},
		{`{"id":"x","lang":"fr","title":"t","documents":{"a":1}}`, "x", "documents: want a list of texts, found an object"},
		{`{"id":"x","lang":"fr","title":"t","steps":["a",["b"]]}`, "x", "steps: want a list of texts, found a list"},
		{`{"id":"x","lang":"fr","title":"t","sections":[{"text":{}}]}`, "x", "sections: text: want a text, found an object"},
		{`{"id":["x"],"lang":"fr","title":"t"}`, "", "id: want a text, found a list"},
	}
	for _, c := range cases {
		got, err := parseSheet([]byte(c.data))
		if err == nil || !strings.HasPrefix(err.Error(), c.reason) {
			t.Errorf("%.80s: error %v, want %s", c.data, err, c.reason)
		}
		if got.ID != c.id {
			t.Errorf("%.80s: id %q, want %q", c.data, got.ID, c.id)
		}
	}
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"<p>Un</p><p>Deux<br/>Trois</p>":                          "Un\n\nDeux\nTrois",
		"<script type=x>var a = '<p>';</script>Texte<!-- non -->": "Texte",
		"&lt;b&gt;gras&lt;/b&gt; &amp;eacute;":                    "gras é",
		"délai < 5 jours et > 2, <prénom> <5>":                    "délai < 5 jours et > 2, <prénom> <5>",
		"https://a.example.org/?a=1&copy=2&amp;b=3":               "https://a.example.org/?a=1&copy=2&b=3",
		"AT&T ; R&D;":                                "AT&T ; R&D;",
		"<td>75</td><td>DH</td>":                     "75 DH",
		`<a href="https://x.example.org">ici</a>`:    "ici",
		"mille\u00a0DH, 1\u202f000 DH":               "mille DH, 1 000 DH",
		"a\u200f\u202bب\u202c\u200bc\x00\x07":        "aبc",
		"\ufedf\ufee0\ufe92\ufec4\ufe8e\ufed7\ufe94": "للبطاقة",
		"e\u0301tat":                                 "état",
		"\n\n a \n\n\n\n b \r\n c \n":                "a\n\nb\nc",
		"n° 5 m² ½ dès 3ᵉ":                           "n° 5 m² ½ dès 3ᵉ",
	}
	for text, want := range cases {
		if got := cleanText(text); got != want {
			t.Errorf("%q → %q, want %q", text, got, want)
		}
		if got := cleanText(want); got != want {
			t.Errorf("clean %q becomes %q", want, got)
		}
	}
	if got := cleanLine("<p>a</p>\n<p>b</p>"); got != "a b" {
		t.Errorf("line %q", got)
	}
}

// What parses is storable and comes back from its own JSON unchanged.
func TestParseSheetAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.OneOf(
			rapid.SliceOf(rapid.Byte()),
			rapid.Map(rapid.String(), func(s string) []byte {
				return []byte(`{"id":"x","lang":"fr","title":"t","fee":"` + strings.NewReplacer(`"`, "", `\`, "", "\n", "").Replace(s) + `"}`)
			}),
		).Draw(t, "data")
		s, err := parseSheet(data)
		if err != nil {
			return
		}
		for _, text := range []string{s.ID, s.Title, s.Fee} {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Fatalf("%q cannot be stored", text)
			}
		}
		if again := cleanLine(s.Fee); again != s.Fee {
			t.Fatalf("%q cleaned again is %q", s.Fee, again)
		}
	})
}
