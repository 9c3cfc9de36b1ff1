package language

import (
	"strings"
	"testing"
)

func TestOfficial(t *testing.T) {
	t.Parallel()
	cases := []struct{ text, french, arabic string }{
		{"bghit njedded lacarte", "renouvellement carte nationale d'identité électronique CNIE", "تجديد البطاقة الوطنية للتعريف الإلكترونية"},
		{"ضاعت ليا لاكارط كريز", "perte carte grise", "ضياع البطاقة الرمادية"},
		{"papier de résidence", "carte de séjour pour étrangers", "بطاقة الإقامة للأجانب"},
		{"شحال الباسبور", "passeport biométrique", "جواز السفر البيومتري"},
		{"fin ndir lpermi", "permis de conduire", "رخصة السياقة"},
		{"fl9onsoliya", "consulat", "القنصلية"},
		{"بالكازيي", "casier judiciaire bulletin n° 3", "السجل العدلي البطاقة رقم 3"},
		{"sawabi9", "fiche anthropométrique casier judiciaire bulletin n° 3", "بطاقة السوابق العدلية بطاقة الأوصاف السجل العدلي البطاقة رقم 3"},
	}
	for _, c := range cases {
		got := Official(c.text)
		if len(got) != 2 || strings.TrimSpace(got[0]) != c.french || strings.TrimSpace(got[1]) != c.arabic {
			t.Errorf("Official(%q) = %q, want %q and %q", c.text, got, c.french, c.arabic)
		}
	}
	if got := Official("il fait beau aujourd'hui"); got != nil {
		t.Errorf("Official of a text without sayings = %q", got)
	}
}

// TestLexiconSayings holds that no saying is a word that frames any question, and that shared ones are shared.
func TestLexiconSayings(t *testing.T) {
	t.Parallel()
	entries := map[*entry]bool{}
	for saying, of := range shipped.said {
		if known[saying]&frameWord != 0 {
			t.Errorf("%q frames any question", saying)
		}
		for _, e := range of {
			entries[e] = true
		}
	}
	if len(entries) < 150 {
		t.Errorf("the lexicon has %d blocks, want 150 or more", len(entries))
	}
	for block := range strings.SplitSeq(lexiconFile, "\n\n") {
		fields, err := parseBlock(block)
		if err != nil {
			t.Fatal(err)
		}
		for saying := range strings.SplitSeq(fields["shared"], ",") {
			if key := strings.Join(Words(saying), " "); key != "" && len(shipped.said[key]) < 2 {
				t.Errorf("%q is shared with no other block", saying)
			}
		}
	}
}

func TestLexiconErrors(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"no Arabic":        "fr: passeport\nsaid: paspor",
		"unknown field":    "fr: a\nar: ب\nsaid: c\nalso: d",
		"field twice":      "fr: a\nar: ب\nsaid: c\nsaid: d",
		"saying twice":     "fr: a\nar: ب\nsaid: paspor\n\nfr: c\nar: د\nsaid: PASPOR",
		"said and shared":  "fr: a\nar: ب\nsaid: paspor\n\nfr: c\nar: د\nsaid: x y\nshared: paspor",
		"twice in a block": "fr: a\nar: ب\nsaid: extrait, Extraît",
	} {
		if _, err := parseLexicon(file); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
