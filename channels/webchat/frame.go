package webchat

import (
	"encoding/json"
	"strings"

	"murshid/assistant"
)

// incoming is any frame of a client; which fields count depends on the type.
type incoming struct {
	Type         string `json:"type"`
	Conversation string `json:"conversation"`
	Seen         int64  `json:"seen"`
	ClientID     string `json:"client_id"`
	Text         string `json:"text"`
	Seq          int64  `json:"seq"`
	Useful       *bool  `json:"useful"`
}

// The types of frames a client may send.
const (
	typeHello    = "hello"
	typeAsk      = "ask"
	typeTyping   = "typing"
	typeFeedback = "feedback"
)

// maxID bounds a client's id of a message and the id of a conversation, in bytes.
const maxID = 128

// parse reads a frame. The code says what is wrong with it, "" if nothing is.
func parse(data []byte) (incoming, code) {
	var f incoming
	if json.Unmarshal(data, &f) != nil {
		return f, codeBadMessage
	}
	// PostgreSQL has no room for NUL in a text, and no person means it.
	f.Text = strings.ReplaceAll(f.Text, "\x00", "")
	f.Seen = max(f.Seen, 0)
	switch f.Type {
	case typeHello, typeTyping:
		return f, ""
	case typeAsk:
		return f, f.faultOfAsk()
	case typeFeedback:
		if f.Seq <= 0 || f.Useful == nil {
			return f, codeBadMessage
		}
		return f, ""
	}
	return f, codeUnknownType
}

func (f incoming) faultOfAsk() code {
	switch {
	case f.ClientID == "" || !plausible(f.ClientID):
		return codeBadMessage
	case strings.TrimSpace(f.Text) == "":
		return codeEmpty
	case len(f.Text) > assistant.MaxQuestion:
		return codeTooLong
	}
	return ""
}

// plausible reports whether an id can be one at all.
func plausible(id string) bool { return len(id) <= maxID && !strings.Contains(id, "\x00") }

// The frames of the server.
type (
	welcome struct {
		Type         string `json:"type"`
		Conversation string `json:"conversation"`
		Seq          int64  `json:"seq"`
	}
	ack struct {
		Type     string `json:"type"`
		ClientID string `json:"client_id"`
		Seq      int64  `json:"seq"`
	}
	typing struct {
		Type string `json:"type"`
	}
	answer struct {
		Type   string            `json:"type"`
		Seq    int64             `json:"seq"`
		Result *assistant.Answer `json:"result"`
	}
	agent struct {
		Type string `json:"type"`
		Seq  int64  `json:"seq"`
		Text string `json:"text"`
	}
	failure struct {
		Type     string `json:"type"`
		Code     code   `json:"code"`
		Message  string `json:"message"`
		ClientID string `json:"client_id,omitempty"` // of the message that it is about
	}
)
