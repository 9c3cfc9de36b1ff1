package e5

import (
	"bytes"
	"os"
	"slices"
	"testing"
)

// FuzzTokens: any bytes have tokens, inside the vocabulary and between <s> and
// </s>, the same every time; a limit only shortens them.
func FuzzTokens(f *testing.F) {
	e := testEngine(f)
	for _, text := range []string{"", " ", "a", "Quels documents ?", "بطاقة\u064bالتعريف", "bch7al", "\ufdfa\ufdfa", "\x00",
		"\xff\xc3", "\u2581\u2581a", "e\u0301\u0302", "\r\n", "🇲🇦👍🏽", "\u0600\u06051", "a\u200d\u200db", "<s></s><mask>"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ids := e.Tokens(string(text))
		h := e.tokenizer.vocabulary.header
		if len(ids) < 2 || ids[0] != h.begin || ids[len(ids)-1] != h.end {
			t.Fatalf("%q: %v", text, ids)
		}
		for _, id := range ids[1 : len(ids)-1] {
			if id < 0 || int(id) >= h.pieces || e.tokenizer.vocabulary.control(int(id)) && id != h.unknown {
				t.Fatalf("%q: token %d", text, id)
			}
		}
		if !slices.Equal(ids, e.Tokens(string(text))) {
			t.Fatalf("%q: other tokens the second time", text)
		}
		if cut := e.tokenizer.encode(nil, string(text), 16); len(cut) > len(ids)+1 || len(cut) > 64 {
			t.Fatalf("%q: %d tokens within the limit, %d without", text, len(cut), len(ids))
		}
	})
}

// FuzzModelFile: no file makes the reader, the vocabulary or the tokenizer
// panic.
func FuzzModelFile(f *testing.F) {
	whole := smallFile()
	f.Add(whole)
	for _, n := range []int{0, 4, 8, 60, 100, len(whole) / 2, len(whole) - 1} {
		f.Add(whole[:n])
	}
	for at := 4; at < 160; at += 12 {
		f.Add(flip(whole, at))
	}
	data, err := os.ReadFile(testOptions(f).CharsmapPath)
	if err != nil {
		f.Fatal(err)
	}
	charsmap, err := newCharsmap(data)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parseModelFile(data)
		if err != nil {
			return
		}
		if w, err := newWeights(file); err == nil {
			w.embedWords([]int32{0}, make([]float32, hidden), 0, 1)
		}
		vocabulary, err := newVocabulary(file, "")
		if err != nil {
			return
		}
		index := encodeIndex(file, vocabulary.index)
		if _, ok := decodeIndex(file, index); !ok {
			t.Error("an index just built is refused")
		}
		for _, id := range newTokenizer(vocabulary, charsmap).encode(nil, "aab <s> é\u2581 \xff ba", 0) {
			if id < 0 || int(id) >= file.header.pieces {
				t.Fatalf("token %d of %d", id, file.header.pieces)
			}
		}
	})
}

// FuzzCharsmap: no charsmap makes the normalisation panic, or write without end.
func FuzzCharsmap(f *testing.F) {
	data, err := os.ReadFile(testOptions(f).CharsmapPath)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:64], "a")
	f.Add([]byte{4, 0, 0, 0, 1, 2, 3, 4, 'x', 0}, "a\u0301")
	f.Add(bytes.Repeat([]byte{8, 0, 0, 0}, 9), "\x01\x02")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		m, err := newCharsmap(data)
		if err != nil {
			return
		}
		if out := m.normalize(nil, text, 0); len(out) > (len(text)+1)*(len(data)+3) {
			t.Errorf("%d bytes became %d", len(text), len(out))
		}
	})
}
