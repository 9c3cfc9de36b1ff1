package language

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelled is a line of testdata: a text and the language a reader gave it.
type labelled struct {
	Text     string   `json:"text"`
	Language Language `json:"language"`
}

func readLabelled(t testing.TB, name string) []labelled {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var out []labelled
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		var line labelled
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s:%d: %v", name, len(out)+1, err)
		}
		out = append(out, line)
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAccuracy holds the share of right decisions of each language above a floor: on lines that the rules were
// tuned on, and on lines of other topics that they were not.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	for name, floor := range map[string]float64{"decide.jsonl": 0.97, "decide_held_out.jsonl": 0.95} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			decider := Decider{Latin: NewLatin()}
			all, right := map[Language]int{}, map[Language]int{}
			for _, line := range readLabelled(t, name) {
				got := decider.Decide(line.Text, "")
				all[line.Language]++
				if got == line.Language {
					right[line.Language]++
				} else {
					t.Logf("%q is %s, decided %s", line.Text, line.Language, got)
				}
			}
			for _, l := range []Language{French, Arabic, Darija, Arabizi, English, Other} {
				share := float64(right[l]) / float64(all[l])
				t.Logf("%-8s %4d lines, %.3f right", l, all[l], share)
				if share < floor {
					t.Errorf("%s: %.3f right, want at least %.2f", l, share, floor)
				}
			}
		})
	}
}

// TestOfficialText reads the demo sheets: what the administration writes is never Darija, apart from the few words
// that it borrows itself.
func TestOfficialText(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../corpus/sheets/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sheets: %v", err)
	}
	read := 0
	for _, file := range files {
		for _, sheet := range readSheets(t, file) {
			for _, text := range append([]string{sheet.Title, sheet.Place, sheet.Fee}, append(sheet.Documents, sheet.Steps...)...) {
				read++
				got := (Decider{}).Decide(text, sheet.Lang)
				if got != sheet.Lang && !strings.Contains(text, "لافينييت") {
					t.Errorf("%q is %s, decided %s", text, sheet.Lang, got)
				}
			}
		}
	}
	t.Logf("%d texts", read)
}

type officialSheet struct {
	Lang              Language
	Title, Place, Fee string
	Documents, Steps  []string
}

func readSheets(t *testing.T, file string) []officialSheet {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var sheets []officialSheet
	if err := json.Unmarshal(raw, &sheets); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return sheets
}
