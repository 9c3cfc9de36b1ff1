package language

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// texts draws strings of the scripts, marks and controls that reach the service.
func texts() *rapid.Generator[string] {
	runes := []rune("abzéÀçœßıİǅ ٠۹أإآٱىةؤئپڤڭݣکیےـًّْٰٕٔ\u0653 \t\n\u00a0\u200b\u200d\u200e\u202e\u2066\u2069\ufeff\ufe0f\u00ad\u061c" +
		"ﻻﷲﺍﭖﹱ\u0300\u0301\u0327가각क़ä'’`´🙂👨\u200d👩\U000e0041½①Ａ")
	return rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom(runes), 0, 40, -1),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }))
}

// checkClean reports what Clean promises of any input.
func checkClean(t testing.TB, text string) {
	t.Helper()
	clean := Clean(text)
	if !utf8.ValidString(clean) {
		t.Fatalf("Clean(%q) = %q is not valid UTF-8", text, clean)
	}
	if again := Clean(clean); again != clean {
		t.Fatalf("Clean(%q) = %q, cleaned again %q", text, clean, again)
	}
	if strings.TrimSpace(clean) != clean || strings.Contains(clean, "  ") {
		t.Fatalf("Clean(%q) = %q has loose white space", text, clean)
	}
	for _, r := range clean {
		if unicode.IsControl(r) || isInvisible(r) || (r >= '٠' && r <= '٩') || (r >= '۰' && r <= '۹') || r == 'ـ' {
			t.Fatalf("Clean(%q) = %q keeps %U", text, clean, r)
		}
		if (r >= 0xFB50 && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC) && unicode.IsLetter(r) {
			t.Fatalf("Clean(%q) = %q keeps the presentation form %U", text, clean, r)
		}
	}
}

// checkFold reports what Fold and Words promise of any input.
func checkFold(t testing.TB, text string) {
	t.Helper()
	folded := Fold(text)
	if !utf8.ValidString(folded) {
		t.Fatalf("Fold(%q) = %q is not valid UTF-8", text, folded)
	}
	if again := Fold(folded); again != folded {
		t.Fatalf("Fold(%q) = %q, folded again %q", text, folded, again)
	}
	for _, r := range folded {
		if r >= 'A' && r <= 'Z' || strings.ContainsRune("أإآىةؤئپڤڭگé", r) {
			t.Fatalf("Fold(%q) = %q keeps %q", text, folded, r)
		}
	}
	if joined := strings.Join(Words(text), " "); strings.Join(Words(joined), " ") != joined {
		t.Fatalf("Words(%q) = %q change when read again", text, joined)
	}
}

func TestCleanOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) { checkClean(asTB{t, r}, texts().Draw(r, "text")) })
}

func TestFoldOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) { checkFold(asTB{t, r}, texts().Draw(r, "text")) })
}

// asTB reports failures to rapid, which then looks for the smallest text that fails.
type asTB struct {
	testing.TB
	r *rapid.T
}

func (a asTB) Fatalf(format string, args ...any) { a.r.Fatalf(format, args...) }

// FuzzText runs every function of a text on any bytes.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "bghit njedded la carte", "شحال كيتعطل الكازيي؟", "l'extrait d'acte", "\xff\xfeﻻـً\u202e", "3a9d lizdiyad 7'", "ما خدامش"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkClean(t, text)
		checkFold(t, text)
		if got := (Decider{}).Decide(text, Arabic); got == "" {
			t.Fatalf("Decide(%q) names no language", text)
		}
		for _, word := range SkeletonWords(text) {
			Skeletons(word)
		}
		Content(text)
		Official(text)
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"  Carte   d’identité ":     "carte d'identite",
		"ŒUVRE façon Straße":        "oeuvre facon strasse",
		"إِمْتَى":                   "امتي",
		"الحـــالة المدنيّة":        "الحاله المدنيه",
		"پاسپور ڭالو ݣريز ڤيزا":     "باسبور كالو كريز فيزا",
		"٢٠٢٦ ۷۵":                   "2026 75",
		"ﺍﻟﻮﺭﺍﻕ":                    "الوراق",
		"ﻻ":                         "لا",
		"a\u200bb\u202ec\u2066d":    "abcd",
		"x\U000e0041\U000e007fy":    "xy",
		"ligne\r\nsuite\tfin\u00a0": "ligne suite fin",
		"\xff\xfebonjour":           "bonjour",
	}
	for text, want := range cases {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}
