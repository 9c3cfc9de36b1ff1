package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"murshid/assistant"
	"murshid/embedding"
	"murshid/language"
	"murshid/privacy"
	"murshid/retrieval"
	"murshid/web"
)

// errNoAnswer means that a turn ended with the status error; the log says why.
var errNoAnswer = errors.New("the question could not be answered")

// ask answers each question in a conversation of its own.
func ask(ctx context.Context, c *call) (err error) {
	if err := c.checkCases(); err != nil {
		return err
	}
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	answerer := in.assistant()
	one := func(ctx context.Context, input inputCase) (any, error) {
		channel := c.Channel
		if input.Channel != "" {
			channel = input.Channel
		}
		answer, err := answerQuestion(ctx, answerer, assistant.Question{Channel: assistant.Channel(channel), Text: input.Question})
		if err != nil && answer.Status == "" {
			return nil, err
		}
		answer.ID = input.ID
		return shownAnswer{answer}, err
	}
	return eachCase(ctx, c, caseWork{one, func(f failedCase) any {
		return struct {
			assistant.Answer
			Error string `json:"error"`
		}{failedAnswer(f.ID), f.Error}
	}})
}

// answerQuestion answers a question of a command, which is a test. A turn that fails is an answer and an error.
func answerQuestion(ctx context.Context, answerer *assistant.Assistant, q assistant.Question) (assistant.Answer, error) {
	if !slices.Contains(channels, string(q.Channel)) {
		return assistant.Answer{}, fmt.Errorf("there is no channel %q: want %s", q.Channel, strings.Join(channels, ", "))
	}
	q.Test = true
	answer, err := answerer.Answer(ctx, q)
	if err == nil && answer.Status == assistant.Failed {
		err = errNoAnswer
	}
	return answer, err
}

// failedAnswer is the result of a turn that did not come about: every key is there.
func failedAnswer(id string) assistant.Answer {
	return assistant.Answer{ID: id, Language: language.French, Intent: assistant.IntentQuestion, Status: assistant.Failed,
		Aspects: []retrieval.Field{}, Parts: []string{}, Citations: []assistant.Citation{}, Choices: []string{}}
}

// shownAnswer is an answer that people can read as well as programs.
type shownAnswer struct{ assistant.Answer }

func (a shownAnswer) String() string { return a.Text }

// search ranks procedures for each question.
func search(ctx context.Context, c *call) (err error) {
	if err := c.checkCases(); err != nil {
		return err
	}
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	decider := language.Decider{Latin: language.NewLatin()}
	one := func(ctx context.Context, input inputCase) (any, error) {
		found, err := in.search(ctx, decider, input.Question, c.K)
		if err != nil {
			return nil, err
		}
		found.ID = input.ID
		return shownRanking{found}, nil
	}
	return eachCase(ctx, c, caseWork{one, func(f failedCase) any {
		return struct {
			web.SearchResult
			Status assistant.Status `json:"status"`
			Error  string           `json:"error"`
		}{web.SearchResult{ID: f.ID, Language: language.French, Hits: []web.SearchHit{}}, f.Status, f.Error}
	}})
}

func (in *installation) search(ctx context.Context, decider language.Decider, text string, k int) (web.SearchResult, error) {
	start := time.Now()
	text = language.Clean(text)
	if text == "" {
		return web.SearchResult{}, assistant.ErrEmpty
	}
	text = assistant.Mask(text)
	text = cmp.Or(privacy.Rest(text), text)
	result := web.SearchResult{Language: decider.Decide(text, ""), Hits: []web.SearchHit{}}
	ranking, err := in.retriever.Search(ctx, text, result.Language, k)
	if err != nil {
		return result, err
	}
	for _, h := range ranking.Hits {
		result.Hits = append(result.Hits, web.SearchHit{Procedure: h.Procedure, Lang: h.Lang, Title: h.Title, Score: h.Score})
	}
	result.Ms = float64(time.Since(start).Microseconds()) / 1000
	return result, nil
}

// converse answers dialogues, one a line.
func converse(ctx context.Context, c *call) (err error) {
	if c.Cases == "" {
		return usagef("--cases FILE with dialogues is needed")
	}
	if err := c.checkCases(); err != nil {
		return err
	}
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	answerer := in.assistant()
	one := func(ctx context.Context, input inputCase) (any, error) {
		return converseOnce(ctx, answerer, assistant.Channel(c.Channel), input)
	}
	return eachCase(ctx, c, caseWork{one, func(f failedCase) any {
		return dialogue{ID: f.ID, Turns: []assistant.Answer{}, Status: f.Status, Error: f.Error}
	}})
}

// dialogue is a line of converse. A turn that fails does not end the dialogue.
type dialogue struct {
	ID     string             `json:"id"`
	Turns  []assistant.Answer `json:"turns"`
	Status assistant.Status   `json:"status,omitempty"` // error where a turn failed
	Error  string             `json:"error,omitempty"`
}

func converseOnce(ctx context.Context, answerer *assistant.Assistant, channel assistant.Channel, input inputCase) (dialogue, error) {
	result := dialogue{ID: input.ID, Turns: []assistant.Answer{}}
	var failed error
	conversation := ""
	for i, turn := range input.Turns {
		answer, err := answerQuestion(ctx, answerer, assistant.Question{Conversation: conversation, Channel: channel, Text: turn.User})
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("turn %d: %w", i+1, err))
		}
		if answer.Status == "" && err != nil {
			answer = failedAnswer("")
			answer.Conversation = conversation
		}
		conversation, answer.ID = answer.Conversation, input.ID
		result.Turns = append(result.Turns, answer)
	}
	if failed != nil {
		result.Status, result.Error = assistant.Failed, oneSentence(failed)
	}
	return result, failed
}

// nameLanguage prints only the language decision.
func nameLanguage(ctx context.Context, c *call) error {
	if err := c.checkCases(); err != nil {
		return err
	}
	decider := language.Decider{Latin: language.NewLatin()}
	one := func(_ context.Context, input inputCase) (any, error) {
		return struct {
			ID       string            `json:"id"`
			Language language.Language `json:"language"`
		}{input.ID, decider.Decide(input.Question, "")}, nil
	}
	return eachCase(ctx, c, caseWork{do: one})
}

// embed embeds each question as a question, one after the other on one thread.
func embed(ctx context.Context, c *call) (err error) {
	if err := c.checkCases(); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	in := &installation{Config: c.Config}
	if err := in.findEngine(); err != nil {
		return err
	}
	if err := in.openEmbedder(ctx); err != nil {
		return err
	}
	defer closing(&err, in)
	one := func(ctx context.Context, input inputCase) (any, error) {
		start := time.Now()
		vectors, err := in.embedder.Embed(ctx, embedding.Question, []string{input.Question})
		if err != nil {
			return nil, err
		}
		result := embedResult{ID: input.ID, Ms: float64(time.Since(start).Microseconds()) / 1000}
		if c.Vectors {
			result.Vector = vectors[0]
		}
		return result, nil
	}
	return eachCase(ctx, c, caseWork{do: one})
}

type embedResult struct {
	ID     string    `json:"id"`
	Ms     float64   `json:"ms"`
	Vector []float32 `json:"vector,omitempty"`
}

// shownRanking is a ranking that people can read as well as programs.
type shownRanking struct{ web.SearchResult }

func (r shownRanking) String() string {
	text := ""
	for i, h := range r.Hits {
		text += fmt.Sprintf("%2d. %.2f  %s — %s\n", i+1, h.Score, h.Procedure, h.Title)
	}
	return strings.TrimSuffix(text, "\n")
}
