package assistant

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"murshid/language"
	"murshid/retrieval"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Every writing has every text, with the same places to fill.
func TestMessagesAgree(t *testing.T) {
	t.Parallel()
	french := messages[language.French]
	for _, l := range language.Writings {
		texts := messages[l]
		if diff := cmp.Diff(slices.Sorted(maps.Keys(french)), slices.Sorted(maps.Keys(texts))); diff != "" {
			t.Errorf("%s: %s", l, diff)
		}
		for key, text := range texts {
			got, want := placeholder.FindAllString(text, -1), placeholder.FindAllString(french[key], -1)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: places %v, want %v", l, key, got, want)
			}
			for _, r := range text {
				if unicode.Is(unicode.Bidi_Control, r) || r == 'ـ' {
					t.Errorf("%s %s holds %U", l, key, r)
				}
			}
		}
	}
	for _, f := range retrieval.Fields {
		if french["field_"+string(f)] == "" {
			t.Errorf("no label for %s", f)
		}
	}
}

// A message in Arabic letters holds no Latin words but names, and the reverse.
func TestMessagesScript(t *testing.T) {
	t.Parallel()
	arabic := regexp.MustCompile(`\p{Arabic}`)
	for _, l := range []language.Language{language.French, language.Arabizi} {
		for key, text := range messages[l] {
			if arabic.MatchString(text) {
				t.Errorf("%s %s is in Arabic letters", l, key)
			}
		}
	}
	decider := language.Decider{}
	for _, key := range []string{"not_in_corpus", "help", "error", "handed_off"} {
		for _, l := range language.Writings {
			if got := decider.Decide(messages[l][key], ""); got != l {
				t.Errorf("%s %s reads as %s", l, key, got)
			}
		}
	}
}
