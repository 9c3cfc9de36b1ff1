package language

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// meet reports whether two words share a consonant skeleton.
func meet(a, b string) bool {
	return slices.ContainsFunc(Skeletons(a), func(s string) bool { return slices.Contains(Skeletons(b), s) })
}

func TestSkeletonsMeet(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{
		{"lizdiyad", "الازدياد"}, {"izdiad", "الازدياد"}, {"lwra9", "الوراق"}, {"wra9", "الوراق"}, {"lmo9ata3a", "المقاطعة"},
		{"mou9ata3a", "مقاطعة"}, {"bita9a", "البطاقة"}, {"chahadat", "شهادة"}, {"chhada", "شهادة"}, {"sokna", "السكنى"},
		{"chikaya", "شكاية"}, {"lma7kama", "المحكمة"}, {"mahkama", "المحكمة"}, {"l9onsoliya", "القنصلية"}, {"rokhsa", "رخصة"},
		{"ro5sa", "الرخصة"}, {"siya9a", "السياقة"}, {"7adana", "الحضانة"}, {"hadana", "الحضانة"}, {"nafa9a", "النفقة"},
		{"tla9", "الطلاق"}, {"zwaj", "الزواج"}, {"ch7al", "شحال"}, {"chhal", "شحال"}, {"tanbr", "التنبر"}, {"timbre", "التنبر"},
		{"paspor", "باسبور"}, {"lpaspor", "پاسپور"}, {"lakart", "لاكارط"}, {"lacarte", "لاكارط"}, {"kart", "كارط"},
		{"griz", "كريز"}, {"7ogra", "الحكرة"}, {"lmin7a", "المنحة"}, {"minha", "المنحة"}, {"d3m", "الدعم"},
		{"daam", "الدعم"}, {"tomobil", "الطوموبيل"}, {"sbitar", "السبيطار"}, {"kounach", "كناش"}, {"l9ayd", "القايد"},
		{"certificat", "سرتفيكا"}, {"application", "لابليكاسيون"}, {"chomage", "الشوماج"},
		{"ta9a3od", "التقاعد"}, {"irata", "الإراثة"}, {"wert", "الورث"}, {"jawaz", "جواز"}, {"safar", "السفر"}, {"ta3widat", "تعويضات"},
		{"zmagria", "الزمكريا"}, {"mo7afada", "المحافظة"}, {"watiqa", "وثيقة"},
	}
	for _, pair := range pairs {
		if !meet(pair[0], pair[1]) {
			t.Errorf("%s %q and %s %q share no skeleton", pair[0], Skeletons(pair[0]), pair[1], Skeletons(pair[1]))
		}
	}
}

func TestSkeletonsStayApart(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{
		{"tla9", "الزواج"}, {"zwaj", "الجواز"}, {"chahada", "شكاية"}, {"mo9ata3a", "القنصلية"}, {"lwra9", "الورث"},
		{"kafala", "الوكالة"}, {"rokhsa", "الرسم"}, {"permis", "باسبور"}, {"sokna", "سكن الطلبة"}, {"casier", "كارط"},
		{"da3m", "التأمين"}, {"7ala", "الحياة"}, {"nafa9a", "الوفاة"}, {"3a9d", "القايد"}, {"ch7al", "شهادة"},
	}
	for _, pair := range pairs {
		if meet(pair[0], pair[1]) {
			t.Errorf("%s %q and %s %q share a skeleton", pair[0], Skeletons(pair[0]), pair[1], Skeletons(pair[1]))
		}
	}
}

func TestSkeletonsOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, word := range SkeletonWords(rapid.String().Draw(t, "text")) {
			for _, s := range Skeletons(word) {
				if len(s) < 2 {
					t.Fatalf("skeleton %q of %q is shorter than two consonants", s, word)
				}
			}
		}
	})
}
