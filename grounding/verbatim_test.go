package grounding

import (
	"regexp"
	"strings"
	"testing"

	"murshid/language"
	"murshid/retrieval"
)

// maxRefusedVerbatim is the share of fields that may be refused when they are copied word by word.
const maxRefusedVerbatim = 0.02

// A field copied word by word says what the field says.
func TestVerbatim(t *testing.T) {
	t.Parallel()
	refused := share{}
	for _, bySheet := range readSheets(t) {
		for lang, sheet := range bySheet {
			for _, f := range retrieval.Fields {
				if !sheet.Has(f) {
					continue
				}
				text := strings.Join(sheet.Values(f), "\n")
				passages, numbers := passagesOf(sheet, nil, []retrieval.Field{f})
				refused.all++
				if err := checkAs(text, numbers, lang, passages); err != nil {
					refused.wrong++
					t.Logf("%s, %s, %s: %v", sheet.ID, lang, f, err)
				}
			}
		}
	}
	t.Logf("%d of %d refused", refused.wrong, refused.all)
	if refused.rate() > maxRefusedVerbatim {
		t.Errorf("%d of %d fields are refused", refused.wrong, refused.all)
	}
}

// checkAs checks a text in the language it is in: a field may be a single name, which has none.
func checkAs(text string, cited []int, lang language.Language, passages []Passage) error {
	decided := language.Decider{}.Decide(text, lang)
	if decided != lang {
		return nil
	}
	return Check(Draft{Text: Plain(text), Passages: cited}, lang, passages)
}

// changes are what must not be done to any field of any sheet.
var changes = []struct {
	name string
	find *regexp.Regexp
	with func(string) string
}{
	{"another number", regexp.MustCompile(`\d+`), func(n string) string { return n + "7" }},
	{"months for days", regexp.MustCompile(` jours?\b`), func(string) string { return " mois" }},
	{"weeks for months", regexp.MustCompile(`\d mois\b`), func(s string) string { return s[:1] + " semaines" }},
	{"days for years", regexp.MustCompile(`\d ans\b`), func(s string) string { return s[:1] + " jours" }},
	{"euros for dirhams", regexp.MustCompile(`\bDH\b`), func(string) string { return "euros" }},
	{"شهرا for يوما", regexp.MustCompile(`\d يوما`), func(s string) string { return s[:1] + " شهرا" }},
	{"أيام for أشهر", regexp.MustCompile(`\d أشهر`), func(s string) string { return s[:1] + " أيام" }},
	{"أورو for درهم", regexp.MustCompile(`\d درهم`), func(s string) string { return s[:1] + " أورو" }},
	{"another host", regexp.MustCompile(`[a-z]+\.ma\b`), func(s string) string { return "x" + s }},
	{"paid for free", regexp.MustCompile(`\bGratuit\b`), func(string) string { return "Payant" }},
	{"another document", regexp.MustCompile(`(?m)^.+$`), func(s string) string { return s + "\nUn testament" }},
}

// Every field of every sheet, with one place of it changed, is refused.
func TestChanged(t *testing.T) {
	t.Parallel()
	passed := share{}
	for _, bySheet := range readSheets(t) {
		for lang, sheet := range bySheet {
			for _, f := range retrieval.Fields {
				text := strings.Join(sheet.Values(f), "\n")
				passages, numbers := passagesOf(sheet, nil, []retrieval.Field{f})
				for _, change := range changes {
					for _, at := range change.find.FindAllStringIndex(text, -1) {
						changed := text[:at[0]] + change.with(text[at[0]:at[1]]) + text[at[1]:]
						passed.all++
						if Check(Draft{Text: Plain(changed), Passages: numbers}, lang, passages) == nil {
							passed.wrong++
							t.Errorf("%s, %s, %s: %s passes: %s", sheet.ID, lang, f, change.name, changed)
						}
					}
				}
			}
		}
	}
	t.Logf("%d of %d passed", passed.wrong, passed.all)
}
