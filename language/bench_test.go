package language

import "testing"

// fifteenWords are questions of some fifteen words in each writing, and what people mix.
var fifteenWords = map[string]string{
	"fr":      "Bonjour, je voudrais savoir quels sont les documents à fournir pour renouveler ma carte nationale d'identité",
	"ar":      "السلام عليكم، أريد معرفة الوثائق المطلوبة من أجل تجديد البطاقة الوطنية للتعريف الإلكترونية وثمن الطابع الضريبي",
	"ary":     "سلام، بغيت نعرف شنو هما الوراق اللي خاصني باش نجدد لاكارط ناسيونال ديال الواليدة ديالي",
	"arabizi": "salam, bghit n3ref chno homa lwra9 li khassni bach njedded la carte nationale dyal lwalida dyali",
}

func BenchmarkDecide(b *testing.B) {
	for name, text := range fifteenWords {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Decider{}.Decide(text, "")
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fold(fifteenWords["ar"])
	}
}

func BenchmarkContent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Content(fifteenWords["ary"])
	}
}

func BenchmarkOfficial(b *testing.B) {
	for name, text := range fifteenWords {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Official(text)
			}
		})
	}
}

func BenchmarkSkeletons(b *testing.B) {
	for _, word := range []string{"lmo9ata3a", "الازدياد", "renouvellement"} {
		b.Run(word, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Skeletons(word)
			}
		})
	}
}

func BenchmarkStart(b *testing.B) {
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			mustVocabulary()
		}
	})
	b.Run("lexicon", func(b *testing.B) {
		for b.Loop() {
			mustLexicon(lexiconFile)
		}
	})
}
