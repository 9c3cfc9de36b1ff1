package web

import (
	"slices"
	"strings"
	"sync"

	"murshid/language"
	"murshid/retrieval"
)

// theme is a group of procedures on the portal's first page.
type theme struct {
	Name       string
	Icon       string // id of a symbol of templates/icons.html
	Count      int    // of its procedures
	Open       bool   // its procedures stand on the page
	Procedures []string
}

// themeLists keeps the themes of each language as long as the index stays the same.
type themeLists struct {
	sync.Mutex
	index *retrieval.Index
	lists map[language.Language][]theme
}

// of gives all themes of a language, none before the first sheets are loaded.
func (l *themeLists) of(x *retrieval.Index, lang language.Language) []theme {
	if x == nil {
		return nil
	}
	l.Lock()
	defer l.Unlock()
	if l.index != x {
		l.index, l.lists = x, map[language.Language][]theme{}
	}
	list, ok := l.lists[lang]
	if !ok {
		list = themesOf(x, lang)
		l.lists[lang] = list
	}
	return list
}

// themesOf groups the titles of all procedures by the theme of their sheets.
func themesOf(x *retrieval.Index, lang language.Language) []theme {
	var list []theme
	ids := map[string][]string{}
	for _, id := range x.Procedures() {
		sheet, ok := x.Sheet(id, lang)
		if !ok || sheet.Theme == "" {
			continue
		}
		i := slices.IndexFunc(list, func(t theme) bool { return t.Name == sheet.Theme })
		if i < 0 {
			i = len(list)
			list = append(list, theme{Name: sheet.Theme})
		}
		list[i].Count++
		list[i].Procedures = append(list[i].Procedures, strings.TrimSpace(sheet.Name()))
		ids[sheet.Theme] = append(ids[sheet.Theme], id)
	}
	for i := range list {
		list[i].Icon = iconOf(ids[list[i].Name])
	}
	slices.SortStableFunc(list, func(a, b theme) int { return b.weight() - a.weight() })
	return list
}

// weight orders themes: those with most procedures first, those of no plain subject last.
func (t theme) weight() int {
	if t.Icon == anyIcon {
		return -1
	}
	return t.Count
}

// icons are the parts of procedures' ids that speak for a picture. A theme gets the picture of most of its
// procedures, one of other ids the general one.
var icons = []struct {
	icon  string
	parts []string
}{
	{"page", []string{"naissance", "deces", "certificat-", "legalisation", "livret", "copie-"}},
	{"card", []string{"cnie"}},
	{"passport", []string{"passeport"}},
	{"car", []string{"permis-conduire", "carte-grise", "visite-technique"}},
	{"map", []string{"foncier", "certificat-propriete", "cadastr", "immatriculation-fonciere", "hypotheque"}},
	{"people", []string{"mariage", "divorce", "nationalite", "kafala", "heredite"}},
	{"case", []string{"admission-temporaire", "franchise", "devises", "dedouanement"}},
	{"house", []string{"permis-construire", "permis-habiter", "permis-refection", "urbanisme", "logement"}},
	{"shop", []string{"registre-commerce", "entreprise", "entrepreneur", "societe", "marque"}},
	{"shield", []string{"cnss", "amo", "rsu", "rnp", "aide-"}},
	{"coins", []string{"taxe", "vignette", "impot", "imposition", "fiscal"}},
	{"school", []string{"diplome", "bac", "bourse", "casier"}},
	{"globe", []string{"consul", "sejour", "visa"}},
}

const anyIcon = "star"

// iconOf is the picture of the theme that holds these procedures.
func iconOf(ids []string) string {
	best, most := anyIcon, 1 // one procedure says nothing of a theme of many
	if len(ids) == 1 {
		most = 0
	}
	for _, i := range icons {
		count := 0
		for _, id := range ids {
			if slices.ContainsFunc(i.parts, func(part string) bool { return strings.Contains(id, part) }) {
				count++
			}
		}
		if count > most {
			best, most = i.icon, count
		}
	}
	return best
}

// startThemes are the themes of the first page; the one named is open.
func (s *Server) startThemes(lang language.Language, open string) []theme {
	list := slices.Clone(s.themes.of(s.Index(), lang))
	for i := range list {
		list[i].Open = list[i].Name == open
	}
	return list
}
