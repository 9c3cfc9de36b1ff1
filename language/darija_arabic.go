package language

import (
	"bytes"
	"unicode/utf8"
)

// arabicEvidence weighs a folded word in Arabic letters: the word as it stands, then without what is glued to its
// front, then its form.
func arabicEvidence(word []byte, classes class) evidence {
	switch {
	case classes&darijaArabicClear != 0:
		return weightClear
	case classes&standardArabic != 0:
		return 0
	case arabicBase(word):
		return weightClear
	}
	e := max(arabicShape(word), arabicStem(word))
	switch {
	case classes&darijaArabicStrong != 0:
		e = max(e, weightStrong)
	case classes&darijaArabicLikely != 0:
		e = max(e, weightLikely)
	}
	return e
}

// arabicGlue are the article and the prepositions that Darija writes in one with a word, longest first.
var arabicGlue = byteList(`وال بال فال كال دال عال هاد لل ال و ل ب ف د ك`)

// arabicBase reports whether a clear word of at least four letters stands behind glued prepositions.
func arabicBase(word []byte) bool {
	for _, glue := range arabicGlue {
		rest, ok := bytes.CutPrefix(word, glue)
		if ok && len(glue) == 2 && bytes.HasPrefix(rest, glue) {
			continue // «لل» is Standard Arabic before any noun
		}
		if ok && len(rest) >= 8 && known[string(rest)]&darijaArabicClear != 0 {
			return true
		}
	}
	return false
}

// arabicObjects are the pronouns that follow a verb in one word.
var arabicObjects = byteList(`ها هم هوم ني نا كم ليا لي ليه ليك لينا لو ك و`)

// arabicStem weighs a word by what stands before a glued pronoun.
func arabicStem(word []byte) evidence {
	for _, object := range arabicObjects {
		stem, ok := bytes.CutSuffix(word, object)
		if !ok || len(stem) < 8 {
			continue
		}
		switch classes := known[string(stem)]; {
		case classes&(darijaArabicClear|darijaArabicStrong) != 0:
			return weightStrong
		case classes&darijaArabicLikely != 0:
			return weightLikely
		}
	}
	return 0
}

// arabicShape weighs the form of a word: negation ما…ش in one word, the present with ك or غ before the person's
// letter, the first person plural ن…و.
func arabicShape(word []byte) evidence {
	letters := utf8.RuneCount(word)
	switch {
	case letters < 5:
		return 0
	case bytes.HasPrefix(word, []byte("م")) && bytes.HasSuffix(word, []byte("ش")):
		return negationWeight(word)
	case presentTense(word):
		return weightClear
	case bytes.HasPrefix(word, []byte("ن")) && bytes.HasSuffix(word, []byte("و")) && letters <= 7:
		return weightStrong
	}
	return 0
}

// negationWeight weighs a word of the form م…ش. «ما» begins no noun of that form; bare م begins participles.
func negationWeight(word []byte) evidence {
	if notNegation[string(word)] {
		return 0
	}
	return weightClear
}

// notNegation are the words of Standard Arabic and the names of the form م…ش.
var notNegation = setOf(`
	مراكش مراقش مناقش مدهش مشوش منعش مهمش متعطش مغشوش محشوش منقوش مفروش مرتعش منكمش متوحش موحش مفتش ميكروش مفترش
	مخدوش منتعش متفحش متطفش مندهش مستوحش مستعطش ماركش ماراكش منغمش متناقش مراش معايش متعايش مهراش مهروش مطروش
	مكرموش مرعيش معرش محاش`)

// negatedArabic reports the second word of a negation in two words: «ما خدامش».
func negatedArabic(word []byte) bool {
	return utf8.RuneCount(word) >= 3 && bytes.HasSuffix(word, []byte("ش")) && !notNegated[string(word)]
}

var notNegated = setOf(`
	عاش عيش نقاش جيش قماش فراش عطش وحش بطش ورش تفتيش غش رش هامش معاش مراكش انتعاش طيش نعش عرش كبش نبش خدش`)

// presentPrefixes begin a Darija present or future of five letters or more.
var presentPrefixes = byteList(`كن كت كي تاي تان كاي كان كات غن غت غي غان غات غاي`)

func presentTense(word []byte) bool {
	for _, prefix := range presentPrefixes {
		if bytes.HasPrefix(word, prefix) {
			return !notPresent(word) && !comparedNoun(word)
		}
	}
	return false
}

// comparedNoun reports the other reading of ك before a word: "as a copy", "as compensation" («كنسخة», «كتعويض»).
// Such nouns end in ta marbuta, or have the ي of the pattern تفعيل.
func comparedNoun(word []byte) bool {
	if bytes.HasSuffix(word, []byte("ه")) {
		return true
	}
	letters := bytes.Runes(word)
	return len(letters) == 6 && letters[1] == 'ت' && letters[4] == 'ي' && letters[5] != 'و' && letters[5] != 'ا'
}

func notPresent(word []byte) bool {
	if notPresentWords[string(word)] {
		return true
	}
	for _, prefix := range notPresentPrefixes {
		if bytes.HasPrefix(word, prefix) {
			return true
		}
	}
	return false
}

var (
	notPresentWords = setOf(`
	كنتم كنتما كنتن كنانه كنايه كيانه كيران كيساس كينغ كانتا كانتون كاتدراءيه كاتالونيا كاتبه كاتبات كاتبين كانون
	كيفين كيوتو كيبيك كيميت غيابي غيابيا غيبوبه غينيا غيتار غيور غيره غيرهم غيرها غيري تايلاند تايلندا تايوان
	تايمز تايناست تانغير تانسيفت تانات غنيمه غنائم غنايم غنيات غنايي غنايه كانيا كانوا كانتا كاينين كايرو كاتمه
	كاتمين غانيا غانمي غاندي غايات غايته غايتها غايتنا`)
	notPresentPrefixes = byteList(`
	كتاب كتب كتل كتف كتيب كتم كتوم كتان كنيس كنوز كندا كندي كنسي كناي كنار كناس كتنبر كتاري كنوع كنموذج كنظام
	كنتيج كنقط كنشاط كنص كنسب كيوم كناش كنيت كنيه كنف كنز كيف كيلو كيان كيمي كيميا كينيا كيس كيدا كير غيرم غيرن
	كانت كانو كاتب كاتال كاتد كاني كانب غانا غاني غانم غايه غياب غيوم`)
)

// inArabicNoun reports «فال…» and «دال…», which inside a sentence are Darija for "in the" and "of the"; Standard
// Arabic has the first only where a clause begins, and then mostly before words of its own.
func inArabicNoun(word []byte) bool {
	if !bytes.HasPrefix(word, []byte("فال")) && !bytes.HasPrefix(word, []byte("دال")) {
		return false
	}
	return len(word) >= 12 && known[string(word[2:])]&standardArabic == 0
}
