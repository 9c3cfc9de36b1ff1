package privacy

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// The large set of lines is assistant/testdata/personal.jsonl; these are the rules one by one.
func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                   "",
		"AB123456":                           "[CIN]",
		"la carte n° K 123456":               "la carte n° [CIN]",
		"RC 123456, TF 123456":               "RC 123456, TF 123456",
		"AB1234567":                          "[passport]",
		"CIN AB1234567":                      "CIN [CIN]",
		"passeport 18CK12345":                "passeport [passport]",
		"carte de séjour A012345B":           "carte de séjour [residence]",
		"CNSS 123456789":                     "CNSS [social]",
		"montant 123456789":                  "montant 123456789",
		"+33 6 12 34 56 78":                  "[phone]",
		"00 212 6 12 34 56 78":               "[phone]",
		"٠٦ ١٢ ٣٤ ٥٦ ٧٨":                     "[phone]",
		"0612/2025/12":                       "0612/2025/12",
		"05 37 67 99 06":                     "05 37 67 99 06",
		"0802003737":                         "0802003737",
		"a@b.ma, c at d.org":                 "[e-mail], [e-mail]",
		"x arobase example point ma":         "[e-mail]",
		"rdv at 10h. point":                  "rdv at 10h. point",
		"007 780 0001234567890123 45":        "[RIB]",
		"MA64 0077 8000 0123 4567 8901 2345": "[IBAN]",
		"4111 1111 1111 1111":                "[card]",
		"1234 5678 1234 5678":                "[code]",
		"2019 2020 2021 2022":                "2019 2020 2021 2022",
		"ICE 001234567000089":                "ICE 001234567000089",
		"né le 5/6/2012 et le 7/8/2014":      "né le [date] et le [date]",
		"tzadit f 3/4/90":                    "tzadit f [date]",
		"née, rendez-vous le 14/03/2026":     "née, rendez-vous le 14/03/2026",
		"rien ne change avant le 14/03/2026": "rien ne change avant le 14/03/2026",
		"extrait de naissance le 05/02/2026": "extrait de naissance le 05/02/2026",
		"j'habite 12 rue X, Rabat":           "j'habite [address], Rabat",
		"j'habite à Rabat":                   "j'habite à Rabat",
		"l'annexe de la rue X, 12":           "l'annexe de la rue X, 12",
		"RR473124829MA":                      "RR473124829MA",
		"اسكن في شارع محمد الخامس رقم 12 بالرباط": "اسكن في [address] بالرباط",
	} {
		if diff := cmp.Diff(want, Mask(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestParseMeanings(t *testing.T) {
	t.Parallel()
	if _, err := parseMeanings("[nothing]\nword"); err == nil {
		t.Error("an unknown heading is accepted")
	}
	for name := range headings {
		if !strings.Contains(mustRead(t), "\n["+name+"]\n") {
			t.Errorf("words.txt lists no words under %s", name)
		}
	}
}

func mustRead(t *testing.T) string {
	t.Helper()
	file, err := wordFile.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// worst are texts that make rules look far.
var worst = []string{"0", "0 6 ", "06.", "AB ", "a@", "@", "né le ", "j'habite rue ", "a at b", "12/", "MA64 ", "1 ", "(0)+212 ",
	"x.", "cnss 1-", "0 0 ", "a1", "9a", "من مواليد ", "a@b.", "A B 1 "}

func FuzzFind(f *testing.F) {
	for _, w := range worst {
		f.Add(w + w + w)
	}
	f.Add("ma CIN est AB123456, tél +212 6 12 34 56 78, né le ١٢/٠٣/١٩٨٥, j'habite 12 rue X, a@b.ma")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, s := range Find(text) {
			if s.From < last || s.To <= s.From || s.To > len(text) {
				t.Fatalf("span %+v after %d in a text of %d bytes", s, last, len(text))
			}
			last = s.To
		}
		if utf8.ValidString(text) && !utf8.ValidString(Mask(text)) {
			t.Fatalf("%q masked is %q", text, Mask(text))
		}
	})
}

// A text 64 times as long takes about 64 times as long, whatever it is made of. Other processes run as well, so the
// bar is wide and there are several tries; a rule that looks at everything for each word would take 4,096 times.
func TestLinear(t *testing.T) {
	const size, times, slack, tries = 2 << 10, 64, 10, 5
	for _, w := range worst {
		short, long := time.Duration(1<<62), time.Duration(1<<62)
		for range tries {
			short = min(short, timed(strings.Repeat(w, size/len(w))))
			long = min(long, timed(strings.Repeat(w, times*size/len(w))))
			if long <= slack*times*short {
				break
			}
		}
		if long > slack*times*short {
			t.Errorf("%q: %v for %d bytes, %v for %d times as many", w, short, size, long, times)
		}
	}
}

func timed(text string) time.Duration {
	start := time.Now()
	Find(text)
	return time.Since(start)
}

func BenchmarkMask(b *testing.B) {
	for name, text := range map[string]string{
		"french": "Bonjour, je voudrais renouveler ma carte nationale AB123456, né le 12/03/1985 à Fès, j'habite 12 rue Ibn Sina, " +
			"mon téléphone est le 06 12 34 56 78 et mon adresse nom@example.ma. Combien ? Merci bien.",
		"arabic": "السلام عليكم بغيت نجدد لاكارط ديالي رقمها AB123456 والنمرة ٠٦ ١٢ ٣٤ ٥٦ ٧٨ مزداد ف 12 مارس 1985 ساكن ف زنقة 12 رقم 34 " +
			"حي الفرح شنو الوراق اللي خاصني وشحال الثمن وفين نمشي عافاكم الله يجازيكم بخير",
		"nothing": strings.Repeat("comment faire pour obtenir un papier ", 6)[:200],
	} {
		b.Run(fmt.Sprintf("%s-%d", name, utf8.RuneCountInString(text)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Mask(text)
			}
		})
	}
}
