package assistant

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"murshid/language"
	"murshid/retrieval"
)

func TestWishOf(t *testing.T) {
	t.Parallel()
	for want, texts := range map[wish][]string{
		wishKnow: {
			"que gardez-vous sur moi ?", "quelles informations avez-vous sur moi", "mes données", "qui peut lire mes messages ?",
			"comment supprimer mes données ?", "معطياتي", "ما هي المعلومات التي تحتفظون بها عني؟", "ماذا تعرفون عني؟",
			"شنو عندكم عليا؟", "شنو كتعرفو عليا", "شكون كيقرا الرسائل ديالي؟", "chno 3ndkom 3liya?", "lmo3tayat dyali",
			"chno m9eydin 3liya", "what do you keep about me?",
		},
		wishDelete: {
			"supprimez mes données", "Supprimer mes données", "effacez tout", "supprimer", "je veux effacer mes messages",
			"effacez cette conversation svp", "احذفوا بياناتي", "احذف", "أريد حذف معطياتي", "امسحوا رسائلي من فضلكم",
			"مسحو المعطيات ديالي", "بغيت نمسح المحادثة ديالي", "حيدو المعلومات ديالي", "ms7o lmo3tayat dyali",
			"bghit tms7o les messages dyali", "7eydo kolchi", "mse7 lmo7adata", "delete my data",
		},
		0: {
			"comment supprimer un nom du livret de famille ?", "effacer une inscription du casier judiciaire", "bonjour",
			"quelles données faut-il pour le passeport ?", "كيفاش نمسح السوابق", "حذف شركة من السجل التجاري",
			"kifach n7eyed rahn", "radiation d'une hypothèque", "oui", "combien coûte la carte nationale ?",
			"supprimer la gérance d'une société", "ms7 dyun", "les papiers pour garder mon nom",
		},
	} {
		for _, text := range texts {
			if got := wishOf(language.Words(text)); got != want {
				t.Errorf("%q: wish %d, want %d", text, got, want)
			}
		}
	}
}

// dialogue says the texts one after the other, of which no sheet is found, and gives the last answer.
func dialogue(t *testing.T, d *diary, texts ...string) Answer {
	t.Helper()
	a := newTestAssistant(d, &script{})
	var last Answer
	for _, text := range texts {
		var err error
		if last, err = a.Answer(t.Context(), Question{Conversation: "c", Channel: Web, Text: text, Test: true}); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

func TestDeletionNeedsAYes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ask, reply string
		erased     bool
		key        string // of the answer's text, or of its last line
	}{
		{"supprimez mes données", "oui", true, "privacy_deleted"},
		{"supprimez mes données", "Oui, merci.", true, "privacy_deleted"},
		{"supprimez mes données", "oui je confirme", true, "privacy_deleted"},
		{"supprimez mes données", "yes", true, "privacy_deleted"},
		{"احذفوا بياناتي", "نعم", true, "privacy_deleted"},
		{"احذفوا بياناتي", "نعم من فضلكم", true, "privacy_deleted"},
		{"مسحو المعطيات ديالي", "اه", true, "privacy_deleted"},
		{"مسحو المعطيات ديالي", "آه مسحو كلشي", true, "privacy_deleted"},
		{"مسحو المعطيات ديالي", "واخا", true, "privacy_deleted"},
		{"ms7o lmo3tayat dyali", "ah", true, "privacy_deleted"},
		{"ms7o lmo3tayat dyali", "wakha 3afak", true, "privacy_deleted"},
		{"supprimez mes données", "non", false, "privacy_cancelled"},
		{"supprimez mes données", "non merci", false, "privacy_cancelled"},
		{"احذفوا بياناتي", "لا", false, "privacy_cancelled"},
		{"مسحو المعطيات ديالي", "لا خليهم", false, "privacy_cancelled"},
		{"ms7o lmo3tayat dyali", "lla", false, "privacy_cancelled"},
		{"supprimez mes données", "oui mais pas maintenant", false, "privacy_dropped"},
		{"supprimez mes données", "prix du passeport ?", false, "privacy_dropped"},
		{"supprimez mes données", "oui et le prix du passeport ?", false, "privacy_dropped"},
		{"احذفوا بياناتي", "ربما", false, "privacy_dropped"},
		{"supprimez mes données", "supprimez mes données", false, "privacy_confirm"},
	} {
		d := &diary{}
		answer := dialogue(t, d, "prix du passeport", c.ask, c.reply)
		if d.outcome.Erase != c.erased {
			t.Errorf("%q, %q: erases %v, want %v", c.ask, c.reply, d.outcome.Erase, c.erased)
		}
		if want := Say(answer.Language, c.key); !strings.HasSuffix(answer.Text, want) {
			t.Errorf("%q, %q: %q, want %q", c.ask, c.reply, answer.Text, want)
		}
		if answer.Intent == IntentPrivacy && answer.Status != Privacy {
			t.Errorf("%q, %q: status %s", c.ask, c.reply, answer.Status)
		}
	}
}

// The language of the answer to a bare yes is that of the conversation.
func TestYesInTheConversationsLanguage(t *testing.T) {
	t.Parallel()
	for ask, want := range map[string]language.Language{"supprimez mes données": language.French,
		"احذفوا بياناتي": language.Arabic, "مسحو المعطيات ديالي": language.Darija, "ms7o lmo3tayat dyali": language.Arabizi} {
		if got := dialogue(t, &diary{}, ask, "ok"); got.Language != want || got.Text != Say(want, "privacy_deleted") {
			t.Errorf("%q: %s %q", ask, got.Language, got.Text)
		}
	}
}

// What was said before is forgotten, and a yes counts only in the very next turn.
func TestDeletionForgets(t *testing.T) {
	t.Parallel()
	d := &diary{memory: Memory{Procedure: "passeport-majeur", Aspects: []retrieval.Field{retrieval.Fee}}}
	dialogue(t, d, "supprimez mes données", "oui")
	if diff := cmp.Diff(Memory{Language: language.French}, d.memory); diff != "" {
		t.Errorf("memory after deletion: %s", diff)
	}
	d = &diary{}
	dialogue(t, d, "supprimez mes données", "prix du passeport", "oui")
	if d.outcome.Erase {
		t.Error("a yes two turns later deletes")
	}
	d = &diary{}
	dialogue(t, d, "supprimez mes données")
	d.seq++ // an agent wrote
	dialogue(t, d, "oui")
	if d.outcome.Erase {
		t.Error("a yes to an agent deletes")
	}
}

// While an agent works on the conversation nothing is deleted, and the person is told; what is kept can be asked.
func TestNothingIsDeletedWhileHeld(t *testing.T) {
	t.Parallel()
	d := &diary{held: true}
	if got := dialogue(t, d, "supprimez mes données"); got.Text != Say(language.French, "privacy_held") || d.memory.Deletion != 0 {
		t.Errorf("%q, %+v", got.Text, d.memory)
	}
	if got := dialogue(t, &diary{held: true}, "mes données"); got.Status != Privacy {
		t.Errorf("asked what is kept: %s", got.Status)
	}
	late := &lateHold{}
	a := newTestAssistant(late, &script{})
	for _, text := range []string{"supprimez mes données", "oui"} {
		answer, err := a.Answer(t.Context(), Question{Conversation: "c", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if text == "oui" && (answer.Text != Say(language.French, "privacy_held") || late.outcome.Erase) {
			t.Errorf("held meanwhile: %q, erases %v", answer.Text, late.outcome.Erase)
		}
	}
}

// lateHold is a store whose conversation an agent takes while the assistant works.
type lateHold struct{ diary }

func (l *lateHold) SaveAnswer(ctx context.Context, asked Asked, o Outcome) (int64, error) {
	if o.Erase {
		return 0, ErrHeld
	}
	return l.diary.SaveAnswer(ctx, asked, o)
}

// The search sees neither personal data nor the marks of them, and what says nothing else gets no search at all.
func TestSearchWithoutMarks(t *testing.T) {
	t.Parallel()
	retriever := (&script{index: demoIndex(t)}).finds(0.9, "passeport-majeur")
	a := newTestAssistant(&diary{}, retriever)
	for text, want := range map[string]Status{"prix du passeport, né le 12/03/1985": Answered, "AB123456 ?": NotInCorpus} {
		answer, err := a.Answer(t.Context(), Question{Text: text, Test: true})
		if err != nil || answer.Status != want {
			t.Errorf("%q: %s, %v, want %s", text, answer.Status, err, want)
		}
	}
	if diff := cmp.Diff([]string{"prix du passeport"}, retriever.asked); diff != "" {
		t.Error(diff)
	}
}

func TestTellKept(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"que gardez-vous sur moi ?", "ما هي المعلومات التي تحتفظون بها عني؟", "شنو عندكم عليا؟", "chno 3ndkom 3liya?"} {
		d := &diary{}
		answer := dialogue(t, d, "bonjour", text)
		if answer.Intent != IntentPrivacy || answer.Status != Privacy {
			t.Errorf("%q: %s %s", text, answer.Intent, answer.Status)
		}
		for _, want := range []string{"3", "01/03/2026", "90"} {
			if !strings.Contains(answer.Text, want) {
				t.Errorf("%q: no %s in %q", text, want, answer.Text)
			}
		}
		if placeholder.MatchString(answer.Text) {
			t.Errorf("%q: a place is not filled in %q", text, answer.Text)
		}
	}
}

// The texts tell people words that the assistant understands, and they read as their language.
func TestPrivacyTextsWork(t *testing.T) {
	t.Parallel()
	decider := language.Decider{}
	for _, l := range language.Writings {
		for _, key := range []string{"privacy_kept", "privacy_held", "notice"} {
			quoted := strings.FieldsFunc(Say(l, key), func(r rune) bool { return r == '«' || r == '»' })
			known := slices.ContainsFunc(quoted, func(s string) bool { return wishOf(language.Words(s)) == wishDelete && len(s) < 60 })
			if !known {
				t.Errorf("%s %s tells no words that delete", l, key)
			}
		}
		for _, key := range []string{"privacy_kept", "privacy_confirm", "privacy_deleted", "privacy_held", "notice"} {
			if got := decider.Decide(Say(l, key), ""); got != l {
				t.Errorf("%s %s reads as %s", l, key, got)
			}
		}
	}
}
