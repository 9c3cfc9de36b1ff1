package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/language"
	"murshid/retrieval"
	"murshid/web/webtest"
)

func TestThemes(t *testing.T) {
	t.Parallel()
	x := retrieval.NewIndex(append(webtest.Sheets(), retrieval.Sheet{No: 9, ID: "permis-peche", Lang: language.French, Title: "Permis de pêche", Theme: "Divers"}))
	want := []theme{
		{Name: "Passeport", Icon: "passport", Count: 2, Procedures: []string{"Passeport biométrique – adulte", "Passeport biométrique – mineur"}},
		{Name: "CNIE", Icon: "card", Count: 1, Procedures: []string{"Carte nationale (CNIE) – renouvellement"}},
		{Name: "Divers", Icon: anyIcon, Count: 1, Procedures: []string{"Permis de pêche"}},
	}
	var lists themeLists
	if diff := cmp.Diff(want, lists.of(x, language.French)); diff != "" {
		t.Error(diff)
	}
	if got := lists.of(nil, language.French); got != nil {
		t.Errorf("without sheets: %v", got)
	}
	if got := lists.of(retrieval.NewIndex(nil), language.French); len(got) != 0 {
		t.Errorf("after the sheets changed: %v", got)
	}
}

func TestThemeOpensWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	body := bodyOf(t, s.call(t, http.MethodGet, "/?lang=ar&theme="+url.QueryEscape("جواز السفر"), ""))
	if !strings.Contains(body, `value="جواز السفر البيومتري للراشدين"`) {
		t.Error("the theme's procedures are not on the page")
	}
	if body = bodyOf(t, s.call(t, http.MethodGet, "/?lang=fr&theme=%3Cb%3E", "")); strings.Contains(body, "<b>") {
		t.Error("what the address says became mark-up")
	}
}

func TestProceduresOfATheme(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	var said struct{ Procedures []listed }
	body := bodyOf(t, s.call(t, http.MethodGet, "/api/v1/procedures?lang=fr&theme=Passeport", ""))
	if err := json.Unmarshal([]byte(body), &said); err != nil || len(said.Procedures) != 2 {
		t.Errorf("%v: %s", err, body)
	}
	body = bodyOf(t, s.call(t, http.MethodGet, "/api/v1/procedures?lang=fr&theme=none", ""))
	if strings.TrimSpace(body) != `{"procedures":[]}` {
		t.Error(body)
	}
}

func TestFrequentQuestionsHaveAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	if diff := cmp.Diff([]string{"Quels papiers pour renouveler la carte nationale\u00a0?"}, s.frequent(language.French)); diff != "" {
		t.Error(diff)
	}
	foreign := retrieval.NewIndex([]retrieval.Sheet{{No: 1, ID: "x", Lang: language.French, Title: "Bourse communale"}})
	s = newSite(t, func(o *Options) { o.Index = func() *retrieval.Index { return foreign } })
	if diff := cmp.Diff([]string{"Bourse communale"}, s.frequent(language.French)); diff != "" {
		t.Error(diff)
	}
	for _, q := range frequentQuestions {
		if q.Texts[language.French] == "" || q.Texts[language.Arabic] == "" {
			t.Errorf("%s lacks a language", q.Procedure)
		}
	}
}

// The page finds the source, the doubts and the labels of an answer by the assistant's own words.
func TestWritingsFollowTheAssistant(t *testing.T) {
	t.Parallel()
	for _, l := range []language.Language{language.French, language.Arabic, language.Darija, language.Arabizi} {
		data, err := os.ReadFile("../assistant/messages/" + string(l) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]any
		if err := json.Unmarshal(data, &messages); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"source", "unsure", "confirm"} {
			if got := writings[l][key]; got != messages[key] {
				t.Errorf("%s %s: %q, the assistant says %q", l, key, got, messages[key])
			}
		}
		for _, f := range retrieval.Fields {
			if !strings.Contains(writings[l][string(f)], "{title}") {
				t.Errorf("%s: no question for %s", l, f)
			}
			if texts["fr"]["chat.asked."+string(f)] == "" {
				t.Errorf("no name for %s", f)
			}
		}
	}
}

func TestPortalScriptHoldsEveryPart(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("static")
	if err != nil {
		t.Fatal(err)
	}
	alone := []string{"desk.js", "widget.js"}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".js") && !slices.Contains(alone, e.Name()) && !slices.Contains(portalScripts, e.Name()) {
			t.Errorf("%s is served to nobody", e.Name())
		}
	}
}
