// Package language tells in which language and script a person writes, and folds the many
// spellings of Moroccan text onto one another.
//
// Everything here is a pure function of the text: the turn, the retrieval and the ingest share it.
package language

// Language is the language and script of a text. The values are those of the public contract.
type Language string

// The languages murshid tells apart.
const (
	French  Language = "fr"
	Arabic  Language = "ar"      // Modern Standard Arabic
	Darija  Language = "ary"     // Moroccan Arabic in Arabic letters
	Arabizi Language = "arabizi" // Moroccan Arabic in Latin letters
	English Language = "en"
	Other   Language = "other"
)

// Writings are the four languages murshid answers in, in the order of reports.
var Writings = []Language{French, Arabic, Darija, Arabizi}

// RightToLeft reports whether the language is written from right to left.
func (l Language) RightToLeft() bool { return l == Arabic || l == Darija }

// SheetLanguage is the language of the sheets that a person who writes l reads best.
func (l Language) SheetLanguage() Language {
	if l.RightToLeft() {
		return Arabic
	}
	return French
}

// LatinFunc names the language of a text in Latin letters that is not Darija: French, English or Other.
type LatinFunc func(text string) Language

// Decider names the language of a text.
//
// Its own rules come first, because general detectors take Darija for French, English or Arabic.
// Latin is asked only where no word of the text decides; nil means French.
type Decider struct{ Latin LatinFunc }

// Decide names the language of text. A text without letters has none of its own: it is called
// fallback, or French where fallback is empty.
//
// In mixed text any clear Darija word decides for Darija, in the script in which the Darija is written.
func (d Decider) Decide(text string, fallback Language) Language {
	t := readTraits(text)
	switch {
	case t.letters() == 0 && fallback != "":
		return fallback
	case t.letters() == 0:
		return French
	case t.foreign > t.arabic+t.latin, t.isFarsi():
		return Other
	case t.darijaLatin.clear() && t.darijaLatin >= t.darijaArabic:
		return Arabizi
	case t.darijaArabic.clear():
		return Darija
	case t.arabic > t.latin || (t.arabic > 0 && t.arabicWords >= t.latinWords):
		return t.decideArabic(fallback)
	}
	return d.decideLatin(text, t)
}

// isFarsi reports Persian or Urdu: letters that no keyboard of Moroccans writes.
func (t *traits) isFarsi() bool {
	return t.farsi >= 2 && t.farsi*16 > t.arabic && !t.darijaArabic.clear()
}

// decideArabic tells Darija from Standard Arabic. A few words that both have in common go on in the fallback.
func (t *traits) decideArabic(fallback Language) Language {
	const few = 4
	switch {
	case fallback == Darija && t.standard == 0 && t.arabicWords <= few:
		return Darija
	case int(t.darijaArabic)-t.standard >= weightStrong:
		return Darija
	case t.darijaArabic > 0 && t.arabicWords == 1:
		return Darija
	}
	return Arabic
}

func (d Decider) decideLatin(text string, t traits) Language {
	others := t.french + t.english + t.neighbour + t.shared
	switch {
	case t.darijaLatin >= weightStrong && int(t.darijaLatin) >= others, t.darijaLatin > 0 && others+t.frenchForms == 0:
		return Arabizi
	case d.Latin != nil && t.undecided():
		return d.Latin(text)
	case t.french >= t.english && t.french >= t.neighbour:
		return French
	case t.english >= t.neighbour:
		return English
	}
	return Other
}

// undecided reports a text in Latin letters of which no list knows the language, and which is long enough for a
// general detector. One or two words are taken for the name of a French document or place.
func (t *traits) undecided() bool {
	others := t.french + t.english + t.neighbour + t.shared
	if others == 0 {
		return t.latinWords > 2 && t.frenchForms*2 < t.latinWords
	}
	return t.neighbour > 0 && t.neighbour == max(t.french, t.english)
}
