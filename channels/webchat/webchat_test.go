package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"murshid/assistant"
	"murshid/channels/channelstest"
	"murshid/language"
)

// unlimited is for tests of other things than limits.
var unlimited = Options{Limits: Limits{PerMinute: -1}}

// exchange sends one frame and returns what comes back.
func (d *device) exchange(t *testing.T, v any) frame {
	t.Helper()
	d.say(t, v)
	return d.next(t)
}

func TestFrames(t *testing.T) {
	t.Parallel()
	c := start(t, channelstest.NewBackend(), unlimited)
	long := strings.Repeat("ا", assistant.MaxQuestion/2+1)
	cases := map[string]struct {
		raw  string
		code code
		word string
	}{
		"no JSON":             {`hello`, codeBadMessage, "forme"},
		"array":               {`[]`, codeBadMessage, "forme"},
		"wrong type of field": {`{"type":"ask","client_id":7,"text":"prix"}`, codeBadMessage, "forme"},
		"no type":             {`{}`, codeUnknownType, "type"},
		"unknown type":        {`{"type":"dance"}`, codeUnknownType, "type"},
		"no client id":        {`{"type":"ask","text":"prix"}`, codeBadMessage, "forme"},
		"long client id":      {`{"type":"ask","text":"prix","client_id":"` + strings.Repeat("x", 200) + `"}`, codeBadMessage, "forme"},
		"empty":               {`{"type":"ask","client_id":"a","text":" \n"}`, codeEmpty, "vide"},
		"only NUL":            {`{"type":"ask","client_id":"a","text":"\u0000"}`, codeEmpty, "vide"},
		"too long":            {`{"type":"ask","client_id":"a","text":"` + long + `"}`, codeTooLong, "طويلة"},
		"feedback on nothing": {`{"type":"feedback","useful":true}`, codeBadMessage, "forme"},
		"half a feedback":     {`{"type":"feedback","seq":1}`, codeBadMessage, "forme"},
	}
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := dial(t, c.url)
			if err := d.socket.WriteMessage(websocket.TextMessage, []byte(x.raw)); err != nil {
				t.Fatal(err)
			}
			if f := d.next(t); f.Type != "error" || f.Code != x.code || !strings.Contains(f.Message, x.word) {
				t.Errorf("got %+v, want error %s with %q", f, x.code, x.word)
			}
			if f := d.exchange(t, map[string]any{"type": "hello"}); f.Type != "welcome" {
				t.Errorf("afterwards hello is answered by %+v", f)
			}
		})
	}
	t.Run("binary", func(t *testing.T) {
		t.Parallel()
		d := dial(t, c.url)
		if err := d.socket.WriteMessage(websocket.BinaryMessage, []byte(`{"type":"hello"}`)); err != nil {
			t.Fatal(err)
		}
		if f := d.next(t); f.Code != codeBadMessage {
			t.Errorf("got %+v", f)
		}
	})
}

// The frames to the letter, as the contract has them.
func TestWire(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, unlimited)
	socket, _, err := websocket.DefaultDialer.Dial(c.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	talk := func(frames ...string) {
		for _, f := range frames {
			if err := socket.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantFrames := func(wants ...string) {
		for _, want := range wants {
			_, data, err := socket.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			start, cut := strings.CutSuffix(want, "…")
			if got := string(data); got != want && (!cut || !strings.HasPrefix(got, start)) {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	}
	talk(`{"type":"hello"}`)
	wantFrames(`{"type":"welcome","conversation":"00000000-0000-4000-8000-000000000001","seq":0}`)
	talk(`{"type":"typing"}`, `{"type":"ask","client_id":"a","text":"prix"}`)
	wantFrames(`{"type":"ack","client_id":"a","seq":1}`, `{"type":"typing"}`, `{"type":"answer","seq":2,"result":{"id":"",…`)
	talk(`{"type":"ask","client_id":"a","text":"prix"}`)
	wantFrames(`{"type":"ack","client_id":"a","seq":1}`)
	b.Reply("00000000-0000-4000-8000-000000000001", "Bonjour")
	wantFrames(`{"type":"agent","seq":3,"text":"Bonjour"}`)
	talk(`{"type":"dance"}`)
	wantFrames(`{"type":"error","code":"unknown_type","message":"…`)
}

func TestHello(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, unlimited)
	one := dial(t, c.url)
	one.Send(t, "m1", "sans hello")
	welcome, ack, answer := one.next(t), one.next(t), one.next(t)
	if welcome.Type != "welcome" || ack.Type != "ack" || answer.Type != "answer" {
		t.Fatalf("ask without hello: %+v %+v %+v", welcome, ack, answer)
	}
	b.Reply(welcome.Conversation, "un")

	t.Run("resume", func(t *testing.T) {
		for seen, want := range map[int64][]int64{0: {2, 3}, 1: {2, 3}, 2: {3}, 3: nil, 99: nil, -5: {2, 3}} {
			d := dial(t, c.url)
			if f := d.exchange(t, map[string]any{"type": "hello", "conversation": welcome.Conversation, "seen": seen}); f.Seq != 3 || f.Conversation != welcome.Conversation {
				t.Errorf("seen %d: %+v", seen, f)
			}
			var got []int64
			for range want {
				got = append(got, d.next(t).Seq)
			}
			if f, ok := d.await(50 * time.Millisecond); ok || !slices.Equal(got, want) {
				t.Errorf("seen %d: got %v then %+v, want %v", seen, got, f, want)
			}
		}
	})
	t.Run("claims more than there is", func(t *testing.T) {
		d := dial(t, c.url)
		d.exchange(t, map[string]any{"type": "hello", "conversation": welcome.Conversation, "seen": 99})
		b.Reply(welcome.Conversation, "deux")
		if f := d.next(t); f.Text != "deux" {
			t.Errorf("got %+v", f)
		}
	})
	for name, id := range map[string]string{"unknown": "gone", "huge": strings.Repeat("x", 4000), "NUL": "a\x00b"} {
		t.Run(name, func(t *testing.T) {
			d := dial(t, c.url)
			if f := d.exchange(t, map[string]any{"type": "hello", "conversation": id, "seen": 4}); f.Code != codeNoConversation {
				t.Errorf("got %+v", f)
			}
			if f := d.next(t); f.Type != "welcome" || f.Conversation == "" || f.Conversation == id || f.Seq != 0 {
				t.Errorf("got %+v", f)
			}
		})
	}
	t.Run("deleted meanwhile", func(t *testing.T) {
		d := dial(t, c.url)
		first := d.exchange(t, map[string]any{"type": "hello"})
		b.Forget(first.Conversation)
		d.Send(t, "m1", "encore là ?")
		if f := d.next(t); f.Code != codeNoConversation || f.ClientID != "m1" {
			t.Errorf("got %+v", f)
		}
		if f := d.next(t); f.Type != "welcome" {
			t.Errorf("got %+v", f)
		}
		d.Send(t, "m1", "encore là ?")
		if f := d.next(t); f.Type != "ack" {
			t.Errorf("got %+v", f)
		}
	})
}

// Two windows of one person: both hear the answers and the agent, only the asking one its acknowledgement, and each
// hears all in the log's order.
func TestTwoWindows(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, unlimited)
	one := dial(t, c.url)
	id := one.exchange(t, map[string]any{"type": "hello"}).Conversation
	two := dial(t, c.url)
	two.exchange(t, map[string]any{"type": "hello", "conversation": id})
	const each = 20
	var asking sync.WaitGroup
	for n, d := range []*device{one, two} {
		asking.Go(func() {
			for i := range each / 2 {
				d.Send(t, fmt.Sprintf("%d-%d", n, i), "question")
				if i%3 == 0 {
					b.Notice(id, "un mot")
				}
			}
		})
	}
	asking.Wait()
	for n, d := range []*device{one, two} {
		var last int64
		answers, acks := 0, 0
		for answers < each || acks < each/2 {
			f := d.next(t)
			if f.Seq <= last {
				t.Fatalf("window %d: %s at %d after %d", n, f.Type, f.Seq, last)
			}
			last = f.Seq
			switch f.Type {
			case "answer":
				answers++
			case "ack":
				acks++
				if !strings.HasPrefix(f.ClientID, fmt.Sprint(n)) {
					t.Errorf("window %d is acknowledged %s", n, f.ClientID)
				}
			}
		}
	}
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	type word struct {
		conversation string
		seq          int64
		useful       bool
	}
	got := make(chan word, 2)
	c := start(t, channelstest.NewBackend(), Options{Limits: Limits{PerMinute: -1},
		Feedback: func(_ context.Context, conversation string, seq int64, useful bool) error {
			got <- word{conversation, seq, useful}
			if seq == 9 {
				return assistant.ErrNoConversation
			}
			return nil
		}})
	d := dial(t, c.url)
	if f := d.exchange(t, map[string]any{"type": "feedback", "seq": 2, "useful": true}); f.Code != codeNoConversation {
		t.Errorf("before hello: %+v", f)
	}
	id := d.exchange(t, map[string]any{"type": "hello"}).Conversation
	d.say(t, map[string]any{"type": "feedback", "seq": 2, "useful": false})
	if w := <-got; w != (word{id, 2, false}) {
		t.Errorf("got %+v", w)
	}
	if f := d.exchange(t, map[string]any{"type": "feedback", "seq": 9, "useful": true}); f.Code != codeNoConversation {
		t.Errorf("on nothing: %+v", f)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	c := start(t, channelstest.NewBackend(), Options{Limits: Limits{PerMinute: 1, Burst: 3}})
	d := dial(t, c.url)
	d.exchange(t, map[string]any{"type": "hello"})
	for i := range 50 {
		d.say(t, map[string]any{"type": "typing", "n": i})
	}
	d.Send(t, "m1", "un")
	d.Send(t, "m2", "deux")
	d.Send(t, "m3", "بغيت نعرف شحال")
	seen := map[string]frame{}
	for len(seen) < 5 {
		f := d.next(t)
		seen[f.Type+f.ClientID+string(f.Code)] = f
		if f.Type == "answer" {
			seen[fmt.Sprint("answer", f.Seq)] = f
			delete(seen, "answer")
		}
	}
	f, ok := seen["errorm3rate_limited"]
	if !ok || !strings.ContainsRune(f.Message, 'ت') {
		t.Errorf("got %+v", seen)
	}
	// The next connection starts afresh.
	if f := dial(t, c.url).exchange(t, map[string]any{"type": "hello"}); f.Type != "welcome" {
		t.Errorf("got %+v", f)
	}
}

func TestTooManyWaiting(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, Options{Limits: Limits{PerMinute: -1, Waiting: 2}})
	release := b.Hold()
	defer release()
	d := dial(t, c.url)
	d.exchange(t, map[string]any{"type": "hello"})
	d.Send(t, "m0", "lente")
	if f := d.next(t); f.Type != "ack" {
		t.Fatalf("got %+v", f)
	}
	for i := range 3 {
		d.Send(t, fmt.Sprint("m", i+1), "suivante")
	}
	if f := d.next(t); f.Code != codeBusy || f.ClientID != "m3" {
		t.Errorf("got %+v", f)
	}
	release()
	answers := 0
	for answers < 3 {
		if d.next(t).Type == "answer" {
			answers++
		}
	}
}

func TestErrorsHaveWords(t *testing.T) {
	t.Parallel()
	for _, c := range codes {
		for _, l := range []language.Language{language.French, language.Arabic, language.English} {
			if texts[l][c] == "" {
				t.Errorf("%s has no words in %s", c, l)
			}
		}
		if c.in(language.Other) != texts[language.French][c] {
			t.Errorf("%s in another language: %q", c, c.in(language.Other))
		}
	}
	for l, words := range texts {
		for c := range words {
			if !slices.Contains(codes, c) {
				t.Errorf("%s has words for the unknown code %s", l, c)
			}
		}
	}
}

func TestPanicAndFailure(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	b.Script = func(text string) assistant.Answer {
		return assistant.Answer{Text: "re: " + text}
	}
	o := unlimited
	c := New(o)
	c.Log, c.Watch, c.Open = b, b, b.Open
	c.Answer = func(ctx context.Context, q assistant.Question) (assistant.Answer, error) {
		switch q.Text {
		case "panic":
			panic("au secours")
		case "fail":
			return assistant.Answer{}, errors.New("password=hunter2")
		case "long":
			return assistant.Answer{}, assistant.ErrTooLong
		}
		return b.Answer(ctx, q)
	}
	server := httptest.NewServer(c)
	defer server.Close()
	defer func() { _ = c.Drain(context.Background()) }()
	d := dial(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/ws?v=1")
	d.exchange(t, map[string]any{"type": "hello"})
	for text, want := range map[string]code{"panic": codeFailed, "fail": codeFailed, "long": codeTooLong} {
		d.Send(t, text, text)
		if f := d.next(t); f.Code != want || f.ClientID != text || strings.Contains(f.Message, "hunter2") {
			t.Errorf("%s: %+v", text, f)
		}
	}
	d.Send(t, "m1", "après")
	if f := d.next(t); f.Type != "ack" {
		t.Errorf("got %+v", f)
	}
	if f := d.next(t); f.Type != "answer" || f.Result.Text != "re: après" {
		t.Errorf("got %+v", f)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	b := channelstest.NewBackend()
	c := start(t, b, Options{Origins: []string{"https://portail.example.ma/"}, Limits: Limits{Connections: 2}})
	get := func(url string, header http.Header) (int, string) {
		socket, r, err := websocket.DefaultDialer.Dial(url, header)
		if err == nil {
			socket.Close()
			return http.StatusSwitchingProtocols, ""
		}
		var said struct {
			Error struct{ Code, Message string }
		}
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil || said.Error.Message == "" {
			t.Errorf("%s: no words: %v", url, err)
		}
		return r.StatusCode, said.Error.Code
	}
	host := strings.TrimSuffix(strings.TrimPrefix(c.url, "ws://"), "/ws?v=1")
	for _, x := range []struct {
		name, url, origin string
		status            int
		code              code
	}{
		{"program", c.url, "", 101, ""},
		{"own page", c.url, "http://" + host, 101, ""},
		{"named page", c.url, "https://portail.example.ma", 101, ""},
		{"foreign page", c.url, "https://evil.example.org", 403, codeOrigin},
		{"nameless page", c.url, "null", 403, codeOrigin},
		{"other version", strings.Replace(c.url, "v=1", "v=2", 1), "", 400, codeVersion},
		{"no version", strings.TrimSuffix(c.url, "?v=1"), "", 400, codeVersion},
	} {
		header := http.Header{}
		if x.origin != "" {
			header.Set("Origin", x.origin)
		}
		if status, code := get(x.url, header); status != x.status || code != string(x.code) {
			t.Errorf("%s: %d %s, want %d %s", x.name, status, code, x.status, x.code)
		}
	}
	r, err := http.Get("http" + strings.TrimPrefix(c.url, "ws"))
	if err != nil || r.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("plain request: %v %v", r, err)
	}
	r.Body.Close()
	waitFor(t, "all are gone", func() bool { return c.Connections() == 0 })
	for range 2 {
		dial(t, c.url).exchange(t, map[string]any{"type": "hello"})
	}
	if status, code := get(c.url, nil); status != 503 || code != string(codeClosing) {
		t.Errorf("one too many: %d %s", status, code)
	}
}

func waitFor(t *testing.T, what string, fact func() bool) {
	t.Helper()
	for deadline := time.Now().Add(channelstest.Patience); !fact(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
