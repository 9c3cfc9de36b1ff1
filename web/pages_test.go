package web

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/language"
	"murshid/retrieval"
)

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	t.Parallel()
	keys := func(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
	if diff := cmp.Diff(keys(texts["fr"]), keys(texts["ar"])); diff != "" {
		t.Errorf("pages, fr and ar: %s", diff)
	}
	for _, l := range []language.Language{"ar", "en"} {
		if diff := cmp.Diff(keys(errorTexts["fr"]), keys(errorTexts[l])); diff != "" {
			t.Errorf("errors, fr and %s: %s", l, diff)
		}
	}
	for l, m := range texts {
		for key, text := range m {
			if text == "" || strings.ContainsAny(text, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e") {
				t.Errorf("%s %s: %q", l, key, text)
			}
		}
	}
}

// Every key that a template, a script or an error names has a text.
func TestTextsExist(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`(?:\.T|\$page\.T) "([a-z.]+)"`)
	scripted := regexp.MustCompile(`texts(?:\.(\w+)|\["([\w.]+)"\])`)
	for _, folder := range []string{"templates", "static"} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, err := os.ReadFile(folder + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllStringSubmatch(string(data), -1) {
				if texts["fr"][m[1]] == "" {
					t.Errorf("%s: no text %s", e.Name(), m[1])
				}
			}
			for _, m := range scripted.FindAllStringSubmatch(string(data), -1) {
				if key := "chat." + m[1] + m[2]; folder == "static" && texts["fr"][key] == "" && !strings.HasPrefix(key, "chat.status") {
					t.Errorf("%s: no text %s", e.Name(), key)
				}
			}
		}
	}
	for _, state := range []string{"connecting", "online", "offline", "reconnecting", "fallback"} {
		if texts["fr"]["chat.status."+state] == "" {
			t.Errorf("no text for the state %s", state)
		}
	}
}

func TestPageLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for name, c := range map[string]struct{ path, accept, cookie, want string }{
		"nothing said":      {"/", "", "", "fr"},
		"browser in Arabic": {"/", "ar-MA,ar;q=0.9,fr;q=0.8", "", "ar"},
		"browser in German": {"/", "de", "", "fr"},
		"chosen":            {"/?lang=ar", "fr", "", "ar"},
		"chosen before":     {"/", "fr", "murshid_lang=ar", "ar"},
		"chosen anew":       {"/?lang=fr", "ar", "murshid_lang=ar", "fr"},
		"not ours":          {"/?lang=<x>", "fr", "murshid_lang=x", "fr"},
	} {
		r := s.call(t, http.MethodGet, c.path, "", "Accept-Language", c.accept, "Cookie", c.cookie)
		dir := direction(language.Language(c.want))
		if body := bodyOf(t, r); !strings.Contains(body, `<html lang="`+c.want+`" dir="`+dir+`">`) || strings.Contains(body, "<x>") {
			t.Errorf("%s: %.80s", name, body)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for _, path := range []string{"/", "/nothing", "/api/v1/procedures", "/desk/login", "/static/site.css", "/healthz", "/metrics"} {
		r := s.call(t, http.MethodGet, path, "")
		for name, want := range headers {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if policy := headers["Content-Security-Policy"]; strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Error(policy)
	}
	// The policy forbids them, so a page that had one would be broken.
	body := bodyOf(t, s.call(t, http.MethodGet, "/", ""))
	if regexp.MustCompile(`<style|\sstyle=|\son\w+=|https?://`).MatchString(strings.ReplaceAll(body, "http://www.w3.org", "")) {
		t.Error("the page has a style, a handler or an address of its own")
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	page := bodyOf(t, s.call(t, http.MethodGet, "/", ""))
	links := regexp.MustCompile(`/static/[\w.]+\?v=[\w-]+`).FindAllString(page, -1)
	if len(links) != 4 {
		t.Fatalf("links %v", links)
	}
	weight := len(page)
	for _, link := range links {
		r := s.call(t, http.MethodGet, link, "", "Accept-Encoding", "br, gzip")
		body := bodyOf(t, r)
		weight += len(body)
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %d %s", link, r.StatusCode, r.Header.Get("Cache-Control"))
		}
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || len(plain) < zipFrom {
				t.Errorf("%s: %d bytes, %v", link, len(plain), err)
			}
		}
		again := s.call(t, http.MethodGet, link, "", "If-None-Match", r.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || bodyOf(t, again) != "" {
			t.Errorf("%s again: %d", link, again.StatusCode)
		}
		stale := s.call(t, http.MethodGet, strings.Split(link, "?")[0]+"?v=old", "")
		if stale.StatusCode != http.StatusOK || stale.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s, old: %d %s", link, stale.StatusCode, stale.Header.Get("Cache-Control"))
		}
	}
	if weight > 100_000 {
		t.Errorf("the first visit weighs %d bytes", weight)
	}
}

func TestAskWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	post := func(form url.Values) (int, string) {
		r := s.post(t, "/ask?lang=fr", form, "")
		return r.StatusCode, bodyOf(t, r)
	}
	status, body := post(url.Values{"text": {"Quels papiers <b> pour la carte ?"}})
	for _, want := range []string{"75 DH", "&lt;b&gt;", "https://www.example.ma/cnie", "2026-11-22", "loi 09-08"} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%d: the page lacks %s", status, want)
		}
	}
	id := regexp.MustCompile(`name="conversation" value="([^"]+)"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatal("the page has no conversation")
	}
	s.backend.Reply(id[1], "Ici un agent.")
	if status, body = post(url.Values{"conversation": {id[1]}, "refresh": {"1"}}); status != http.StatusOK || !strings.Contains(body, "Ici un agent.") {
		t.Errorf("%d: no reply of the agent", status)
	}
	if status, body = post(url.Values{"conversation": {id[1]}, "choice": {"Passeport biométrique"}}); status != http.StatusOK || !strings.Contains(body, "Passeport biométrique") {
		t.Errorf("choice: %d", status)
	}
	if status, body = post(url.Values{"conversation": {id[1]}, "text": {" "}}); status != http.StatusBadRequest || !strings.Contains(body, "Ici un agent.") {
		t.Errorf("empty: %d", status)
	}
	if status, _ = post(url.Values{"conversation": {"gone"}, "text": {"prix"}}); status != http.StatusNotFound {
		t.Errorf("unknown conversation: %d", status)
	}
	if status, _ = post(url.Values{"text": {strings.Repeat("a", maxBody+1)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("huge: %d", status)
	}
}

func TestIsolated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"القانون 52-05 <b>":          `القانون <bdi dir="ltr">52-05</bdi> &lt;<bdi dir="ltr">b</bdi>&gt;`,
		"الهاتف 080 200 37 37، شكرا": `الهاتف <bdi dir="ltr">080 200 37 37</bdi>، شكرا`,
		"على CNIE.ma في 2026":        `على <bdi dir="ltr">CNIE.ma</bdi> في <bdi dir="ltr">2026</bdi>`,
		"Rabat (الرباط) loi 52-05":   `Rabat (<bdi dir="rtl">الرباط</bdi>) loi 52-05`,
		"75 DH":                      "75 DH",
	} {
		if got := string(isolated(text, directionOf(text, dirOf(text)))); got != want {
			t.Errorf("isolated(%q)\n got %s\nwant %s", text, got, want)
		}
	}
}

// dirOf is the direction of a text's first letter.
func dirOf(text string) string {
	if text[0] < 0x80 {
		return "ltr"
	}
	return "rtl"
}

func TestDirectionOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, own, want string }{
		{"رابط https://www.example.ma/une/longue/adresse", "ltr", "rtl"},
		{"12-34", "ltr", "ltr"},
		{"12-34", "rtl", "rtl"},
		{"المكان: Direction générale de la Sûreté nationale", "rtl", "rtl"},
		{"Direction générale de la Sûreté nationale (الأمن)", "rtl", "ltr"},
		{"CNIE.ma هو الموقع الرسمي", "rtl", "rtl"},
		{"CNIE : بطاقة التعريف", "ltr", "ltr"},
	} {
		if got := directionOf(c.text, c.own); got != c.want {
			t.Errorf("directionOf(%q, %s) = %s, want %s", c.text, c.own, got, c.want)
		}
	}
}

func TestPagesBeforeTheCorpus(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Index = func() *retrieval.Index { return nil } })
	r := s.post(t, "/ask", url.Values{"text": {"passeport"}}, "")
	if body := bodyOf(t, r); r.StatusCode != http.StatusOK || !strings.Contains(body, "passeport-mineur") {
		t.Errorf("%d", r.StatusCode)
	}
}
