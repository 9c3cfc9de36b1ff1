package web

import (
	"context"
	"errors"
	"net/http"

	"murshid/assistant"
	"murshid/language"
)

// conversationPage is the portal's page: its start, or a conversation for browsers without scripts.
type conversationPage struct {
	Conversation string
	Items        []item
	Embedded     bool     // in a frame on another site's page
	Frequent     []string // questions to start from
	Themes       []theme
}

// Open is the theme whose procedures stand on the page, nil where none does.
func (c conversationPage) Open() *theme {
	for i := range c.Themes {
		if c.Themes[i].Open {
			return &c.Themes[i]
		}
	}
	return nil
}

// item is one message on a page.
type item struct {
	Who     assistant.Who
	Lang    language.Language
	Text    string
	Notice  string
	Sources []source
	Choices []string // titles
}

// source is a place that an answer cites.
type source struct{ Title, URL, Date string }

// portal answers GET /.
func (s *Server) portal(w http.ResponseWriter, r *http.Request) error {
	p := s.page(w, r, "site.title")
	p.Body = conversationPage{Frequent: s.frequent(p.Lang), Themes: s.startThemes(p.Lang, r.URL.Query().Get("theme"))}
	return s.render(w, r, 0, "portal.html", p)
}

// askPage answers POST /ask: the form of the portal where no script runs.
func (s *Server) askPage(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return errBadField
	}
	p := s.page(w, r, "site.title")
	p.Path = "/"
	id := r.PostForm.Get("conversation")
	text := r.PostForm.Get("choice")
	if text == "" {
		text = r.PostForm.Get("text")
	}
	var failed error
	if !r.PostForm.Has("refresh") {
		answer, err := s.turn(r.Context(), askRequest{Text: text, Conversation: id})
		if failed = err; err == nil {
			id = answer.Conversation
		}
	}
	body, err := s.conversation(r.Context(), id, p.Lang)
	if err != nil {
		return err
	}
	p.Body = body
	status := http.StatusOK
	if failed != nil {
		k := kindOf(failed)
		if k.status == http.StatusInternalServerError {
			s.Log.ErrorContext(r.Context(), "turn failed", "error", failed)
		}
		status, p.Error = k.status, errorText(p.Lang, k.code)
	}
	return s.render(w, r, status, "portal.html", p)
}

func (s *Server) conversation(ctx context.Context, id string, lang language.Language) (conversationPage, error) {
	if id == "" || !plausible(id) {
		return conversationPage{}, nil
	}
	log, err := s.Messages(ctx, id, 0)
	if errors.Is(err, assistant.ErrNoConversation) {
		return conversationPage{}, nil
	}
	if err != nil {
		return conversationPage{}, err
	}
	body := conversationPage{Conversation: id}
	for _, m := range log {
		body.Items = append(body.Items, s.item(m, lang))
	}
	return body, nil
}

// item is a message of the log as the page shows it.
func (s *Server) item(m assistant.Message, lang language.Language) item {
	if m.Answer == nil {
		return item{Who: m.Who, Lang: s.Language(m.Text), Text: m.Text}
	}
	i := item{Who: m.Who, Lang: m.Answer.Language, Text: m.Answer.Text, Notice: m.Answer.Notice}
	for _, id := range m.Answer.Choices {
		i.Choices = append(i.Choices, s.title(id, m.Answer.Language.SheetLanguage()))
	}
	seen := map[string]bool{}
	for _, c := range m.Answer.Citations {
		if key := c.Procedure + " " + c.URL; !seen[key] {
			seen[key] = true
			i.Sources = append(i.Sources, s.source(c, lang))
		}
	}
	return i
}

func (s *Server) source(c assistant.Citation, lang language.Language) source {
	out := source{Title: s.title(c.Procedure, c.Lang), URL: c.URL}
	if x := s.Index(); x != nil {
		if sheet, ok := x.Sheet(c.Procedure, c.Lang); ok {
			out.Date = sheet.Updated
		}
	}
	if out.Title == "" {
		out.Title = texts[lang]["chat.source"]
	}
	return out
}
