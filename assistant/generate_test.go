package assistant

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/grounding"
	"murshid/language"
	"murshid/retrieval"
)

// writer is a composer that writes what it is told, citing fields, and keeps what it was asked.
type writer struct {
	text   string
	cites  []retrieval.Field
	err    error
	slow   bool // it writes nothing before its context ends
	tired  bool // it is not ready
	asked  []grounding.Request
	within time.Duration // what was left to it
}

func (w *writer) Ready() bool { return !w.tired }

func (w *writer) Compose(ctx context.Context, r grounding.Request) (grounding.Draft, error) {
	w.asked = append(w.asked, r)
	if end, ok := ctx.Deadline(); ok {
		w.within = time.Until(end)
	}
	if w.slow {
		<-ctx.Done()
		return grounding.Draft{}, ctx.Err()
	}
	d := grounding.Draft{Text: w.text}
	for i, p := range r.Passages {
		if slices.Contains(w.cites, retrieval.Field(p.Field)) {
			d.Passages = append(d.Passages, i+1)
		}
	}
	return d, w.err
}

// settled is a turn that is about to be composed.
func settled(x *retrieval.Index, l language.Language, procedure string, asked ...retrieval.Field) *Turn {
	t := newTurn(Question{Channel: Web}, Asked{Seq: 1}, "?", time.Now())
	t.Answer.Language, t.Answer.Aspects = l, asked
	t.settle(x, procedure)
	return t
}

// composed is the answer with a composer; nil is none.
func composed(tb testing.TB, x *retrieval.Index, c Composer, t *Turn) Answer {
	tb.Helper()
	o := Options{Retriever: &script{index: x}, Composer: c, Log: slog.New(slog.DiscardHandler), Patience: 50 * time.Millisecond}
	if err := New(o).compose(tb.Context(), t); err != nil {
		tb.Fatal(err)
	}
	return t.Answer
}

// A draft that says what the sheet says takes the place of the rendered fields, in every writing; the source, what is
// to be confirmed and the citations stay.
func TestDraftIsUsed(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	for l, c := range map[language.Language]struct {
		text  string
		doubt string
	}{
		language.French:  {"Le renouvellement coûte 75 DH ; comptez environ 10 jours à 3 semaines.", "Délai (à confirmer)"},
		language.Arabic:  {"تبلغ رسوم تجديد البطاقة 75 درهما، والمدة حوالي 10 أيام إلى 3 أسابيع.", "(للتأكيد)"},
		language.Darija:  {"تجديد لاكارط كيدير 75 درهم، وكيتعطل تقريبا 10 أيام حتى ل 3 أسابيع.", "(خاص التأكد)"},
		language.Arabizi: {"Tjdid lacarte kaydir 75 DH, w kaytsenna chi 10 jours à 3 semaines.", "(khass tt2ekked)"},
	} {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			turn := func() *Turn { return settled(x, l, "cnie-renouvellement", retrieval.Fee) }
			w := &writer{text: c.text, cites: []retrieval.Field{retrieval.Fee, retrieval.Delay}}
			rendered, got := composed(t, x, nil, turn()), composed(t, x, w, turn())
			lines, plain := strings.Split(got.Text, "\n"), strings.Split(rendered.Text, "\n")
			if lines[0] != c.text || len(lines) != 4 || !strings.HasSuffix(lines[1], c.doubt) {
				t.Fatalf("text %q", got.Text)
			}
			if diff := cmp.Diff(plain[len(plain)-2:], lines[2:]); diff != "" {
				t.Errorf("source and what is to be confirmed:\n%s", diff)
			}
			got.Text = rendered.Text
			if diff := cmp.Diff(rendered, got); diff != "" {
				t.Errorf("more than the text is another one:\n%s", diff)
			}
		})
	}
}

// What else a composer does, the answer is the rendered one.
func TestDraftIsNotUsed(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	const honest = "Le renouvellement coûte 75 DH."
	fee := []retrieval.Field{retrieval.Fee}
	late := strings.Repeat("Le renouvellement se demande au centre d'enregistrement des données d'identification. ", 4) + honest
	ask := func(fields ...retrieval.Field) *Turn {
		return settled(x, language.French, "cnie-renouvellement", fields...)
	}
	for name, c := range map[string]struct {
		writer writer
		turn   func() *Turn
		asked  int
	}{
		"another figure":         {writer{text: "Le renouvellement coûte 95 DH.", cites: fee}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"another writing":        {writer{text: "ثمن التجديد 75 درهما.", cites: fee}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"mark-up":                {writer{text: "**75 DH**", cites: fee}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"no citation":            {writer{text: honest}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"one of two asked":       {writer{text: honest, cites: fee}, func() *Turn { return ask(retrieval.Fee, retrieval.Delay) }, 1},
		"what was asked is late": {writer{text: late, cites: []retrieval.Field{retrieval.Fee, retrieval.Place}}, func() *Turn { return ask(retrieval.Fee, retrieval.Place) }, 1},
		"an error":               {writer{text: honest, cites: fee, err: errors.New("down")}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"too slow":               {writer{slow: true}, func() *Turn { return ask(retrieval.Fee) }, 1},
		"not ready":              {writer{text: honest, cites: fee, tired: true}, func() *Turn { return ask(retrieval.Fee) }, 0},
		"SMS": {writer{text: honest, cites: fee}, func() *Turn {
			turn := ask(retrieval.Fee)
			turn.Question.Channel = SMS
			return turn
		}, 0},
		"two procedures": {writer{text: honest, cites: fee}, func() *Turn {
			turn := ask(retrieval.Fee)
			turn.halves = []half{{}, {}}
			return turn
		}, 0},
		"English":            {writer{text: honest, cites: fee}, func() *Turn { return settled(x, language.English, "cnie-renouvellement", retrieval.Fee) }, 0},
		"not in the sheet":   {writer{text: honest, cites: fee}, func() *Turn { return ask(retrieval.Amount) }, 0},
		"partly in it":       {writer{text: honest, cites: fee}, func() *Turn { return ask(retrieval.Fee, retrieval.Amount) }, 0},
		"the other language": {writer{text: honest, cites: fee}, foreignTurn, 0},
		"sections only":      {writer{text: honest, cites: fee}, bareTurn, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			rendered, got := composed(t, x, nil, c.turn()), composed(t, x, &c.writer, c.turn())
			if diff := cmp.Diff(rendered, got); diff != "" {
				t.Errorf("not the answer without a model:\n%s", diff)
			}
			if len(c.writer.asked) != c.asked {
				t.Errorf("asked %d times, want %d", len(c.writer.asked), c.asked)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// foreignTurn is a turn in French about a sheet that there is in Arabic only.
func foreignTurn() *Turn {
	t := settled(nil, language.French, "", retrieval.Fee)
	t.Sheet = &retrieval.Sheet{ID: "x", Lang: language.Arabic, Title: "رخصة", Fee: "75 درهم"}
	return t
}

func bareTurn() *Turn {
	t := settled(nil, language.French, "")
	t.Sheet = &retrieval.Sheet{ID: "x", Lang: language.French, Sections: []retrieval.Section{{Heading: "Cantine", Text: "Elle coûte 75 DH."}}}
	return t
}

// What the late draft of TestDraftIsNotUsed says is true: only its order refuses it.
func TestDraftReasons(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	turn := settled(x, language.French, "cnie-renouvellement", retrieval.Fee)
	shown := []retrieval.Field{retrieval.Fee, retrieval.Place}
	m := material{shown, passages(turn.Sheet, nil, shown)}
	place := strings.Repeat("Le renouvellement se demande au centre d'enregistrement des données d'identification. ", 4)
	for name, c := range map[string]struct {
		draft grounding.Draft
		want  error
	}{
		"good":    {grounding.Draft{Text: "Le renouvellement coûte 75 DH.", Passages: []int{2}}, nil},
		"late":    {grounding.Draft{Text: place + "Il coûte 75 DH.", Passages: []int{2, 3}}, errLate},
		"silent":  {grounding.Draft{Text: strings.TrimSpace(place), Passages: []int{3}}, errSilent},
		"figure":  {grounding.Draft{Text: "Le renouvellement coûte 95 DH.", Passages: []int{2}}, grounding.ErrFigure},
		"unknown": {grounding.Draft{Text: "Le renouvellement coûte 75 DH.", Passages: []int{4}}, grounding.ErrCitation},
	} {
		got := m.refusal(grounding.Checker{}, c.draft, language.French, []retrieval.Field{retrieval.Fee})
		if got != c.want { //nolint:errorlint // the bare value, without the words that a log may not hold
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestRequestForDraft(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	turn := settled(x, language.Arabic, "cnie-renouvellement", retrieval.Fee)
	turn.Text = "كم ثمن تجديد البطاقة؟ [phone]"
	w := &writer{err: errors.New("down")}
	composed(t, x, w, turn)
	if len(w.asked) != 1 || w.within <= 0 || w.within > 50*time.Millisecond {
		t.Fatalf("asked %d times with %s left", len(w.asked), w.within)
	}
	r := w.asked[0]
	if r.Question != turn.Text || r.Writing != language.Arabic || r.Limit != maxDraft {
		t.Errorf("question %q, writing %s, limit %d", r.Question, r.Writing, r.Limit)
	}
	if p := r.Passages[0]; p.Field != grounding.Title || !strings.HasPrefix(p.Text, "تجديد البطاقة الوطنية للتعريف الإلكترونية\nالمديرية العامة للأمن الوطني\n") ||
		!strings.HasPrefix(p.Twin, "Carte nationale d'identité électronique") {
		t.Errorf("the name is %+v", p)
	}
	want := grounding.Passage{Field: "fee", Lang: language.Arabic, Text: "75 درهم", Twin: "75 DH"}
	if diff := cmp.Diff(want, r.Passages[1]); diff != "" {
		t.Error(diff)
	}
	alone := retrieval.NewIndex([]retrieval.Sheet{*turn.Sheet})
	w = &writer{err: errors.New("down")}
	composed(t, alone, w, settled(alone, language.Arabic, "cnie-renouvellement", retrieval.Fee))
	if p := w.asked[0].Passages; p[0].Twin != "" || p[1].Twin != "" {
		t.Errorf("a sheet is its own twin: %+v", p[:2])
	}
}

// The log says why a draft was refused, and holds no word of it.
func TestRefusalIsLogged(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	var log bytes.Buffer
	w := &writer{text: "Le renouvellement coûte 9876 DH.", cites: []retrieval.Field{retrieval.Fee}}
	a := New(Options{Retriever: &script{index: x}, Composer: w, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := a.compose(t.Context(), settled(x, language.French, "cnie-renouvellement", retrieval.Fee)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), grounding.ErrFigure.Error()) || strings.Contains(log.String(), "9876") {
		t.Errorf("logged %s", log.String())
	}
}
