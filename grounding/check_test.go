package grounding

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"murshid/language"

	"pgregory.net/rapid"
)

// field is a passage for tests.
func field(name, text string) Passage { return Passage{Field: name, Lang: language.French, Text: text} }

func TestCheckErrors(t *testing.T) {
	t.Parallel()
	passages := []Passage{
		field(Title, "Carte nationale d'identité électronique (CNIE) – renouvellement"),
		field("fee", "75 DH"), field("delay", "Environ 10 jours à 3 semaines"), field("validity", "10 ans"),
		field("documents", "L'ancienne carte\n2 photos\nUn certificat médical de moins de 3 mois"),
		field("online", "https://cnie.ma"), field("legal", "Loi 04-20 (CNIE), dahir 1-20-80"),
		field("conditions", "La carte est obligatoire à partir de 16 ans\nNe pas être propriétaire au Maroc"),
		field("contact", "Téléphone : 080 200 60 60, contact@example.ma"),
	}
	all := []int{2, 3, 4, 5, 6, 7, 8, 9}
	for text, want := range map[string]error{
		"La carte coûte 75 DH.":                                             nil,
		"La carte coûte 75,00 dirhams.":                                     nil,
		"La carte coûte soixante-quinze dirhams.":                           nil,
		"La carte coûte soixante-seize dirhams.":                            ErrFigure,
		"La carte coûte 75 euros.":                                          ErrFigure,
		"La carte coûte au moins 75 DH.":                                    ErrFigure,
		"La carte coûte 75 DH par an.":                                      ErrFigure,
		"La carte est gratuite.":                                            ErrFigure,
		"La carte est prête en 3 semaines.":                                 nil,
		"La carte est prête en 3 mois.":                                     ErrDuration,
		"La carte est prête en 10 ans.":                                     ErrDuration,
		"La carte est prête tout de suite.":                                 ErrDuration,
		"La carte est valable 10 ans.":                                      nil,
		"La carte est valable 3 semaines.":                                  ErrDuration,
		"Apportez deux photos et l'ancienne carte.":                         nil,
		"Apportez quatre photos et l'ancienne carte.":                       ErrFigure,
		"Apportez un certificat médical.":                                   nil,
		"Apportez un certificat de mariage.":                                ErrDocument,
		"Apportez votre livret de famille.":                                 ErrDocument,
		"Allez à la commune.":                                               ErrPlace,
		"Allez sur cnie.ma.":                                                nil,
		"Allez sur cnie-maroc.ma.":                                          ErrLink,
		"Allez sur https://cnie.ma/paiement.":                               ErrLink,
		"Appelez le 080 200 60 60.":                                         nil,
		"Appelez le 0802 00 60 61.":                                         ErrContact,
		"Écrivez à contact@example.ma.":                                     nil,
		"Écrivez à autre@example.ma.":                                       ErrContact,
		"C'est la loi 04-20.":                                               nil,
		"C'est la loi 04-21.":                                               ErrLaw,
		"La carte est obligatoire à partir de 16 ans.":                      nil,
		"La carte n'est pas obligatoire à partir de 16 ans.":                ErrNegation,
		"Vous devez être propriétaire au Maroc.":                            ErrNegation,
		"La carte coûte 75 DH depuis le 1er mars 2020.":                     ErrDate,
		"The card costs 75 DH and is valid for ten years.":                  ErrLanguage,
		"La carte coûte **75 DH**.":                                         ErrForm,
		"La carte coûte \u206675 DH\u2069.":                                 ErrForm,
		"La carte coûte 75 DH.\x00":                                         ErrForm,
		"":                                                                  ErrForm,
		"La carte coûte 75 DH. " + strings.Repeat("La carte. ", MaxText/10): ErrForm,
	} {
		if err := Check(Draft{Text: text, Passages: all}, language.French, passages); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func TestCitations(t *testing.T) {
	t.Parallel()
	passages := []Passage{field(Title, "Passeport 5 ans"), field("fee", "500 DH"), field("validity", "5 ans")}
	for _, c := range []struct {
		cited []int
		text  string
		want  error
	}{
		{[]int{2}, "Le passeport coûte 500 DH.", nil},
		{[]int{2, 2}, "Le passeport coûte 500 DH.", nil},
		{[]int{3}, "Le passeport coûte 500 DH.", ErrFigure},
		{[]int{1}, "Le passeport est valable 5 ans.", ErrCitation}, // a title proves nothing
		{[]int{1, 2}, "Le passeport est valable 5 ans.", ErrDuration},
		{nil, "Le passeport coûte 500 DH.", ErrCitation},
		{[]int{0}, "Le passeport coûte 500 DH.", ErrCitation},
		{[]int{4}, "Le passeport coûte 500 DH.", ErrCitation},
	} {
		if err := Check(Draft{Text: c.text, Passages: c.cited}, language.French, passages); !errors.Is(err, c.want) {
			t.Errorf("%v %q: %v, want %v", c.cited, c.text, err, c.want)
		}
	}
}

// Numbers in digits and in words, in every writing, are one number.
func TestSpelled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"soixante-quinze": 75, "quatre-vingt-dix-sept": 97, "quatre-vingts": 80, "deux cent cinquante": 250, "vingt et un": 21,
		"mille": 1000, "trois mille cinq cents": 3500, "cent mille": 100000, "dix-sept": 17, "deux millions": 2000000,
		"خمسة وسبعون": 75, "خمسة وسبعين": 75, "ثلاثمائة": 300, "ثلاثمائة وخمسون": 350, "أربعة عشر": 14, "مائة ألف": 100000,
		"ألفان": 2000, "مائة وعشرون": 120, "ثلاثة آلاف": 3000, "ستون": 60, "عشرة": 10,
		"جوج": 2, "تلاتة": 3, "ربعطاش": 14, "خمسة وعشرين": 25, "ميتين وخمسين": 250, "ربعمية": 400, "تسعود": 9, "ميات": 100,
		"jouj": 2, "khamsa w seb3in": 75, "reb3mya": 400, "tnach": 12, "mitin alf": 200000, "tlatin": 30,
	} {
		ts := withNumerals(tokens(language.Clean(text)))
		if len(ts) != 1 || ts[0].kind != number || ts[0].value != want {
			t.Errorf("%q reads as %+v, want %v", text, ts, want)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"75 DH":                       "75 money",
		"1 500,50 DH":                 "1500.5 money",
		"1.500 DH et 2,500 dirhams":   "1500 money, 2500 money",
		"٧٥ درهما":                    "75 money",
		"١٠٠٬٠٠٠ درهم":                "100000 money",
		"300 000 DH":                  "300000 money",
		"DH 75":                       "75 money",
		"75dh":                        "75 money",
		"6 à 12 jours":                "6 day low, 12 day high",
		"6-12 jours":                  "6 day low, 12 day high",
		"entre 300 000 et 700 000 DH": "300000 money low, 700000 money high",
		"20 jours ouvrables":          "20 workday",
		"عشرون يوم عمل":               "20 workday",
		"moins de 3 mois":             "3 month most",
		"3 mois au plus":              "3 month most",
		"لا يتجاوز تاريخها 3 أشهر": "3 month most",
		"9el mn 3 chhour":      "3 month most",
		"ma fatch 3 chhour":    "3 month most",
		"au moins 5 ans":       "5 year least",
		"5 سنوات على الأقل":    "5 year least",
		"300 DH par mois":      "300 money /month",
		"300 درهم في الشهر":    "300 money /month",
		"300 DH f chhar":       "300 money /month",
		"0,5 %":                "0.5 percent",
		"70 في المائة":         "70 percent",
		"يومان (2)":            "2 day",
		"شهرين":                "2 month",
		"سنة واحدة":            "1 year",
		"simana wa7da":         "1 week",
		"un mois":              "1 month",
		"gratuit":              "0 money",
		"مجانا":                "0 money",
		"fabor":                "0 money",
		"ne vous coûtera rien": "0 money",
		"pas gratuit":          "paid",
		"payant":               "paid",
		"le jour même":         "same day",
		"f l7in":               "at once",
		"4 photos":             "4 count",
		"la deuxième fois":     "",
		"un véhicule neuf":     "",
		"l'année 2013":         "",
		"le 12 juin 2019":      "",
		"la loi 52-05":         "",
	} {
		var got []string
		for _, f := range read(text).figures {
			got = append(got, f.String())
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q reads as %q, want %q", text, s, want)
		}
	}
}

// String writes a figure for tests.
func (f figure) String() string {
	if f.paid {
		return "paid"
	}
	s := fmt.Sprintf("%v %s", f.value, f.unit)
	if f.value == 0 && f.unit != "money" {
		s = f.unit
	}
	for mark, on := range map[string]bool{" low": f.low, " high": f.high, " most": f.bound == most, " least": f.bound == least} {
		if on {
			s += mark
		}
	}
	if f.rate != "" {
		s += " /" + f.rate
	}
	return s
}

func TestDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]calendar{
		"le 12 juin 2019": {12, 6, 2019}, "1er décembre": {1, 12, 0}, "3/9/2020": {3, 9, 2020}, "فاتح يناير 2011": {1, 1, 2011},
		"31 ماي": {31, 5, 0}, "en janvier": {0, 1, 0}, "depuis 2018": {0, 0, 2018}, "2026-02": {0, 2, 2026}, "15 نونبر 1958": {15, 11, 1958},
	} {
		var got []calendar
		for _, tok := range read(text).tokens {
			if tok.kind == date {
				got = append(got, tok.date)
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q reads as %v, want %v", text, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	if got := Plain(" ٣٠٠\u00a0٠٠٠ درهمًا،\r\n٠٫٥٪ "); got != "300 000 درهما،\n0,5%" {
		t.Errorf("Plain gives %q", got)
	}
}

func TestReplaceLinks(t *testing.T) {
	t.Parallel()
	got := ReplaceLinks("Voir https://cnie.ma, passeport.ma. Fin.", func(link string) string { return "<" + link + ">" })
	if got != "Voir <https://cnie.ma>, <passeport.ma>. Fin." {
		t.Errorf("got %q", got)
	}
}

// Whatever the text, Check returns; and a text with a figure that no passage has is never let through.
func TestCheckAnyText(t *testing.T) {
	t.Parallel()
	passages := []Passage{field(Title, "Passeport"), field("fee", "500 DH"), field("documents", "2 photos\nLe formulaire")}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aàeéلاواحد7 3جm.,;:'-/0123456789{}<>@%\n\u202e"))).Draw(t, "text")
		for _, w := range language.Writings {
			_ = Check(Draft{Text: text, Passages: []int{2, 3}}, w, passages)
		}
		n := rapid.IntRange(501, 99999).Draw(t, "figure")
		honest := fmt.Sprintf("Le passeport coûte %d DH.", n)
		if Check(Draft{Text: honest, Passages: []int{2, 3}}, language.French, passages) == nil {
			t.Fatalf("%q is let through", honest)
		}
	})
}

func TestLeads(t *testing.T) {
	t.Parallel()
	fee, place, online := field("fee", "75 DH"), field("place", "La commune"), field("online", "https://cnie.ma")
	for _, c := range []struct {
		text string
		p    Passage
		want bool
	}{
		{"La carte coûte 75 DH.", fee, true},
		{"La carte coûte soixante-quinze dirhams.", fee, true},
		{"La carte est valable 10 ans.", fee, false},
		{strings.Repeat("Voici. ", 50) + "La carte coûte 75 DH.", fee, false},
		{"Allez à la commune.", place, true},
		{"Allez au consulat.", place, false},
		{"Voyez cnie.ma.", online, true},
	} {
		if got := Leads(c.text, c.p, 300); got != c.want {
			t.Errorf("%q, %s: %v", c.text, c.p.Field, got)
		}
	}
}

// Lists that are wrong are refused.
func TestLists(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"no heading", "[x]"} {
		if _, err := parsePhrases(file); (err != nil) != (file == "no heading") {
			t.Errorf("%q: %v", file, err)
		}
	}
	if _, err := parseThings("gadget: watch"); err == nil {
		t.Error("an unknown class is let through")
	}
}
