package main_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// post sends a body of JSON and reads the answer into v, where v is not nil. Status 0 means that nobody answered.
func post(ctx context.Context, s *service, path, body string, v any) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || (v != nil && json.Unmarshal(content, v) != nil) {
		return 0
	}
	return answer.StatusCode
}

// get reads a page.
func get(t *testing.T, s *service, path string) (int, string) {
	t.Helper()
	answer, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

// answersNow asks a service once.
func answersNow(s *service, text string) bool {
	return post(context.Background(), s, "/api/v1/ask", `{"text":"`+text+`"}`, nil) == http.StatusOK
}

// agent is a browser that is logged in at the desk.
type agent struct {
	service *service
	browser *http.Client
}

func newAgent(t *testing.T, s *service) *agent {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &agent{s, &http.Client{Jar: jar}}
}

// login opens the desk with the first account, whose password the service wrote to a file.
func login(t *testing.T, s *service, data string) *agent {
	t.Helper()
	file := filepath.Join(data, "first-accounts.txt")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the first accounts: %v %v", info, err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(content), "\n")
	name, password, _ := strings.Cut(first, " ")
	if strings.Contains(s.output(), password) {
		t.Error("the password stands in the log")
	}
	if !strings.Contains(s.output(), "first-accounts.txt") {
		t.Error("the path of the first accounts is not printed")
	}
	a := newAgent(t, s)
	if _, page := a.post(t, "/desk/login", url.Values{"name": {name}, "password": {password + "x"}}); !strings.Contains(page, "/desk/login") {
		t.Error("a wrong password opens the desk")
	}
	if path, _ := a.post(t, "/desk/login", url.Values{"name": {name}, "password": {password}}); path != "/desk" {
		t.Fatalf("the first account does not open the desk: at %s", path)
	}
	return a
}

// post sends a form and gives the path where it led and the page there.
func (a *agent) post(t *testing.T, path string, form url.Values) (string, string) {
	t.Helper()
	answer, err := a.browser.PostForm(a.service.url+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Request.URL.Path, string(page)
}

// page reads a page of the desk.
func (a *agent) page(t *testing.T, path string) string {
	t.Helper()
	answer, err := a.browser.Get(a.service.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", path, answer.StatusCode, err)
	}
	return string(page)
}
