package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"murshid/assistant"
	"murshid/desk"
	"murshid/language"
)

// maxReply is the longest reply of an agent, in bytes.
const maxReply = 16 << 10

// waitingItem is one conversation of the list.
type waitingItem struct {
	desk.Waiting
	Topic string // the procedure's title in the page's language
	At    string
	Long  bool // waits for longer than an hour
}

// transcriptItem is one message of a transcript.
type transcriptItem struct {
	item
	Seq int64
	At  string
}

// transcriptPage is a conversation at the desk.
type transcriptPage struct {
	Conversation string
	Waiting      bool
	Draft        string // a reply that could not be sent
	Last         int64
	Items        []transcriptItem
}

// deskList answers GET /desk.
func (s *Server) deskList(w http.ResponseWriter, r *http.Request, agent string) error {
	return s.waitingPage(w, r, agent, "desk.html")
}

// deskWaiting answers GET /desk/waiting: the list alone, for the page's script.
func (s *Server) deskWaiting(w http.ResponseWriter, r *http.Request, agent string) error {
	return s.waitingPage(w, r, agent, "waiting")
}

func (s *Server) waitingPage(w http.ResponseWriter, r *http.Request, agent, template string) error {
	p := s.page(w, r, "desk.title")
	p.Agent = agent
	list, err := s.Desk.Waiting(r.Context())
	if err != nil {
		return err
	}
	items := make([]waitingItem, len(list))
	for i, entry := range list {
		items[i] = waitingItem{Waiting: entry, At: s.clock(entry.Since), Long: time.Since(entry.Since) > time.Hour}
		if entry.Procedure != "" {
			items[i].Topic = s.title(entry.Procedure, p.Lang)
		}
	}
	p.Body = items
	return s.render(w, r, http.StatusOK, template, p)
}

// deskConversation answers GET /desk/conversations/{id}.
func (s *Server) deskConversation(w http.ResponseWriter, r *http.Request, agent string) error {
	return s.transcript(w, r, transcriptView{agent: agent})
}

// transcriptView is how a transcript is shown.
type transcriptView struct {
	agent string
	draft string // a reply that could not be sent, and why
	err   error
}

func (s *Server) transcript(w http.ResponseWriter, r *http.Request, v transcriptView) error {
	id := r.PathValue("id")
	if !plausible(id) {
		return assistant.ErrNoConversation
	}
	log, err := s.Desk.Transcript(r.Context(), v.agent, id)
	if err != nil {
		return err
	}
	waiting, err := s.Desk.Waiting(r.Context())
	if err != nil {
		return err
	}
	p := s.page(w, r, "desk.conversation")
	p.Agent = v.agent
	body := s.transcriptOf(log, p.Lang)
	body.Conversation, body.Draft = id, v.draft
	body.Waiting = slices.ContainsFunc(waiting, func(x desk.Waiting) bool { return x.Conversation == id })
	p.Body = body
	status := http.StatusOK
	if v.err != nil {
		k := kindOf(v.err)
		status, p.Error = k.status, errorText(p.Lang, k.code)
	}
	return s.render(w, r, status, "conversation.html", p)
}

// deskLog answers GET /desk/conversations/{id}/log: the messages alone, for the page's script. That the agent reads
// the conversation was recorded when the page was opened.
func (s *Server) deskLog(w http.ResponseWriter, r *http.Request, agent string) error {
	id := r.PathValue("id")
	if !plausible(id) {
		return assistant.ErrNoConversation
	}
	log, err := s.Messages(r.Context(), id, 0)
	if err != nil {
		return err
	}
	p := s.page(w, r, "desk.conversation")
	p.Agent, p.Body = agent, s.transcriptOf(log, p.Lang)
	return s.render(w, r, http.StatusOK, "transcript", p)
}

func (s *Server) transcriptOf(log []assistant.Message, lang language.Language) transcriptPage {
	var body transcriptPage
	for _, m := range log {
		body.Items = append(body.Items, transcriptItem{s.item(m, lang), m.Seq, s.clock(m.At)})
		body.Last = m.Seq
	}
	return body
}

// deskReply answers POST /desk/conversations/{id}/reply.
func (s *Server) deskReply(w http.ResponseWriter, r *http.Request, agent string) error {
	r.Body = http.MaxBytesReader(w, r.Body, 4*maxReply)
	if err := r.ParseForm(); err != nil {
		return assistant.ErrTooLong
	}
	id, text := r.PathValue("id"), strings.ReplaceAll(strings.TrimSpace(r.PostForm.Get("text")), "\x00", "")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	err := error(nil)
	switch {
	case !plausible(id):
		return assistant.ErrNoConversation
	case text == "":
		err = desk.ErrEmptyReply
	case len(text) > maxReply:
		err = assistant.ErrTooLong
	default:
		_, err = s.Desk.Reply(r.Context(), agent, id, text)
	}
	if errors.Is(err, desk.ErrEmptyReply) || errors.Is(err, desk.ErrNotWaiting) || errors.Is(err, assistant.ErrTooLong) {
		return s.transcript(w, r, transcriptView{agent: agent, draft: text, err: err})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/conversations/"+url.PathEscape(id)+"#last", http.StatusSeeOther)
	return nil
}

// deskResolve answers POST /desk/conversations/{id}/resolve.
func (s *Server) deskResolve(w http.ResponseWriter, r *http.Request, agent string) error {
	id := r.PathValue("id")
	if !plausible(id) {
		return assistant.ErrNoConversation
	}
	// A conversation that another agent has resolved meanwhile is resolved.
	if err := s.Desk.Resolve(r.Context(), agent, id); err != nil && !errors.Is(err, desk.ErrNotWaiting) {
		return err
	}
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
	return nil
}

// clock is a time as the pages show it.
func (s *Server) clock(t time.Time) string {
	t = t.In(s.zone)
	if now := time.Now().In(s.zone); t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return t.Format("02/01/2006 15:04")
}
