package evals

import (
	"context"
	"errors"
	"testing"

	"murshid/assistant"
	"murshid/retrieval"
)

func TestDialogues(t *testing.T) {
	t.Parallel()
	all, err := Dialogues()
	if err != nil {
		t.Fatal(err)
	}
	seen, locked := map[string]bool{}, 0
	for _, d := range all {
		if d.ID == "" || seen[d.ID] || len(d.Turns) < 2 || d.Kind == "" {
			t.Errorf("dialogue %q: %d turns of kind %q", d.ID, len(d.Turns), d.Kind)
		}
		seen[d.ID] = true
		if d.Locked() {
			locked++
		}
	}
	if len(all) < 100 || locked*3 < len(all) || locked*3 > 2*len(all) {
		t.Errorf("%d dialogues, %d locked", len(all), locked)
	}
}

func TestExpectation(t *testing.T) {
	t.Parallel()
	e := Expectation{Intents: []assistant.Intent{"question"}, Status: []assistant.Status{"answered", "clarification"}, Procedure: []string{"p"},
		Aspects: []retrieval.Field{"fee"}, Must: []string{"10"}, Choices: []string{"p"}}
	right := assistant.Answer{Intent: "question", Status: "answered", Procedure: "p", Aspects: []retrieval.Field{"delay", "fee"}, Text: "10 DH"}
	for want, change := range map[string]func(*assistant.Answer){
		"":          func(*assistant.Answer) {},
		"intent":    func(a *assistant.Answer) { a.Intent = "thanks" },
		"status":    func(a *assistant.Answer) { a.Status = "partial" },
		"procedure": func(a *assistant.Answer) { a.Procedure = "q" },
		"aspects":   func(a *assistant.Answer) { a.Aspects = nil },
		"must":      func(a *assistant.Answer) { a.Text = "100 DH" },
		"choices":   func(a *assistant.Answer) { a.Status = "clarification" },
	} {
		a := right
		change(&a)
		if got := e.wrong(a); got != want {
			t.Errorf("wrong in %q, want %q", got, want)
		}
	}
}

func TestHoldsWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"10 DH": true, "de 10.": true, "110": false, "10,5": false, "1.10": false, "100, puis 10": true, "": false} {
		if got := holdsWhole(text, "10"); got != want {
			t.Errorf("%q holds 10: %v", text, got)
		}
	}
	if !holdsWhole("100\u00a0000 DH", "100 000") {
		t.Error("a hard space parts what it should not")
	}
}

func TestConverse(t *testing.T) {
	t.Parallel()
	asked := []string{}
	say := func(_ context.Context, conversation, text string) (assistant.Answer, error) {
		asked = append(asked, conversation+":"+text)
		if text == "b" {
			return assistant.Answer{}, errors.New("no answer")
		}
		return assistant.Answer{Conversation: "c1"}, nil
	}
	got, err := Converse(t.Context(), say, []Dialogue{{Turns: []Said{{User: "a"}, {User: "b"}, {User: "c"}}}, {Turns: []Said{{User: "d"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Right() || !got[1].Right() || got[0].rightTurns() != 2 {
		t.Errorf("%q, %q", got[0].Wrong, got[1].Wrong)
	}
	if asked[2] != "c1:c" || asked[3] != ":d" {
		t.Errorf("asked %q", asked)
	}
}
