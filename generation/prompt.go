package generation

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"murshid/grounding"
)

//go:embed instructions.txt
var instructions string

const (
	maxQuestion = 2000  // bytes of a question that are sent
	maxPassages = 12000 // bytes of passages that are sent
)

// prompt is what is sent for one draft.
type prompt struct {
	request grounding.Request
	limit   int      // characters
	links   []string // {L1} stands for the first
	input   input
}

// input is the message to the model. Being JSON, nothing that a person writes can step out of its place.
type input struct {
	Question string    `json:"question"`
	Writing  string    `json:"writing"`
	Limit    int       `json:"limit"`
	Passages []passage `json:"passages"`
}

type passage struct {
	Number int    `json:"number"`
	Field  string `json:"field"`
	Text   string `json:"text"`
}

// newPrompt puts links out of the model's reach and cuts what is too long. Errors: ErrDraft where nothing is left to
// write from.
func newPrompt(r grounding.Request) (*prompt, error) {
	p := &prompt{request: r, limit: r.Limit}
	if p.limit <= 0 || p.limit > grounding.MaxText {
		p.limit = grounding.MaxText
	}
	p.input = input{Question: cut(r.Question, maxQuestion), Writing: string(r.Writing), Limit: p.limit}
	room := maxPassages
	for i, given := range r.Passages {
		text := p.hideLinks(given.Text)
		if len(text) > room {
			continue
		}
		room -= len(text)
		p.input.Passages = append(p.input.Passages, passage{Number: i + 1, Field: given.Field, Text: text})
	}
	if len(p.input.Passages) == 0 {
		return nil, fmt.Errorf("%w: no passages to write from", ErrDraft)
	}
	return p, nil
}

// hideLinks replaces links by tokens.
func (p *prompt) hideLinks(text string) string {
	text = strings.NewReplacer("{", "(", "}", ")").Replace(text)
	return grounding.ReplaceLinks(text, func(link string) string {
		for i, have := range p.links {
			if have == link {
				return token(i)
			}
		}
		p.links = append(p.links, link)
		return token(len(p.links) - 1)
	})
}

func token(i int) string { return fmt.Sprintf("{L%d}", i+1) }

// showLinks puts the links back.
func (p *prompt) showLinks(text string) string {
	for i := len(p.links) - 1; i >= 0; i-- {
		text = strings.ReplaceAll(text, token(i), p.links[i])
	}
	return text
}

// messages are what the endpoint gets.
func (p *prompt) messages() []llms.MessageContent {
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if err := out.Encode(p.input); err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, strings.TrimSpace(instructions)),
		llms.TextParts(llms.ChatMessageTypeHuman, strings.TrimSpace(b.String())),
	}
}

// cut shortens a text to whole characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
