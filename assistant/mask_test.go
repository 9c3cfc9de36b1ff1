package assistant

import "testing"

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"mon numéro 0612345678 svp":             "mon numéro [phone] svp",
		"+212 6 12 34 56 78":                    "[phone]",
		"00212(0)612345678":                     "[phone]",
		"ma CIN est AB123456":                   "ma CIN est [CIN]",
		"passeport AB1234567":                   "passeport [passport]",
		"écrivez à citoyen@example.ma":          "écrivez à [e-mail]",
		"RIB 007780000123456789012345":          "RIB [RIB]",
		"née le 03/11/1990":                     "née le [date]",
		"colis RR473124829MA":                   "colis RR473124829MA",
		"loi 37-99, 75 DH, 3 mois, article 250": "loi 37-99, 75 DH, 3 mois, article 250",
		"le 37 37 ou 080 200 37 37":             "le 37 37 ou [phone]",
		"8 chevaux, 3000 DH":                    "8 chevaux, 3000 DH",
		"بطاقتي BK654321 من فضلكم":              "بطاقتي [CIN] من فضلكم",
	} {
		if got := Mask(text); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}
