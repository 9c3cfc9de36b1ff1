package language

import (
	"sync"

	lingua "github.com/pemistahl/lingua-go"
)

// linguaMargin is how much surer than of French the detector must be before a short text is called English or
// other: people ask about Moroccan procedures in French first, often in two or three words.
const linguaMargin = 0.25

// NewLatin gives the detector of Latin-script languages. It loads its models at the first call (some 30 ms);
// call it once with any text beforehand where the first question must not wait.
func NewLatin() LatinFunc {
	detector := sync.OnceValue(func() lingua.LanguageDetector {
		return lingua.NewLanguageDetectorBuilder().FromLanguages(
			lingua.French, lingua.English, lingua.Spanish, lingua.German, lingua.Italian,
			lingua.Portuguese, lingua.Dutch, lingua.Turkish,
		).WithLowAccuracyMode().Build()
	})
	return func(text string) Language {
		values := detector().ComputeLanguageConfidenceValues(text)
		french := 0.0
		for _, v := range values {
			if v.Language() == lingua.French {
				french = v.Value()
			}
		}
		if len(values) == 0 || values[0].Value() < french+linguaMargin {
			return French
		}
		if values[0].Language() == lingua.English {
			return English
		}
		return Other
	}
}
