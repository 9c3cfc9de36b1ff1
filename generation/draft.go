package generation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"murshid/grounding"
)

// finished is the reason to stop of an answer that is whole.
const finished = "stop"

// draft reads a reply. Errors: ErrCut, ErrDraft.
func (p *prompt) draft(reply *llms.ContentResponse) (grounding.Draft, error) {
	if reply == nil || len(reply.Choices) != 1 {
		return grounding.Draft{}, fmt.Errorf("%w: not one answer", ErrDraft)
	}
	choice := reply.Choices[0]
	if choice.StopReason != finished {
		return grounding.Draft{}, fmt.Errorf("%w: %s", ErrCut, cause(choice.StopReason))
	}
	var written struct {
		Text     string `json:"text"`
		Passages []int  `json:"passages"`
	}
	in := json.NewDecoder(strings.NewReader(unfenced(choice.Content)))
	in.DisallowUnknownFields()
	if err := in.Decode(&written); err != nil {
		return grounding.Draft{}, fmt.Errorf("%w: not the JSON asked for", ErrDraft)
	}
	if _, err := in.Token(); err != io.EOF {
		return grounding.Draft{}, fmt.Errorf("%w: more than one JSON value", ErrDraft)
	}
	text := grounding.Plain(p.showLinks(written.Text))
	if err := p.accept(text, written.Passages); err != nil {
		return grounding.Draft{}, err
	}
	return grounding.Draft{Text: text, Passages: written.Passages}, nil
}

// cause is a reason to stop that the API knows. Any other is text of the endpoint, which no error holds.
func cause(reason string) string {
	switch reason {
	case "length", "content_filter", "tool_calls", "function_call":
		return reason
	}
	return "no known reason"
}

func (p *prompt) accept(text string, passages []int) error {
	switch {
	case text == "" || len(passages) == 0:
		return fmt.Errorf("%w: no text or no passages", ErrDraft)
	case utf8.RuneCountInString(text) > p.limit:
		return fmt.Errorf("%w: more than %d characters", ErrDraft, p.limit)
	case strings.Contains(text, "{L"):
		return fmt.Errorf("%w: a link that no passage has", ErrDraft)
	}
	for _, n := range passages {
		if !p.sent(n) {
			return fmt.Errorf("%w: passage %d was not sent", ErrDraft, n)
		}
	}
	return nil
}

func (p *prompt) sent(number int) bool {
	for _, s := range p.input.Passages {
		if s.Number == number {
			return true
		}
	}
	return false
}

// unfenced takes the fence off that models like to put around JSON.
func unfenced(content string) string {
	text := bytes.TrimSpace([]byte(content))
	for _, open := range []string{"```json", "```"} {
		if rest, ok := bytes.CutPrefix(text, []byte(open)); ok {
			if inner, ok := bytes.CutSuffix(bytes.TrimSpace(rest), []byte("```")); ok {
				return string(bytes.TrimSpace(inner))
			}
		}
	}
	return string(text)
}
