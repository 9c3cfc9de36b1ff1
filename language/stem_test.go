package language

import "testing"

func TestStem(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"lpaspor": "paspor", "paspor": "paspor", "livret": "livret", "lettre": "lettre", "lwra9": "wra9", "ddar": "dar",
		"ssbitar": "sbitar", "loi": "loi", "الباسبور": "باسبور", "بالباسبور": "باسبور", "للقاصر": "قاصر", "الي": "الي",
		"لاكارط": "كارط", "لما": "لما", "": "", "l": "l",
	} {
		if got := Stem(Fold(word)); got != want {
			t.Errorf("Stem(%q) = %q, want %q", word, got, want)
		}
	}
}
