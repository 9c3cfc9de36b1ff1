package privacy

import "testing"

func TestRest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"prix du passeport":                   "prix du passeport",
		"prix du passeport, né le 12/03/1985": "prix du passeport",
		"j'habite 12 rue X, où aller ?":       "j' , où aller ?",
		"ma date de naissance : 12/03/1985":   "",
		"AB123456":                            "",
		"tel 0612345678. Le prix ?":           "tel . Le prix ?",
		"شحال الثمن؟ مزداد ف 12 مارس 1985 فكازا": "شحال الثمن؟ فكازا",
		"carte [bleue] perdue":                     "carte [bleue] perdue",
		"renouveler la carte AB123456 ou AB123457": "renouveler la carte ou",
	} {
		if got := Rest(Mask(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzRest(f *testing.F) {
	f.Add("né le [date] [CIN]")
	f.Add("[[phone]], [e-mail")
	f.Fuzz(func(t *testing.T, text string) {
		if rest := Rest(text); len(rest) > len(text) {
			t.Fatalf("%q grows to %q", text, rest)
		}
	})
}
