package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"murshid/language"
)

//go:embed templates messages
var pageFiles embed.FS

// texts are the words of all pages by language and key.
var texts = readTexts("messages/fr.json", "messages/ar.json")

// errorTexts are the words of errors by language and code.
var errorTexts = func() map[language.Language]map[string]string {
	var t map[language.Language]map[string]string
	mustRead("messages/errors.json", &t)
	return t
}()

// writings are, for each writing an answer can be in, the marks that the script finds its parts by (they stand in the
// assistant's texts; a test holds them together), and what the buttons below it ask.
var writings = func() map[language.Language]map[string]string {
	var t map[language.Language]map[string]string
	mustRead("messages/writings.json", &t)
	return t
}()

func readTexts(names ...string) map[language.Language]map[string]string {
	all := map[language.Language]map[string]string{}
	for _, name := range names {
		var t map[string]string
		mustRead(name, &t)
		all[language.Language(strings.TrimSuffix(path.Base(name), ".json"))] = t
	}
	return all
}

func mustRead(name string, v any) {
	data, err := fs.ReadFile(pageFiles, name)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		panic(fmt.Sprintf("web: %s: %v", name, err)) // the file is in the binary
	}
}

func hasErrors(l language.Language) bool { return errorTexts[l] != nil }

// errorText is an error in a language; where that has none, in the nearest that has.
func errorText(l language.Language, code string) string {
	for _, l := range []language.Language{l, l.SheetLanguage()} {
		if text, ok := errorTexts[l][code]; ok {
			return text
		}
	}
	return errorTexts[language.French][code]
}

// page is what every template gets.
type page struct {
	Lang  language.Language // of the page's own words
	Path  string            // of the address, for the switch of languages
	Title string            // key of the title
	Agent string            // who is logged in at the desk
	Error string            // sentence for the person
	Body  any
}

// Dir is the direction of the page.
func (p page) Dir() string { return direction(p.Lang) }

// T is a text of the page.
func (p page) T(key string) string {
	if text, ok := texts[p.Lang][key]; ok {
		return text
	}
	return key
}

// Reason is why a conversation waits, in the page's words where there are some.
func (p page) Reason(reason string) string {
	if text, ok := texts[p.Lang]["reason."+reason]; ok {
		return text
	}
	return reason
}

// Other is the language the page can be switched to.
func (p page) Other() language.Language {
	if p.Lang == language.Arabic {
		return language.French
	}
	return language.Arabic
}

// Script are the texts that the page's script shows.
func (p page) Script(prefix string) map[string]string {
	chosen := map[string]string{}
	for key, text := range texts[p.Lang] {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			chosen[name] = text
		}
	}
	return chosen
}

// langTag is the BCP 47 tag of a language.
func langTag(l language.Language) string {
	switch l {
	case language.Arabizi:
		return "ary-Latn"
	case language.Other:
		return ""
	}
	return string(l)
}

type pages struct{ *template.Template }

func loadPages(a assets) pages {
	functions := template.FuncMap{"asset": a.url, "dir": direction, "langTag": langTag, "lines": linesOf,
		"writings": func() map[language.Language]map[string]string { return writings }}
	return pages{template.Must(template.New("").Funcs(functions).ParseFS(pageFiles, "templates/*.html"))}
}

// render serves a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) error {
	body, err := s.pages.body(name, p)
	if err != nil {
		return err
	}
	cache := "no-store"
	if status == 0 && p.Agent == "" {
		cache = "no-cache"
	}
	w.Header().Add("Vary", "Accept-Language, Cookie")
	writeBody(w, r, body, document{contentType: "text/html; charset=utf-8", cache: cache, status: status})
	return nil
}

func (t pages) body(name string, p page) ([]byte, error) {
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, p); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// failPage serves an error as a page.
func (s *Server) failPage(w http.ResponseWriter, r *http.Request, k kind) {
	p := s.page(w, r, "error.title")
	p.Error = errorText(p.Lang, k.code)
	if err := s.render(w, r, k.status, "error.html", p); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", "error", err)
		http.Error(w, p.Error, k.status)
	}
}

// languageCookie keeps the language a visitor chose for the pages.
const languageCookie = "murshid_lang"

// page starts a page in the visitor's language: the one of ?lang=, else the one chosen before, else the browser's.
func (s *Server) page(w http.ResponseWriter, r *http.Request, title string) page {
	p := page{Lang: language.French, Path: r.URL.Path, Title: title}
	if callerLanguage(r).RightToLeft() {
		p.Lang = language.Arabic
	}
	if c, err := r.Cookie(languageCookie); err == nil && texts[language.Language(c.Value)] != nil {
		p.Lang = language.Language(c.Value)
	}
	if chosen := language.Language(r.URL.Query().Get("lang")); texts[chosen] != nil {
		p.Lang = chosen
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(chosen), Path: "/", MaxAge: 365 * 24 * 3600,
			HttpOnly: true, Secure: s.overTLS(r), SameSite: http.SameSiteLaxMode})
	}
	return p
}
