package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"murshid/assistant"
	"murshid/retrieval"
)

func TestAskAndSearchErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Unlimited = true })
	long := strings.Repeat("a", assistant.MaxQuestion+1)
	cases := map[string]struct {
		path, body, accept string
		status             int
		code, word         string
	}{
		"no body":              {"/api/v1/ask", "", "", 400, "bad_json", "JSON"},
		"no JSON":              {"/api/v1/ask", "{text", "", 400, "bad_json", "requête"},
		"no JSON, Arabic":      {"/api/v1/ask", "{text", "ar-MA,fr;q=0.5", 400, "bad_json", "الطلب"},
		"no JSON, English":     {"/api/v1/ask", "{text", "de, en", 400, "bad_json", "request"},
		"more than JSON":       {"/api/v1/ask", `{"text":"a"} b`, "", 400, "bad_json", "JSON"},
		"wrong type":           {"/api/v1/ask", `{"text":5}`, "", 400, "bad_json", "type"},
		"array":                {"/api/v1/ask", `[]`, "", 400, "bad_json", "type"},
		"null":                 {"/api/v1/ask", `null`, "", 400, "empty", "vide"},
		"empty":                {"/api/v1/ask", `{"text":" \n"}`, "", 400, "empty", "vide"},
		"only NUL":             {"/api/v1/ask", `{"text":"\u0000"}`, "", 400, "empty", "vide"},
		"too long":             {"/api/v1/ask", `{"text":"` + long + `"}`, "", 413, "too_long", "trop long"},
		"far too long":         {"/api/v1/ask", `{"text":"` + strings.Repeat("a", maxBody) + `"}`, "", 413, "too_long", "trop long"},
		"unknown conversation": {"/api/v1/ask", `{"text":"Quel est le prix du passeport ?","conversation":"x"}`, "ar", 404, "no_conversation", "conversation"},
		"in Arabic":            {"/api/v1/ask", `{"text":"كم تكلفة جواز السفر","conversation":"x"}`, "fr", 404, "no_conversation", "المحادثة"},
		"in Darija":            {"/api/v1/ask", `{"text":"شحال كيسوا لباسبور","conversation":"x"}`, "fr", 404, "no_conversation", "ماكايناش"},
		"in Arabizi":           {"/api/v1/ask", `{"text":"ch7al taman lpassport dyali","conversation":"x"}`, "fr", 404, "no_conversation", "makaynach"},
		"NUL in conversation":  {"/api/v1/ask", `{"text":"prix","conversation":"\u0000"}`, "", 404, "no_conversation", "conversation"},
		"channel":              {"/api/v1/ask", `{"text":"prix","channel":"fax"}`, "", 400, "bad_field", "champ"},
		"messages of nothing":  {"/api/v1/messages", `{}`, "", 404, "no_conversation", "conversation"},
		"messages before all":  {"/api/v1/messages", `{"conversation":"x","after":-1}`, "", 400, "bad_field", "champ"},
		"search, empty":        {"/api/v1/search", `{}`, "", 400, "empty", "vide"},
		"search, k":            {"/api/v1/search", `{"text":"prix","k":0}`, "", 400, "bad_field", "champ"},
		"search, large k":      {"/api/v1/search", `{"text":"prix","k":101}`, "", 400, "bad_field", "champ"},
		"search, no JSON":      {"/api/v1/search", `{"text":"prix","k":"x"}`, "", 400, "bad_json", "JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := s.call(t, http.MethodPost, c.path, c.body, "Accept-Language", c.accept)
			code, message := errorOf(t, r)
			if r.StatusCode != c.status || code != c.code || !strings.Contains(message, c.word) {
				t.Errorf("got %d %s %q, want %d %s with %q", r.StatusCode, code, message, c.status, c.code, c.word)
			}
		})
	}
}

func TestAskGoesOn(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	ask := func(body string) (a assistant.Answer) {
		r := s.call(t, http.MethodPost, "/api/v1/ask", body)
		if err := json.Unmarshal([]byte(bodyOf(t, r)), &a); err != nil || r.StatusCode != http.StatusOK {
			t.Fatalf("%d: %v", r.StatusCode, err)
		}
		return a
	}
	first := ask(`{"text":"Quels papiers pour la carte ?","unknown":[1,{"a":2}]}`)
	second := ask(`{"text":"Et le prix ?","conversation":"` + first.Conversation + `","channel":"sms"}`)
	if first.Conversation == "" || second.Conversation != first.Conversation {
		t.Errorf("conversations %q and %q", first.Conversation, second.Conversation)
	}
	s.backend.Reply(first.Conversation, "Ici un agent.")
	var log struct{ Messages []message }
	r := s.call(t, http.MethodPost, "/api/v1/messages", `{"after":2,"conversation":"`+first.Conversation+`"}`)
	if err := json.Unmarshal([]byte(bodyOf(t, r)), &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Messages) != 2 || log.Messages[0].Type != "answer" || log.Messages[1].Text != "Ici un agent." || log.Messages[1].Seq != 5 {
		t.Errorf("messages %+v", log.Messages)
	}
}

// The person's closed browser cancels the request, not the turn.
func TestAskOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	var seen error
	s := newSite(t, func(o *Options) {
		o.Answer = func(ctx context.Context, _ assistant.Question) (assistant.Answer, error) {
			seen = ctx.Err()
			return assistant.Answer{}, nil
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.turn(ctx, askRequest{Text: "prix"}); err != nil || seen != nil {
		t.Errorf("turn: %v, its context: %v", err, seen)
	}
}

func TestFailuresTellNothing(t *testing.T) {
	t.Parallel()
	secret := errors.New("password=hunter2")
	s := newSite(t, func(o *Options) {
		o.Answer = func(_ context.Context, q assistant.Question) (assistant.Answer, error) {
			if q.Text == "panic" {
				panic(secret)
			}
			return assistant.Answer{}, secret
		}
		o.Ready = func(context.Context) error { return secret }
		o.Index = func() *retrieval.Index { return nil }
	})
	for request, want := range map[[3]string]int{
		{"POST", "/api/v1/ask", `{"text":"panic"}`}:  500,
		{"POST", "/api/v1/ask", `{"text":"erreur"}`}: 500,
		{"GET", "/readyz", ""}:                       503,
		{"GET", "/api/v1/procedures", ""}:            503,
		{"GET", "/api/v1/procedures/x", ""}:          503,
	} {
		r := s.call(t, request[0], request[1], request[2])
		_, message := errorOf(t, r)
		if r.StatusCode != want || strings.Contains(message, "hunter2") || message == "" {
			t.Errorf("%v: %d %q, want %d", request, r.StatusCode, message, want)
		}
	}
	if !strings.Contains(s.log.String(), "hunter2") {
		t.Error("the log does not hold the cause")
	}
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	cases := map[[2]string]int{{"GET", "/api/nothing"}: 404, {"GET", "/api/v1/ask"}: 405, {"DELETE", "/healthz"}: 405,
		{"POST", "/"}: 405, {"GET", "/static/../server.go"}: 404, {"GET", "/static/nothing.js"}: 404,
		{"GET", "/api/v1/procedures/nothing"}: 404}
	for c, want := range cases {
		r := s.call(t, c[0], c[1], "")
		if r.StatusCode == http.StatusTemporaryRedirect || r.StatusCode == http.StatusMovedPermanently {
			r = s.call(t, c[0], r.Header.Get("Location"), "")
		}
		if code, message := errorOf(t, r); r.StatusCode != want || code == "" || message == "" {
			t.Errorf("%v: %d %s, want %d", c, r.StatusCode, code, want)
		}
		if want == 405 && r.Header.Get("Allow") == "" {
			t.Errorf("%v: no Allow", c)
		}
	}
	page := s.call(t, http.MethodGet, "/nothing", "", "Accept", "text/html", "Accept-Language", "ar")
	if body := bodyOf(t, page); page.StatusCode != 404 || !strings.Contains(body, `dir="rtl"`) {
		t.Errorf("%d %s", page.StatusCode, body)
	}
}

func TestProcedures(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	list := func(query string) (ids []string, first listed) {
		var found struct{ Procedures []listed }
		r := s.call(t, http.MethodGet, "/api/v1/procedures"+query, "")
		if err := json.Unmarshal([]byte(bodyOf(t, r)), &found); err != nil {
			t.Fatal(err)
		}
		for _, p := range found.Procedures {
			ids = append(ids, p.ID)
		}
		return ids, found.Procedures[0]
	}
	for query, want := range map[string]string{"": "cnie-renouvellement passeport passeport-mineur",
		"?lang=ar": "cnie-renouvellement passeport", "?id=passeport&id=nothing": "passeport"} {
		if ids, _ := list(query); strings.Join(ids, " ") != want {
			t.Errorf("%q: %v, want %s", query, ids, want)
		}
	}
	if _, first := list("?lang=ar"); first.Theme != "البطاقة الوطنية" || len(first.Titles) != 2 || len(first.Langs) != 2 {
		t.Errorf("%+v", first)
	}
	if r := s.call(t, http.MethodGet, "/api/v1/procedures?lang=xx", ""); r.StatusCode != 400 {
		t.Errorf("lang=xx: %d", r.StatusCode)
	}
	var one struct {
		ID     string
		Sheets []retrieval.Sheet
	}
	r := s.call(t, http.MethodGet, "/api/v1/procedures/passeport", "")
	if err := json.Unmarshal([]byte(bodyOf(t, r)), &one); err != nil || len(one.Sheets) != 2 || one.Sheets[0].Fee != "500 DH" {
		t.Errorf("%+v %v", one, err)
	}
	again := s.call(t, http.MethodGet, "/api/v1/procedures/passeport", "", "If-None-Match", r.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("known sheets: %d", again.StatusCode)
	}
}
