package assistant

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"murshid/language"
	"murshid/retrieval"
)

func TestLink(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		variants                    []string
		back, leads, over, corrects bool
		own                         int
	}{
		"et le prix ?":     {leads: true},
		"والثمن؟":          {leads: true},
		"w l drari sghar?": {leads: true, variants: []string{"minor"}},
		"وبالنسبة لطفل عمره خمس سنوات؟":     {leads: true, variants: []string{"minor"}, own: 3},
		"et si elle a 17 ans ?":             {leads: true, back: true, variants: []string{"minor"}},
		"et s'il a 40 ans ?":                {leads: true, back: true, variants: []string{"adult"}},
		"je l'ai perdue":                    {back: true, variants: []string{"lost"}},
		"w ila tsre9?":                      {leads: true, variants: []string{"lost"}},
		"أنا ساكن فطاليان":                  {variants: []string{"abroad"}, own: 1},
		"وفين كنديرها؟":                     {leads: true, back: true},
		"non, je parlais du permis":         {corrects: true, own: 1},
		"ماشي الزواج، شهادة العزوبة":        {corrects: true, own: 3},
		"Autre chose : le prix du timbre ?": {over: true},
		"وثائق جواز السفر":                  {own: 2},
	} {
		l := linkOf(language.Words(text))
		if !slices.Equal(l.variants, want.variants) || l.back != want.back || l.leads != want.leads || l.over != want.over ||
			l.corrects != want.corrects || (want.own == 0) != (len(l.own) == 0 || want.over) {
			t.Errorf("%q: %+v, want %+v", text, l, want)
		}
	}
}

func TestAskedOfWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"et c'est où ?": true, "Où demander le passeport ?": true, "passeport ou carte": false, "d'où vient-il": false} {
		q := newTurn(Question{}, Asked{}, text, time.Time{})
		if got := slices.Contains(q.asked(), retrieval.Place); got != want {
			t.Errorf("%q asks for a place: %v", text, got)
		}
	}
}

func TestSibling(t *testing.T) {
	t.Parallel()
	x := demoIndex(t)
	for _, c := range []struct {
		root, want string
		variants   []string
	}{
		{"passeport-majeur", "passeport-mineur", []string{"minor"}},
		{"passeport-majeur", "passeport-majeur", []string{"home"}},
		{"passeport-mineur", "passeport-consulat", []string{"abroad"}},
		{"passeport-renouvellement", "passeport-perte-vol", []string{"lost"}},
		{"cnie-renouvellement", "cnie-consulat", []string{"abroad"}},
		{"cnie-changement-donnees", "cnie-perte-vol", []string{"lost"}},
		{"permis-conduire-obtention", "permis-conduire-renouvellement", []string{"renewal"}},
		{"transcription-naissance-deces-consulat", "jugement-declaratif-naissance", []string{"home", "late"}},
		{"casier-judiciaire", "", []string{"abroad"}},
		{"vignette", "", []string{"late"}},
	} {
		if got := sibling(x, []string{c.root}, c.variants); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.root, c.variants, got, c.want)
		}
	}
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"2": 2, "la 2": 2, "le numéro 1": 1, "tnin": 2, "الثانية": 2, "lwla": 1, "la dernière": 3,
		"7": 0, "2 photos": 0, "passeport": 0, "je veux le premier passeport": 0} {
		if got := numbered(language.Words(text), 3); got != want {
			t.Errorf("%q is number %d, want %d", text, got, want)
		}
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Non mais pas le passeport !! la carte grise de ma voiture": "la carte grise de ma voiture",
		"ليس جواز السفر بل السجل العدلي":                            "السجل العدلي",
		"non, je parlais du permis de conduire":                     "permis de conduire",
		"machi passeport, permis dyal chasse":                       "permis dyal chasse",
		"non, pas ça":                                               "non, pas ça", // nothing is left to look for
	} {
		q := newTurn(Question{}, Asked{}, text, time.Time{})
		if q.correct(); q.Said != want {
			t.Errorf("%q leaves %q, want %q", text, q.Said, want)
		}
	}
}

func TestSplits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"prix du passeport et de la carte nationale": 1,
		"بشحال الباسبور ولاكارط":                     1,
		"prix et délai du passeport":                 0,
		"passeport":                                  0,
	} {
		if got := len(splits(text)); got != want {
			t.Errorf("%q parts in %d ways, want %d", text, got, want)
		}
	}
}

// A memory of an older version still loads; one of this version comes back as it was.
func TestMemoryAsJSON(t *testing.T) {
	t.Parallel()
	var old Memory
	if err := json.Unmarshal([]byte(`{"language":"ary","procedure":"passeport-majeur","aspects":["fee"]}`), &old); err != nil {
		t.Fatal(err)
	}
	if old.Procedure != "passeport-majeur" || old.knows("") || !old.knows("passeport-majeur") {
		t.Errorf("%+v", old)
	}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "e"} {
		old.spokeOf(id)
	}
	if diff := cmp.Diff([]string{"f", "d", "c", "b"}, old.Earlier); diff != "" {
		t.Error(diff)
	}
	content, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	var again Memory
	if err := json.Unmarshal(content, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(old, again); diff != "" {
		t.Error(diff)
	}
}

// A conversation that the search never enters: everything goes on from the turn before.
func TestThread(t *testing.T) {
	t.Parallel()
	store := &diary{memory: Memory{Language: language.French, Procedure: "passeport-majeur", Aspects: []retrieval.Field{retrieval.Fee}}}
	retriever := &script{index: demoIndex(t)}
	a := newTestAssistant(store, retriever)
	asksPlace := 0
	for _, turn := range []struct {
		text, procedure string
		status          Status
		aspect          retrieval.Field
	}{
		{"et pour un mineur ?", "passeport-mineur", Answered, retrieval.Fee},
		{"merci beaucoup", "", SmallTalk, ""},
		{"et les papiers ?", "passeport-mineur", Answered, retrieval.Documents},
		{"وشحال الثمن؟", "passeport-mineur", Answered, retrieval.Fee},
		{"je veux déposer une plainte contre la commune", "", ComplaintDraft, ""},
		{"non, annulez la réclamation", "", SmallTalk, ""},
		{"quels documents ?", "passeport-mineur", Answered, retrieval.Documents},
		{"w ila tsre9?", "passeport-perte-vol", Answered, retrieval.Documents},
		{"et si on est en Espagne ?", "passeport-consulat", Answered, retrieval.Documents},
	} {
		answer, err := a.Answer(t.Context(), Question{Conversation: "c", Channel: Web, Text: turn.text, Test: true})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Procedure != turn.procedure || answer.Status != turn.status || (turn.aspect != "" && !slices.Contains(answer.Aspects, turn.aspect)) {
			t.Errorf("%q: %s %q %v, want %s %q %s", turn.text, answer.Status, answer.Procedure, answer.Aspects, turn.status, turn.procedure, turn.aspect)
		}
		if store.outcome.Memory.Placed {
			asksPlace++
		}
	}
	if len(retriever.asked) > 0 {
		t.Errorf("searched for %q", retriever.asked)
	}
	if asksPlace == 0 {
		t.Error("nobody asked where the person lives")
	}
}
