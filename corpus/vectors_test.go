package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// unit is a random vector of length 1.
func unit(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	sum := 0.0
	for i := range v {
		v[i] = float32(r.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

func TestVectorsRoundTrip(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var all []TextVector
	for i := range 200 {
		all = append(all, TextVector{"passage", fmt.Sprint("text ", i), unit(r, 384)})
	}
	all = append(all, TextVector{"question", "text 1", unit(r, 384)}, TextVector{"passage", "text 1", unit(r, 384)})
	var file bytes.Buffer
	if err := WriteVectors(&file, "model", all); err != nil {
		t.Fatal(err)
	}
	v, err := ReadVectors(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if v.Len() != 201 || v.Model() != "model" {
		t.Errorf("%d vectors of %q, want 201 of model", v.Len(), v.Model())
	}
	for _, want := range all[:201] {
		got, ok := v.Find("model", want.Kind, want.Text)
		if !ok {
			t.Fatalf("%s %q is not there", want.Kind, want.Text)
		}
		if c := cosine(got, want.Vector); c < .9999 {
			t.Errorf("%s %q: cosine %f", want.Kind, want.Text, c)
		}
	}
	for _, miss := range [][3]string{{"other", "passage", "text 1"}, {"model", "question", "text 2"}, {"model", "passage", ""}} {
		if _, ok := v.Find(miss[0], miss[1], miss[2]); ok {
			t.Errorf("%q is there", miss)
		}
	}
}

func TestVectorsDamaged(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := WriteVectors(&file, "m", []TextVector{{"passage", "a", []float32{1, 0}}}); err != nil {
		t.Fatal(err)
	}
	for i := range file.Len() {
		broken := bytes.Clone(file.Bytes())
		broken[i] ^= 0x10
		if _, err := ReadVectors(broken); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := ReadVectors(file.Bytes()[:i]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at byte %d: %v", i, err)
		}
	}
	if _, ok := new(Vectors).Find("", "passage", "a"); ok {
		t.Error("no vectors hold one")
	}
}

func TestWriteVectorsRefusesTwoDimensions(t *testing.T) {
	t.Parallel()
	mixed := []TextVector{{"passage", "a", []float32{1}}, {"passage", "b", []float32{1, 0}}}
	if err := WriteVectors(new(bytes.Buffer), "m", mixed); err == nil {
		t.Error("no error")
	}
}

// Every half there is goes through float32 unchanged; what lies between two goes to the nearer.
func TestHalf(t *testing.T) {
	t.Parallel()
	for h := range 1 << 16 {
		x := fromHalf(uint16(h))
		if x != x {
			continue
		}
		if got := toHalf(x); got != uint16(h) {
			t.Fatalf("%#04x → %g → %#04x", h, x, got)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 100000 {
		x := float32(r.NormFloat64() * math.Pow(2, float64(r.IntN(30)-20)))
		h := toHalf(x)
		error := math.Abs(float64(fromHalf(h) - x))
		for _, neighbour := range []uint16{h - 1, h + 1} {
			if y := fromHalf(neighbour); y == y && math.Abs(float64(y-x)) < error {
				t.Fatalf("%g → %g, but %g is nearer", x, fromHalf(h), y)
			}
		}
	}
	for x, want := range map[float32]uint16{1: 0x3c00, -2: 0xc000, 65504: 0x7bff, 65520: 0x7c00, 1e9: 0x7c00, 1e-9: 0} {
		if got := toHalf(x); got != want {
			t.Errorf("toHalf(%g) = %#04x, want %#04x", x, got, want)
		}
	}
}
