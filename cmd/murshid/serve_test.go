package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"murshid/assistant"
	"murshid/web"
)

func TestServePages(t *testing.T) {
	t.Parallel()
	s := demo(t)
	for path, want := range map[string]string{
		"/healthz":                            "",
		"/readyz":                             "",
		"/metrics":                            "murshid_",
		"/api/openapi.json":                   `"/api/v1/ask"`,
		"/":                                   "<html",
		"/desk/login":                         "password",
		"/api/v1/procedures":                  "passeport-majeur",
		"/api/v1/procedures/passeport-majeur": "500 DH",
	} {
		if status, body := get(t, s, path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, %.200s", path, status, body)
		}
	}
	_, description := get(t, s, "/api/openapi.json")
	var document struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(description), &document); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/ask", "/api/v1/search", "/api/v1/procedures", "/api/v1/procedures/{id}", "/healthz", "/readyz", "/metrics"} {
		if document.Paths[path] == nil {
			t.Errorf("openapi.json %s does not describe %s", document.OpenAPI, path)
		}
	}
}

// Two turns of a conversation through the API; the second goes on from the first.
func TestServeAsk(t *testing.T) {
	t.Parallel()
	s := demo(t)
	var first, second assistant.Answer
	if status := post(t.Context(), s, "/api/v1/ask", `{"text":"Combien coûte le passeport biométrique pour un majeur ?","channel":"web","more":1}`, &first); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if first.Notice == "" {
		t.Error("no privacy notice in the first turn")
	}
	body := fmt.Sprintf(`{"text":"et le délai ?","conversation":%q}`, first.Conversation)
	if status := post(t.Context(), s, "/api/v1/ask", body, &second); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if second.Conversation != first.Conversation || second.Procedure != first.Procedure || second.Notice != "" {
		t.Errorf("first %s %s, second %s %s, notice %q", first.Status, first.Procedure, second.Status, second.Procedure, second.Notice)
	}
	for _, k := range []int{1, 10, 100} {
		var found web.SearchResult
		post(t.Context(), s, "/api/v1/search", fmt.Sprintf(`{"text":"zzz","k":%d}`, k), &found)
		once := map[string]bool{}
		for _, h := range found.Hits {
			once[h.Procedure] = true
		}
		if len(found.Hits) != k || len(once) != k {
			t.Errorf("asked for %d procedures, got %d, %d of them different", k, len(found.Hits), len(once))
		}
	}
}

// Wrong input is a 4xx with a reason, never a 5xx.
func TestServeWrongInput(t *testing.T) {
	t.Parallel()
	s := demo(t)
	long := strings.Repeat("a", 200<<10)
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/api/v1/ask", ""}, {"POST", "/api/v1/ask", "{"}, {"POST", "/api/v1/ask", "null"}, {"POST", "/api/v1/ask", "[]"},
		{"POST", "/api/v1/ask", `"x"`}, {"POST", "/api/v1/ask", `{"text":5}`}, {"POST", "/api/v1/ask", `{"text":""}`},
		{"POST", "/api/v1/ask", `{"text":" \u200f\n"}`}, {"POST", "/api/v1/ask", `{"text":"\u0000"}`},
		{"POST", "/api/v1/ask", `{"text":"` + long + `"}`}, {"POST", "/api/v1/ask", `{"text":"x","channel":"fax"}`},
		{"POST", "/api/v1/ask", `{"text":"x","conversation":"nobody"}`}, {"POST", "/api/v1/ask", `{"text":"x","conversation":5}`},
		{"POST", "/api/v1/ask", `{"text":"x","conversation":"\u0000"}`}, {"POST", "/api/v1/ask", `{"text":"x","conversation":"` + long + `"}`},
		{"POST", "/api/v1/ask", `{"text":"x"} {"text":"y"}`}, {"POST", "/api/v1/ask", "\xff\xfe{}"},
		{"POST", "/api/v1/ask", strings.Repeat("[", 100000)}, {"GET", "/api/v1/ask", ""}, {"PUT", "/api/v1/ask", "{}"},
		{"POST", "/api/v1/search", `{"text":""}`}, {"POST", "/api/v1/search", `{"text":"x","k":0}`}, {"POST", "/api/v1/search", `{"text":"x","k":-1}`},
		{"POST", "/api/v1/search", `{"text":"x","k":1e9}`}, {"POST", "/api/v1/search", `{"text":"x","k":"ten"}`}, {"POST", "/api/v1/search", `{"text":"x","k":1.5}`},
		{"GET", "/api/v1/procedures/nothing", ""}, {"GET", "/api/v1/procedures/%00", ""}, {"GET", "/api/v1/procedures/%ff", ""},
		{"GET", "/api/v1/procedures/..%2f..%2fetc", ""}, {"GET", "/api/v1/nothing", ""}, {"DELETE", "/api/v1/procedures", ""},
		{"GET", "/api/v1/messages?conversation=nobody", ""}, {"GET", "/api/v1/messages?conversation=x&after=y", ""}, {"GET", "/ws?v=1", ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, s.url+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		var said struct {
			Error struct{ Code, Message string }
		}
		if answer.StatusCode/100 != 4 || err != nil || json.Unmarshal(body, &said) != nil || said.Error.Code == "" || said.Error.Message == "" {
			t.Errorf("%s %s %.60q: status %d, %.200s", c.method, c.path, c.body, answer.StatusCode, body)
		}
	}
}

// Errors are in the caller's language.
func TestServeErrorLanguage(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, demo(t).url+"/api/v1/ask", strings.NewReader(`{"text":""}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "ar-MA,fr;q=0.5")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || !arabic.Match(body) {
		t.Errorf("%v: %s", err, body)
	}
}

// SIGTERM lets running answers finish; nothing is left, and the exit status is 0.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	s := serve(t, data, "--rate-limit", "off")
	results := make(chan int)
	const clients = 8
	for range clients {
		go func() {
			status := http.StatusOK
			for status == http.StatusOK {
				status = post(t.Context(), s, "/api/v1/ask", `{"text":"Combien coûte la carte de pêche sportive ?"}`, nil)
			}
			results <- status
		}()
	}
	time.Sleep(300 * time.Millisecond)
	started := time.Now()
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range clients {
		if status := <-results; status != 0 { // the door is closed, which is no answer
			t.Errorf("a running question ended with status %d", status)
		}
	}
	if took := time.Since(started); s.status != 0 || took > 15*time.Second {
		t.Errorf("status %d after %s: %s", s.status, took, s.output())
	}
	if strings.Contains(s.output(), "level=ERROR") {
		t.Error(s.output())
	}
}

// The limit of requests holds for the loopback too, unless it is off.
func TestServeRateLimit(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "one.jsonl", foreign[0]))
	s := serve(t, data)
	limited := false
	for range 100 {
		var said struct{ Error struct{ Code string } }
		if post(t.Context(), s, "/api/v1/search", `{"text":"carte"}`, &said) == http.StatusTooManyRequests {
			limited = said.Error.Code != ""
			break
		}
	}
	if !limited {
		t.Error("100 searches in a row met no limit")
	}
}
