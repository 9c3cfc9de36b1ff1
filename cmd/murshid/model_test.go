package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/assistant"
)

// model is a chat endpoint as servers of the OpenAI kind are, with a model that says what the test tells it to.
type model struct {
	*httptest.Server
	mu     sync.Mutex
	says   string
	cites  []string // fields
	bodies []string // of the requests for a text
}

func newModel(t *testing.T) *model {
	m := &model{}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

// tell makes the model say a text that rests on fields, and forget what it was asked.
func (m *model) tell(says string, cites ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.says, m.cites, m.bodies = says, cites, nil
}

// asked are the requests since it was told what to say.
func (m *model) asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bodies
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Method == http.MethodGet && r.URL.Path == "/v1/models" {
		_, _ = io.WriteString(w, `{"data":[{"id":"scripted"}]}`)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.URL.Path != "/v1/chat/completions" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	m.bodies = append(m.bodies, string(body))
	passages := []int{}
	for number, field := range fieldsSent(body) {
		if slices.Contains(m.cites, field) {
			passages = append(passages, number)
		}
	}
	content, err := json.Marshal(map[string]any{"text": m.says, "passages": passages})
	if err == nil {
		content, err = json.Marshal(string(content))
	}
	if err != nil {
		http.Error(w, "no", http.StatusInternalServerError)
		return
	}
	_, _ = fmt.Fprintf(w, `{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":%s},`+
		`"finish_reason":"stop"}],"usage":{"total_tokens":450}}`, content)
}

// fieldsSent are the passages of a request by number.
func fieldsSent(body []byte) map[int]string {
	var request struct {
		Messages []struct {
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
	}
	if json.Unmarshal(body, &request) != nil || len(request.Messages) == 0 {
		return nil
	}
	last := request.Messages[len(request.Messages)-1].Content
	var parts []struct {
		Text string `json:"text"`
	}
	var text string
	if json.Unmarshal(last, &parts) == nil && len(parts) == 1 {
		text = parts[0].Text
	} else if json.Unmarshal(last, &text) != nil {
		return nil
	}
	var input struct {
		Passages []struct {
			Number int    `json:"number"`
			Field  string `json:"field"`
		} `json:"passages"`
	}
	if json.Unmarshal([]byte(text), &input) != nil {
		return nil
	}
	out := map[int]string{}
	for _, p := range input.Passages {
		out[p.Number] = p.Field
	}
	return out
}

const fishing = "Combien coûte la carte de pêche sportive ? Mon numéro : 0612345678"

// askModel asks one question in a process of its own. What differs from turn to turn is taken off the answer.
func askModel(t *testing.T, data string, args ...string) assistant.Answer {
	t.Helper()
	out := must(t, append([]string{"ask", "--json", "--data", data, fishing}, args...)...)
	a := decode[assistant.Answer](t, out)[0]
	a.Conversation, a.Ms = "", assistant.Timing{}
	return a
}

// A model's text reaches the person where it says what the sheet says. Whatever else happens, the answer is the one that
// is given without a model.
func TestModel(t *testing.T) {
	t.Parallel()
	data := newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	rendered := askModel(t, data)
	if rendered.Status != assistant.Answered || rendered.Procedure != "peche" {
		t.Fatalf("without a model: %s about %q: %s", rendered.Status, rendered.Procedure, rendered.Text)
	}
	m := newModel(t)
	use := []string{"--llm-url", m.URL + "/v1", "--llm-model", "scripted"}
	with := func(args ...string) assistant.Answer { return askModel(t, data, append(slices.Clone(use), args...)...) }

	const honest = "La carte de pêche sportive coûte 130 DH et s'obtient en 4 jours."
	t.Run("an honest text", func(t *testing.T) {
		m.tell(honest, "fee", "delay")
		got := with()
		if !strings.HasPrefix(got.Text, honest) {
			t.Errorf("the person reads %s", got.Text)
		}
		got.Text = rendered.Text
		if diff := cmp.Diff(rendered, got); diff != "" {
			t.Errorf("more than the text is another one:\n%s", diff)
		}
		if bodies := m.asked(); len(bodies) != 1 || strings.Contains(bodies[0], "0612345678") || !strings.Contains(bodies[0], "[phone]") {
			t.Errorf("asked %d times: %q", len(bodies), bodies)
		}
	})
	for name, c := range map[string]struct {
		says  string
		cites []string
		args  []string
		asked int
	}{
		"a tampered fee":           {"La carte de pêche sportive coûte 150 DH.", []string{"fee"}, nil, 1},
		"a tampered delay":         {"La carte coûte 130 DH et s'obtient en 4 mois.", []string{"fee", "delay"}, nil, 1},
		"an invented document":     {"La carte coûte 130 DH. Apportez votre passeport.", []string{"fee", "documents"}, nil, 1},
		"an invented link":         {"La carte coûte 130 DH, voir https://example.org/payer.", []string{"fee"}, nil, 1},
		"not what was asked":       {"La carte s'obtient en 4 jours.", []string{"delay"}, nil, 1},
		"another language":         {"ثمن الرخصة 130 درهم.", []string{"fee"}, nil, 1},
		"no citation":              {honest, nil, nil, 1},
		"the month's budget spent": {honest, []string{"fee", "delay"}, []string{"--llm-requests", "1"}, 0},
		"the month's tokens spent": {honest, []string{"fee", "delay"}, []string{"--llm-tokens", "450"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m.tell(c.says, c.cites...)
			if diff := cmp.Diff(rendered, with(c.args...)); diff != "" {
				t.Errorf("not the answer without a model:\n%s", diff)
			}
			if n := len(m.asked()); n != c.asked {
				t.Errorf("asked the model %d times, want %d", n, c.asked)
			}
		})
	}
	t.Run("a channel without room", func(t *testing.T) {
		m.tell(honest, "fee", "delay")
		if got := with("--channel", "desk"); strings.Contains(got.Text, honest) || len(m.asked()) > 0 {
			t.Errorf("asked %d times: %s", len(m.asked()), got.Text)
		}
	})
	t.Run("doctor", func(t *testing.T) {
		checkDoctor(t, 0, "ok   model      scripted, reachable", append([]string{"--data", data}, use...)...)
		checkDoctor(t, 1, "BAD  model", "--data", data, "--llm-url", m.URL+"/v1", "--llm-model", "other")
		checkDoctor(t, 0, "ok   model      none", "--data", data)
	})
	m.Close()
	t.Run("an endpoint that is down", func(t *testing.T) {
		if diff := cmp.Diff(rendered, with()); diff != "" {
			t.Errorf("not the answer without a model:\n%s", diff)
		}
		checkDoctor(t, 1, "BAD  model", append([]string{"--data", data}, use...)...)
	})
	if r := murshid(t, "ask", "--data", data, "--llm-url", "models", "--llm-model", "m", "x"); r.status != 2 {
		t.Errorf("an address that is none: status %d: %s", r.status, r.stderr)
	}
}

func checkDoctor(t *testing.T, status int, want string, args ...string) {
	t.Helper()
	r := murshid(t, append([]string{"doctor"}, args...)...)
	if r.status != status || !strings.Contains(r.stdout, want) {
		t.Errorf("doctor: status %d, want %d with %q:\n%s", r.status, status, want, r.stdout)
	}
}
