package language

import "testing"

// TestDecideFallback covers texts that have no language of their own.
func TestDecideFallback(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Language{
		"": French, "?": French, "0612345678": French, "🙏": French, "https://watiqa.ma": French, "nom@example.ma": French,
	} {
		if got := (Decider{}).Decide(text, ""); got != want {
			t.Errorf("Decide(%q) = %s, want %s", text, got, want)
		}
		if got := (Decider{}).Decide(text, Darija); got != Darija {
			t.Errorf("Decide(%q) with a fallback = %s", text, got)
		}
	}
}

// TestDecideAlone holds that lists and forms decide what people usually ask: the general detector, which takes
// Darija for something else, is asked for none of it.
func TestDecideAlone(t *testing.T) {
	t.Parallel()
	decider := Decider{Latin: func(text string) Language {
		t.Errorf("%q reached the general detector", text)
		return Other
	}}
	for _, name := range []string{"decide.jsonl", "decide_held_out.jsonl"} {
		for _, line := range readLabelled(t, name) {
			switch line.Language {
			case French, Arabic, Darija, Arabizi:
				decider.Decide(line.Text, "")
			}
		}
	}
}

// TestLatin covers the general detector itself, which is asked where no list knows a word.
func TestLatin(t *testing.T) {
	t.Parallel()
	latin := NewLatin()
	for text, want := range map[string]Language{
		"Wir haben gestern unseren Nachbarn besucht und Kuchen gegessen": Other,
		"Yesterday we visited our neighbours and ate some cake together": English,
		"Hier nous avons rendu visite à nos voisins et mangé du gâteau":  French,
	} {
		if got := latin(text); got != want {
			t.Errorf("latin(%q) = %s, want %s", text, got, want)
		}
	}
}

// TestClearWordsAreDarija holds that no word of another language decides for Darija on its own.
func TestClearWordsAreDarija(t *testing.T) {
	t.Parallel()
	const clear, others = darijaArabicClear | darijaLatinClear, standardArabic | french | english | otherLatin | neutralWord
	for word, classes := range known {
		if classes&clear != 0 && classes&others != 0 {
			t.Errorf("%q is clear Darija and stands in another list", word)
		}
	}
	for _, word := range []string{
		"كنت", "كتاب", "كيفية", "كنسخة", "كتعويض", "مفتش", "مراكش", "ولادة", "الحالة", "المقدم", "غير", "حتى", "كاتب", "غاية", "تانغير", "كان",
		"للقنصلية", "فوجدت", "والدي", "لبنى", "دفعت", "بطاقة", "خدمة", "سيدي", "كيلومتر",
		"match", "marrakech", "khouribga", "tnine", "katmandou", "jpeux", "bcp", "2eme", "3mois", "covid19",
		"A4", "BK45872", "m2", "500dh", "lieu", "chasse", "spaghetti", "gmail", "quitus", "kafala", "moqaddem",
	} {
		if got := (Decider{}).Decide(word, French); got == Darija || got == Arabizi {
			t.Errorf("%q alone is decided %s", word, got)
		}
	}
}
