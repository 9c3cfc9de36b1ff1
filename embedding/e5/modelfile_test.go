package e5

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallPieces is the vocabulary of the made-up model files.
var smallPieces = []string{"<s>", "<pad>", "</s>", "<unk>", "\u2581", "a", "b", "ab", "\u2581a", "ba", "é", "<mask>"}

// smallFile writes a model file of the right form with a vocabulary of a few
// pieces and two tensors.
func smallFile() []byte {
	le := binary.LittleEndian
	b := []byte("E5S1")
	for _, v := range []uint32{1, hidden, layers, heads, inner, uint32(len(smallPieces)), 16, 2,
		math.Float32bits(1e-12), blockLen, uint32(len(smallPieces)), 0, 2, 1, 3} {
		b = le.AppendUint32(b, v)
	}
	text := strings.Join(smallPieces, "")
	b = le.AppendUint64(b, uint64(len(text)))
	offset := 0
	for _, piece := range smallPieces {
		b = le.AppendUint32(b, uint32(offset))
		offset += len(piece)
	}
	b = le.AppendUint32(b, uint32(offset))
	for i := range smallPieces {
		b = le.AppendUint32(b, math.Float32bits(-float32(i)))
	}
	b = append(b, text...)
	b = append(le.AppendUint32(le.AppendUint32(b, 1), 9), make([]byte, 9)...) // normalisation table
	b = le.AppendUint32(b, 2)
	data := len(b) + 2*(2+8+21)
	for i, kind := range []dtype{float32Type, q4Type} {
		b = append(le.AppendUint16(b, 8), "emb.ln."+string("wq"[i])...)
		size := tensor{kind: kind, values: hidden}.size()
		b = le.AppendUint32(append(b, byte(kind)), hidden)
		b = le.AppendUint64(le.AppendUint64(b, uint64(data)), size)
		data += int(size)
	}
	return append(b, make([]byte, data-len(b))...)
}

func TestParseModelFile(t *testing.T) {
	t.Parallel()
	f, err := parseModelFile(smallFile())
	if err != nil {
		t.Fatal(err)
	}
	if h := f.header; h.pieces != len(smallPieces) || h.positions != 16 || h.end != 2 || h.unknown != 3 || h.eps != 1e-12 {
		t.Errorf("header %+v", h)
	}
	if _, err := f.tensor("emb.ln.w", float32Type, hidden); err != nil {
		t.Error(err)
	}
	for _, other := range []struct {
		name   string
		kind   dtype
		values int
	}{{"none", float32Type, hidden}, {"emb.ln.w", q4Type, hidden}, {"emb.ln.w", float32Type, hidden + 1}} {
		if _, err := f.tensor(other.name, other.kind, other.values); !errors.Is(err, ErrModel) {
			t.Errorf("tensor %+v: %v", other, err)
		}
	}
	if _, err := newWeights(f); !errors.Is(err, ErrModel) {
		t.Errorf("weights of a file without layers: %v", err)
	}
}

// TestParseCutFile: a file cut anywhere is refused, never read beyond its end.
func TestParseCutFile(t *testing.T) {
	t.Parallel()
	whole := smallFile()
	for n := range whole {
		if _, err := parseModelFile(whole[:n]); !errors.Is(err, ErrModel) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// TestParseDamagedHeader sets each number of the header to values that lead out
// of the file.
func TestParseDamagedHeader(t *testing.T) {
	t.Parallel()
	fields := map[string]int{
		"version": 4, "words": 24, "positions": 28, "epsilon": 36, "block": 40,
		"pieces": 44, "begin": 48, "end": 52, "pad": 56, "unknown": 60, "text": 64, "text, high half": 68,
	}
	for name, at := range fields {
		for _, value := range []uint32{0x7fffffff, 0x80000000, 0xffffffff} {
			b := smallFile()
			binary.LittleEndian.PutUint32(b[at:], value)
			if _, err := parseModelFile(b); !errors.Is(err, ErrModel) {
				t.Errorf("%s = %#x: %v", name, value, err)
			}
		}
	}
	for _, name := range []string{"hidden", "layers", "heads", "inner"} {
		b := smallFile()
		b[map[string]int{"hidden": 8, "layers": 12, "heads": 16, "inner": 20}[name]]++
		f, err := parseModelFile(b)
		if err == nil {
			_, err = newWeights(f)
		}
		if !errors.Is(err, ErrModel) {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

func TestDamagedVocabulary(t *testing.T) {
	t.Parallel()
	const offsets = 72
	scores := offsets + 4*(len(smallPieces)+1)
	for name, damage := range map[string]func(b []byte){
		"offset beyond the text": func(b []byte) { b[offsets+5] = 0xff },
		"offsets fall":           func(b []byte) { b[offsets+4*3] = 0 },
		"score is NaN":           func(b []byte) { binary.LittleEndian.PutUint32(b[scores+8:], 0x7fc00000) },
		"score is infinite":      func(b []byte) { binary.LittleEndian.PutUint32(b[scores+8:], 0xff800000) },
	} {
		b := smallFile()
		damage(b)
		f, err := parseModelFile(b)
		if err == nil {
			_, err = newVocabulary(f, "")
		}
		if !errors.Is(err, ErrModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOpenRefuses: wrong, damaged and absent files end as errors that say which.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good := testOptions(t)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	charsmap, err := os.ReadFile(good.CharsmapPath)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		o    Options
		want error
	}{
		"no model":        {Options{ModelPath: filepath.Join(dir, "none"), CharsmapPath: good.CharsmapPath}, os.ErrNotExist},
		"no charsmap":     {Options{ModelPath: good.ModelPath, CharsmapPath: filepath.Join(dir, "none")}, os.ErrNotExist},
		"empty model":     {Options{ModelPath: file("empty", nil), CharsmapPath: good.CharsmapPath}, ErrModel},
		"text as model":   {Options{ModelPath: file("text", []byte("hello, world")), CharsmapPath: good.CharsmapPath}, ErrModel},
		"small model":     {Options{ModelPath: file("small", smallFile()), CharsmapPath: good.CharsmapPath}, ErrModel},
		"empty charsmap":  {Options{ModelPath: good.ModelPath, CharsmapPath: file("nomap", nil)}, ErrModel},
		"cut charsmap":    {Options{ModelPath: good.ModelPath, CharsmapPath: file("cutmap", charsmap[:1000])}, ErrModel},
		"model as map":    {Options{ModelPath: good.ModelPath, CharsmapPath: file("model", smallFile())}, ErrModel},
		"folder as model": {Options{ModelPath: dir, CharsmapPath: good.CharsmapPath}, nil},
	} {
		e, err := Open(test.o)
		if err == nil || e != nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestDamagedWeights: scales that are no numbers give an error, not a vector.
func TestDamagedWeights(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	w := *e.weights
	w.embedNorm = norm{gamma: make([]float32, hidden), beta: make([]float32, hidden)}
	for i := range w.embedNorm.beta {
		w.embedNorm.beta[i] = float32(math.NaN())
	}
	broken := withKernels(e, genericKernels(), 1)
	broken.weights = &w
	if got, err := broken.Embed(t.Context(), 0, []string{"a"}); !errors.Is(err, ErrModel) || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if broken.scheduler.free != 1 {
		t.Error("the thread did not come back")
	}
}

func TestFloat16(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint16]float32{
		0: 0, 0x3c00: 1, 0xc000: -2, 0x3555: 0.333251953125, 0x7bff: 65504,
		1: 1.0 / (1 << 24), 0x83ff: -1023.0 / (1 << 24), 0x0400: 1.0 / (1 << 14),
		0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	} {
		if got := float16At([]byte{byte(bits), byte(bits >> 8)}); got != want {
			t.Errorf("%#04x = %g, want %g", bits, got, want)
		}
	}
	if got := float16At([]byte{1, 0x7e}); !math.IsNaN(float64(got)) {
		t.Errorf("NaN = %g", got)
	}
}
