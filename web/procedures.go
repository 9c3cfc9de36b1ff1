package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"murshid/language"
	"murshid/retrieval"
)

// sheetLanguages are the languages a sheet can be in.
var sheetLanguages = []language.Language{language.French, language.Arabic, language.English, language.Darija,
	language.Arabizi, language.Other}

// listed is one procedure of the list.
type listed struct {
	ID     string                       `json:"id"`
	Titles map[language.Language]string `json:"titles"`
	Theme  string                       `json:"theme"`
	Langs  []language.Language          `json:"langs"`
}

// procedureLists keeps the list of all procedures as JSON, as long as the index stays the same.
type procedureLists struct {
	sync.Mutex
	index *retrieval.Index
	lists map[language.Language][]byte // by the language asked for, "" for all
}

// procedures answers GET /api/v1/procedures: all of them, with ?lang= those that have a sheet in the language, with
// ?theme= those of a theme, with ?id=, as often as needed, those named.
func (s *Server) procedures(w http.ResponseWriter, r *http.Request) error {
	x := s.Index()
	if x == nil {
		return errNotReady
	}
	query := r.URL.Query()
	lang := language.Language(query.Get("lang"))
	if lang != "" && !slices.Contains(sheetLanguages, lang) {
		return fmt.Errorf("lang: %w", errBadField)
	}
	if ids := query["id"]; len(ids) > 0 {
		writeJSON(w, http.StatusOK, map[string]any{"procedures": listOf(x, ids[:min(len(ids), maxHits)], lang)})
		return nil
	}
	if theme := query.Get("theme"); theme != "" {
		writeJSON(w, http.StatusOK, map[string]any{"procedures": ofTheme(listOf(x, x.Procedures(), lang), theme)})
		return nil
	}
	body, err := s.procs.of(x, lang)
	if err != nil {
		return err
	}
	writeBody(w, r, body, document{contentType: "application/json; charset=utf-8", cache: "no-cache"})
	return nil
}

func (p *procedureLists) of(x *retrieval.Index, lang language.Language) ([]byte, error) {
	p.Lock()
	defer p.Unlock()
	if p.index != x {
		p.index, p.lists = x, map[language.Language][]byte{}
	}
	if body, ok := p.lists[lang]; ok {
		return body, nil
	}
	body, err := json.Marshal(map[string]any{"procedures": listOf(x, x.Procedures(), lang)})
	if err != nil {
		return nil, fmt.Errorf("encode procedures: %w", err)
	}
	p.lists[lang] = body
	return body, nil
}

// listOf lists the procedures among ids that exist and have a sheet in lang, where that is not empty.
func listOf(x *retrieval.Index, ids []string, lang language.Language) []listed {
	list := []listed{}
	for _, id := range ids {
		sheets := sheetsOf(x, id)
		entry := listed{ID: id, Titles: map[language.Language]string{}, Langs: []language.Language{}}
		for _, sheet := range sheets {
			entry.Titles[sheet.Lang] = sheet.Name()
			entry.Langs = append(entry.Langs, sheet.Lang)
			if entry.Theme == "" || sheet.Lang == lang {
				entry.Theme = sheet.Theme
			}
		}
		if len(sheets) > 0 && (lang == "" || slices.Contains(entry.Langs, lang)) {
			list = append(list, entry)
		}
	}
	return list
}

func ofTheme(list []listed, theme string) []listed {
	return slices.DeleteFunc(list, func(l listed) bool { return l.Theme != theme })
}

// sheetsOf are all sheets of a procedure, French first.
func sheetsOf(x *retrieval.Index, id string) []*retrieval.Sheet {
	var sheets []*retrieval.Sheet
	for _, lang := range sheetLanguages {
		if sheet, ok := x.Sheet(id, lang); ok && sheet.Lang == lang {
			sheets = append(sheets, sheet)
		}
	}
	return sheets
}

// procedure answers GET /api/v1/procedures/{id}: all sheets of one procedure.
func (s *Server) procedure(w http.ResponseWriter, r *http.Request) error {
	x := s.Index()
	if x == nil {
		return errNotReady
	}
	sheets := sheetsOf(x, r.PathValue("id"))
	if len(sheets) == 0 {
		return errNotFound
	}
	body, err := json.Marshal(map[string]any{"id": r.PathValue("id"), "sheets": sheets})
	if err != nil {
		return fmt.Errorf("encode sheets: %w", err)
	}
	writeBody(w, r, body, document{contentType: "application/json; charset=utf-8", cache: "no-cache"})
	return nil
}

// title is the procedure's name in a language, or in another where it has none.
func (s *Server) title(id string, lang language.Language) string {
	if x := s.Index(); x != nil {
		if sheet, ok := x.Sheet(id, lang); ok {
			return strings.TrimSpace(sheet.Name())
		}
	}
	return id
}
