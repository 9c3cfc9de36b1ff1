package e5

import (
	"slices"
	"testing"
)

// TestTokensLikeReference compares with the reference tokenizer on texts such as
// people write them and on junk; how they were made stands in testdata/README.md.
func TestTokensLikeReference(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	lines := readLines[struct {
		Class string  `json:"class"`
		Text  string  `json:"text"`
		IDs   []int32 `json:"ids"`
	}](t, "testdata/tokens.jsonl")
	if len(lines) < 2000 {
		t.Fatalf("only %d lines", len(lines))
	}
	different := 0
	for _, line := range lines {
		if got := e.Tokens(line.Text); !slices.Equal(got, line.IDs) {
			different++
			t.Logf("%s %+q:\n got %v\nwant %v", line.Class, line.Text, got, line.IDs)
		}
	}
	if most := len(lines) / 1000; different > most {
		t.Errorf("%d of %d texts differ, at most %d may", different, len(lines), most)
	}
}
