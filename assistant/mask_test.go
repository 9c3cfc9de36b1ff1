package assistant

import (
	"encoding/json"
	"hash/fnv"
	"os"
	"strings"
	"testing"

	"murshid/language"
	"murshid/privacy"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"mon numéro 0612345678 svp":             "mon numéro [phone] svp",
		"+212 6 12 34 56 78":                    "[phone]",
		"00212(0)612345678":                     "[phone]",
		"ma CIN est AB123456":                   "ma CIN est [CIN]",
		"passeport AB1234567":                   "passeport [passport]",
		"écrivez à citoyen@example.ma":          "écrivez à [e-mail]",
		"RIB 007780000123456789012345":          "RIB [RIB]",
		"née le 03/11/1990":                     "née le [date]",
		"rendez-vous le 03/11/2026":             "rendez-vous le 03/11/2026",
		"colis RR473124829MA":                   "colis RR473124829MA",
		"loi 37-99, 75 DH, 3 mois, article 250": "loi 37-99, 75 DH, 3 mois, article 250",
		"le 37 37 ou 080 200 37 37":             "le 37 37 ou 080 200 37 37",
		"8 chevaux, 3000 DH":                    "8 chevaux, 3000 DH",
		"بطاقتي BK654321 من فضلكم":              "بطاقتي [CIN] من فضلكم",
	} {
		if got := Mask(text); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

// personalCase is a line of testdata/personal.jsonl: a text and the personal data in it.
type personalCase struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Spans []struct {
		Kind string `json:"kind"`
		Text string `json:"text"`
	} `json:"spans"`
}

// locked tells the third of the lines that nobody looks at while the rules are mended: only their figures show.
func (c personalCase) locked() bool {
	h := fnv.New32a()
	h.Write([]byte(c.ID))
	return h.Sum32()%3 == 0
}

// tally are the figures of one part of the lines.
type tally struct{ data, found, lines, wrong, lookalikes, wrongLookalikes int }

// Personal data found: at least 99 of 100; lines in which something else is masked: at most one of 100, of the lines
// that only look alike as well as of all.
func TestPersonalData(t *testing.T) {
	t.Parallel()
	parts := map[bool]*tally{false: {}, true: {}}
	for _, c := range personalCases(t) {
		sum := parts[c.locked()]
		found, wrong := c.judge(func(format string, args ...any) {
			if !c.locked() {
				t.Logf(format, args...)
			}
		})
		sum.data, sum.found, sum.lines = sum.data+len(c.Spans), sum.found+found, sum.lines+1
		if wrong {
			sum.wrong++
		}
		if len(c.Spans) == 0 {
			sum.lookalikes++
			if wrong {
				sum.wrongLookalikes++
			}
		}
	}
	for locked, s := range parts {
		t.Logf("locked %v: found %d of %d; wrongly masked in %d of %d lines, %d of %d that only look alike", locked,
			s.found, s.data, s.wrong, s.lines, s.wrongLookalikes, s.lookalikes)
		const atLeast, atMost = 0.99, 0.01
		if float64(s.found) < atLeast*float64(s.data) || float64(s.wrong) > atMost*float64(s.lines) ||
			float64(s.wrongLookalikes) > atMost*float64(s.lookalikes) {
			t.Errorf("locked %v: the figures are below the bar", locked)
		}
	}
}

// judge counts the data of a line that Mask hides whole, and reports whether it hides anything else: a span away from
// all data, or more than a few characters beyond one.
func (c personalCase) judge(say func(string, ...any)) (found int, wrong bool) {
	const slack = 16
	text := language.Clean(c.Text)
	spans := privacy.Find(text)
	used := make([]bool, len(spans))
	from := 0
	for _, want := range c.Spans {
		data := language.Clean(want.Text)
		begin := from + strings.Index(text[from:], data)
		end := begin + len(data)
		from = end
		hidden := false
		for i, s := range spans {
			if s.From < end && s.To > begin {
				used[i] = begin-s.From <= slack && s.To-end <= slack
			}
			hidden = hidden || (s.From <= begin && s.To >= end)
		}
		if hidden {
			found++
		} else {
			say("%s: %s not found: %q → %q", c.ID, want.Kind, text, Mask(text))
		}
	}
	for i, s := range spans {
		if !used[i] {
			wrong = true
			say("%s: %s wrong: %q in %q", c.ID, s.Kind, text[s.From:s.To], text)
		}
	}
	return found, wrong
}

func personalCases(t *testing.T) []personalCase {
	t.Helper()
	file, err := os.ReadFile("testdata/personal.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var cases []personalCase
	for line := range strings.Lines(string(file)) {
		var c personalCase
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	const least = 360
	if len(cases) < least {
		t.Fatalf("%d lines, want %d", len(cases), least)
	}
	return cases
}
