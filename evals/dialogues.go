package evals

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"murshid/assistant"
	"murshid/language"
	"murshid/retrieval"
)

// Dialogue is one development conversation and what is right for each of its turns.
type Dialogue struct {
	ID      string            `json:"id"`
	Writing language.Language `json:"writing"`
	Kind    string            `json:"kind"` // what it tries: ellipsis, correction, …
	Turns   []Said            `json:"turns"`
}

// Said is what the person says in one turn, and what must hold of the answer.
type Said struct {
	User   string      `json:"user"`
	Expect Expectation `json:"expect"`
}

// Expectation is what must hold of an answer. What it leaves out may be anything.
type Expectation struct {
	Language  language.Language  `json:"language"`
	Intent    assistant.Intent   `json:"intent"`
	Intents   []assistant.Intent `json:"intents"`         // acceptable ones
	Status    []assistant.Status `json:"status"`          // acceptable ones
	Procedure []string           `json:"procedure"`       // acceptable ones, where a sheet answers
	Aspects   []retrieval.Field  `json:"aspects"`         // all of them, where a sheet answers
	Must      []string           `json:"must"`            // all of them as whole numbers or words, where a sheet answers
	Choices   []string           `json:"choices_include"` // all of them, where it asks back
}

// Locked reports whether the dialogue is kept away from whoever mends the thread: half of them, by a hash of the id.
func (d Dialogue) Locked() bool {
	h := fnv.New32a()
	h.Write([]byte(d.ID)) // never fails
	return h.Sum32()%2 == 0
}

//go:embed testdata/dialogues/dialogues.jsonl
var dialogues string

// Dialogues are the repository's development dialogues.
func Dialogues() ([]Dialogue, error) {
	var out []Dialogue
	for line := range strings.Lines(dialogues) {
		var d Dialogue
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			return nil, fmt.Errorf("dialogue %d: %w", len(out)+1, err)
		}
		out = append(out, d)
	}
	return out, nil
}

// Converser answers one message of a conversation; the empty id opens one.
type Converser func(ctx context.Context, conversation, text string) (assistant.Answer, error)

// Conversed is what the product made of one dialogue.
type Conversed struct {
	Dialogue
	Answers []assistant.Answer
	Wrong   []string // by turn, what does not hold; "" for a right turn
}

// Right reports whether every turn is right.
func (c Conversed) Right() bool { return c.rightTurns() == len(c.Turns) }

func (c Conversed) rightTurns() int {
	right := 0
	for _, w := range c.Wrong {
		if w == "" {
			right++
		}
	}
	return right
}

// Converse holds every dialogue in a conversation of its own. A turn that fails is wrong and does not end its
// dialogue. Errors: the context's.
func Converse(ctx context.Context, say Converser, all []Dialogue) ([]Conversed, error) {
	var out []Conversed
	for _, d := range all {
		c, conversation := Conversed{Dialogue: d}, ""
		for _, turn := range d.Turns {
			answer, err := say(ctx, conversation, turn.User)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			wrong := turn.Expect.wrong(answer)
			if err != nil {
				wrong = err.Error()
			} else {
				conversation = answer.Conversation
			}
			c.Answers, c.Wrong = append(c.Answers, answer), append(c.Wrong, wrong)
		}
		out = append(out, c)
	}
	return out, nil
}

// wrong names what does not hold of the answer, "" where all does.
func (e Expectation) wrong(a assistant.Answer) string {
	given := a.Status == assistant.Answered || a.Status == assistant.Partial
	switch {
	case e.Language != "" && a.Language != e.Language:
		return "language"
	case !e.intends(a.Intent):
		return "intent"
	case len(e.Status) > 0 && !slices.Contains(e.Status, a.Status):
		return "status"
	case given && len(e.Procedure) > 0 && !slices.Contains(e.Procedure, a.Procedure):
		return "procedure"
	case given && !holdsAll(a.Aspects, e.Aspects):
		return "aspects"
	case given && slices.ContainsFunc(e.Must, func(m string) bool { return !holdsWhole(a.Text, m) }):
		return "must"
	case a.Status == assistant.Clarification && !holdsAll(a.Choices, e.Choices):
		return "choices"
	}
	return ""
}

func (e Expectation) intends(i assistant.Intent) bool {
	acceptable := e.Intents
	if e.Intent != "" {
		acceptable = append(slices.Clone(acceptable), e.Intent)
	}
	return len(acceptable) == 0 || slices.Contains(acceptable, i)
}

func holdsAll[T comparable](all, wanted []T) bool {
	return !slices.ContainsFunc(wanted, func(w T) bool { return !slices.Contains(all, w) })
}

// holdsWhole reports whether a text holds a figure that is no part of a longer one: 10 is not in 100, nor in 10,5.
func holdsWhole(text, figure string) bool {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
	for from := 0; ; {
		at := strings.Index(text[from:], figure)
		if at < 0 {
			return false
		}
		begin, end := from+at, from+at+len(figure)
		if !digitBefore(text[:begin]) && !digitAfter(text[end:]) {
			return true
		}
		from = end
	}
}

func digitBefore(s string) bool {
	if n := len(s); n > 1 && strings.ContainsRune(",.", rune(s[n-1])) {
		s = s[:n-1]
	}
	return s != "" && isDigit(s[len(s)-1])
}

func digitAfter(s string) bool {
	if len(s) > 1 && strings.ContainsRune(",.", rune(s[0])) {
		s = s[1:]
	}
	return s != "" && isDigit(s[0])
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
