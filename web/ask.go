package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"murshid/assistant"
	"murshid/language"
)

// maxBody is the longest body in bytes: the longest question with each letter written as a JSON escape.
const maxBody = 4*assistant.MaxQuestion + 1024

// maxID bounds ids in requests, in bytes.
const maxID = 200

type askRequest struct {
	Text         string            `json:"text"`
	Conversation string            `json:"conversation"`
	Channel      assistant.Channel `json:"channel"`
}

// ask answers POST /api/v1/ask.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) error {
	var body askRequest
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	answer, err := s.turn(r.Context(), body)
	if err != nil {
		return s.about(body.Text, err)
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// turn checks a question and answers it.
func (s *Server) turn(ctx context.Context, q askRequest) (assistant.Answer, error) {
	if q.Channel == "" {
		q.Channel = assistant.Web
	}
	// PostgreSQL has no room for NUL in a text, and no person means it.
	q.Text = strings.ReplaceAll(q.Text, "\x00", "")
	switch {
	case strings.TrimSpace(q.Text) == "":
		return assistant.Answer{}, assistant.ErrEmpty
	case len(q.Text) > assistant.MaxQuestion:
		return assistant.Answer{}, assistant.ErrTooLong
	case !slices.Contains([]assistant.Channel{assistant.Web, assistant.Email, assistant.SMS, assistant.Desk}, q.Channel):
		return assistant.Answer{}, fmt.Errorf("channel: %w", errBadField)
	case !plausible(q.Conversation):
		return assistant.Answer{}, assistant.ErrNoConversation
	}
	// The person may leave; the answer is stored all the same and waits in the conversation.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workTimeout)
	defer cancel()
	return s.Answer(ctx, assistant.Question{Conversation: q.Conversation, Channel: q.Channel, Text: q.Text})
}

// message is an entry of a conversation's log as the API shows it: the answers and the agents' replies.
type message struct {
	Type   string            `json:"type"` // answer or agent, as on the websocket
	Seq    int64             `json:"seq"`
	Text   string            `json:"text"`
	Result *assistant.Answer `json:"result"`
	At     time.Time         `json:"at"`
}

// messages answers POST /api/v1/messages: what a client without a websocket has not seen of its conversation. Who
// knows a conversation's id may read it, so the id stays out of addresses, which end in logs.
func (s *Server) messages(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Conversation string `json:"conversation"`
		After        int64  `json:"after"`
	}
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	switch {
	case body.After < 0:
		return fmt.Errorf("after: %w", errBadField)
	case body.Conversation == "" || !plausible(body.Conversation):
		return assistant.ErrNoConversation
	}
	log, err := s.Messages(r.Context(), body.Conversation, body.After)
	if err != nil {
		return err
	}
	out := []message{}
	for _, m := range log {
		switch m.Who {
		case assistant.Assist:
			out = append(out, message{Type: "answer", Seq: m.Seq, Text: m.Text, Result: m.Answer, At: m.At})
		case assistant.AgentReply:
			out = append(out, message{Type: "agent", Seq: m.Seq, Text: m.Text, At: m.At})
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, map[string]any{"messages": out})
	return nil
}

// about gives an error the language of the text that it is about.
func (s *Server) about(text string, err error) error {
	if strings.TrimSpace(text) == "" {
		return err
	}
	return fault{err, s.Language(text)}
}

// readJSON reads a body into v. Unknown fields are ignored. Errors: errBadJSON, *http.MaxBytesError.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	err := in.Decode(v)
	if err == nil {
		if _, err = in.Token(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return fmt.Errorf("%w: %w", errBadJSON, err)
}

// plausible reports whether an id can be one at all.
func plausible(id string) bool { return len(id) <= maxID && !strings.Contains(id, "\x00") }

// callerLanguage is the first of a browser's languages that we have words in, else French.
func callerLanguage(r *http.Request) language.Language {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		if l := language.Language(strings.ToLower(base)); hasErrors(l) {
			return l
		}
	}
	return language.French
}
