package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"murshid/assistant"
	"murshid/web/webtest"
)

// login gives the cookie of a session.
func (s *site) login(t *testing.T) string {
	t.Helper()
	r := s.post(t, "/desk/login", url.Values{"name": {testAgent}, "password": {testPassword}}, "")
	if r.StatusCode != http.StatusSeeOther || len(r.Cookies()) != 1 {
		t.Fatalf("login: %d %v", r.StatusCode, r.Cookies())
	}
	c := r.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/desk" {
		t.Errorf("cookie %+v", c)
	}
	return c.Name + "=" + c.Value
}

func (s *site) post(t *testing.T, path string, form url.Values, cookie string, headers ...string) *http.Response {
	t.Helper()
	return s.call(t, http.MethodPost, path, form.Encode(), append(headers, "Cookie", cookie)...)
}

// waiting puts a person before the desk.
func (s *site) waiting(t *testing.T, text string) string {
	t.Helper()
	a, err := s.backend.Answer(t.Context(), assistant.Question{ClientID: "m1", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	s.desk.Hand(webtest.Someone(a.Conversation, text, a.Language))
	return a.Conversation
}

func TestDeskIsForAgents(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	id := s.waiting(t, "un agent svp")
	forged := "murshid_desk=YWdlbnQuYWNjdWVpbA.99999999999.AAAA"
	for _, cookie := range []string{"", "murshid_desk=", "murshid_desk=a.b.c", "murshid_desk=a.b", forged} {
		for _, path := range []string{"/desk", "/desk/waiting", "/desk/conversations/" + id, "/desk/conversations/" + id + "/log"} {
			r := s.call(t, http.MethodGet, path, "", "Cookie", cookie)
			if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), "/desk/login") {
				t.Errorf("%s with %q: %d %s", path, cookie, r.StatusCode, r.Header.Get("Location"))
			}
		}
		for _, act := range []string{"/reply", "/resolve"} {
			r := s.post(t, "/desk/conversations/"+id+act, url.Values{"text": {"x"}}, cookie)
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/desk/login" {
				t.Errorf("%s with %q: %d", act, cookie, r.StatusCode)
			}
		}
	}
	if log, _ := s.backend.Messages(t.Context(), id, 0); len(log) != 2 || len(s.desk.Read) != 0 {
		t.Errorf("a stranger wrote or read: %d messages, %v", len(log), s.desk.Read)
	}
	r := s.call(t, http.MethodGet, "/desk/waiting", "", "X-Requested-With", "fetch")
	if code, _ := errorOf(t, r); r.StatusCode != http.StatusUnauthorized || code != "wrong_credentials" {
		t.Errorf("script without session: %d %s", r.StatusCode, code)
	}
}

func TestDeskConversation(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	cookie := s.login(t)
	id := s.waiting(t, "<script>alert(1)</script> un agent, loi 52-05")
	list := bodyOf(t, s.call(t, http.MethodGet, "/desk?lang=ar", "", "Cookie", cookie))
	for _, want := range []string{`dir="rtl"`, "/desk/conversations/" + id, "&lt;script&gt;", "طلب التحدث مع موظف", "جواز السفر"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %s", want)
		}
	}
	page := bodyOf(t, s.call(t, http.MethodGet, "/desk/conversations/"+id, "", "Cookie", cookie))
	if !strings.Contains(page, "Votre réponse") || strings.Contains(page, "<script>alert") {
		t.Errorf("transcript: %s", page)
	}
	if len(s.desk.Read) != 1 {
		t.Errorf("reading is recorded %d times", len(s.desk.Read))
	}
	_ = bodyOf(t, s.call(t, http.MethodGet, "/desk/conversations/"+id+"/log", "", "Cookie", cookie))
	if len(s.desk.Read) != 1 {
		t.Error("looking for news is recorded as reading")
	}
	reply := s.post(t, "/desk/conversations/"+id+"/reply", url.Values{"text": {" Bonjour,\r\nje suis là. "}}, cookie)
	if reply.StatusCode != http.StatusSeeOther {
		t.Errorf("reply: %d", reply.StatusCode)
	}
	log, err := s.backend.Messages(t.Context(), id, 2)
	if err != nil || len(log) != 1 || log[0].Text != "Bonjour,\nje suis là." {
		t.Errorf("reply %+v %v", log, err)
	}
	empty := s.post(t, "/desk/conversations/"+id+"/reply", url.Values{"text": {"  "}}, cookie)
	if empty.StatusCode != http.StatusBadRequest || !strings.Contains(bodyOf(t, empty), "vide") {
		t.Errorf("empty reply: %d", empty.StatusCode)
	}
	for range 2 { // a second press does no harm
		if r := s.post(t, "/desk/conversations/"+id+"/resolve", nil, cookie); r.StatusCode != http.StatusSeeOther {
			t.Errorf("resolve: %d", r.StatusCode)
		}
	}
	late := s.post(t, "/desk/conversations/"+id+"/reply", url.Values{"text": {"trop tard"}}, cookie)
	if body := bodyOf(t, late); late.StatusCode != http.StatusConflict || !strings.Contains(body, "trop tard") {
		t.Errorf("late reply: %d", late.StatusCode)
	}
	gone := s.call(t, http.MethodGet, "/desk/conversations/none", "", "Cookie", cookie, "Accept", "text/html")
	if gone.StatusCode != http.StatusNotFound {
		t.Errorf("unknown conversation: %d", gone.StatusCode)
	}
}

func TestForeignPagesSendNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	cookie := s.login(t)
	id := s.waiting(t, "un agent")
	for _, path := range []string{"/desk/login", "/desk/logout", "/ask", "/desk/conversations/" + id + "/reply",
		"/desk/conversations/" + id + "/resolve"} {
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example.org"}} {
			r := s.post(t, path, url.Values{"text": {"x"}}, cookie, header...)
			if code, _ := errorOf(t, r); r.StatusCode != http.StatusForbidden || code != "foreign_page" {
				t.Errorf("%s with %v: %d %s", path, header, r.StatusCode, code)
			}
		}
	}
	if r := s.post(t, "/desk/conversations/"+id+"/reply", url.Values{"text": {"x"}}, cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("own page: %d", r.StatusCode)
	}
}

func TestLoginIsLocked(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Unlimited = true })
	try := func(name, password string) int {
		return s.post(t, "/desk/login", url.Values{"name": {name}, "password": {password}}, "").StatusCode
	}
	for range triesByAddress {
		if status := try(testAgent, "wrong"); status != http.StatusUnauthorized {
			t.Errorf("wrong password: %d", status)
		}
	}
	if status := try(testAgent, testPassword); status != http.StatusTooManyRequests {
		t.Errorf("right password while locked: %d", status)
	}
	if status := try("agent.inconnu", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("another name: %d", status)
	}
	if status := try("agent.inconnu", ""); status != http.StatusUnauthorized {
		t.Errorf("unknown name without password: %d", status)
	}
}

func TestSessionEndsWithThePassword(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	cookie := s.login(t)
	if r := s.call(t, http.MethodGet, "/desk", "", "Cookie", cookie); r.StatusCode != http.StatusOK {
		t.Errorf("logged in: %d", r.StatusCode)
	}
	other := newSite(t, func(o *Options) { o.Key = []byte(strings.Repeat("x", 32)) })
	if r := other.call(t, http.MethodGet, "/desk", "", "Cookie", cookie); r.StatusCode != http.StatusSeeOther {
		t.Errorf("session of another installation: %d", r.StatusCode)
	}
	if err := s.desk.AddAgent(t.Context(), testAgent, noPassword); err != nil {
		t.Fatal(err)
	}
	if r := s.call(t, http.MethodGet, "/desk", "", "Cookie", cookie); r.StatusCode != http.StatusSeeOther {
		t.Errorf("after a new password: %d", r.StatusCode)
	}
}

func TestLoginLeadsOnlyToTheDesk(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{"": "/desk", "/desk": "/desk", "/desk/conversations/x": "/desk/conversations/x",
		"https://evil.example.org": "/desk", "//evil.example.org": "/desk", "/desk.evil": "/desk", "/deskx": "/desk"} {
		if got := deskPath(next); got != want {
			t.Errorf("deskPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	if !strings.HasPrefix(testHash, "$argon2id$v=19$m=19456,t=2,p=1$") || testHash == HashPassword(testPassword) {
		t.Errorf("hash %s", testHash)
	}
	if !passwordFits(testPassword, testHash) || passwordFits(testPassword+" ", testHash) || passwordFits("", noPassword) {
		t.Error("the wrong passwords fit")
	}
	for _, broken := range []string{"", "x", "$argon2id$$$$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$*$*"} {
		if passwordFits("", broken) {
			t.Errorf("a password fits %q", broken)
		}
	}
}
