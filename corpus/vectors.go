package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"sync"
)

// The file of vectors, all figures little-endian:
//
//	"murshid vectors\n"            16 bytes
//	form 1, dimension, count       3 × uint32
//	length of the model's id       uint32, then the id
//	keys, ascending                count × 16 bytes
//	vectors in the order of keys   count × dimension × float16
//	SHA-256 of all the above       32 bytes
//
// Vectors are kept as a store keeps them, in half precision, so that shipped and fresh ones are the same.
const (
	vectorsFile = "vectors.bin"
	magic       = "murshid vectors\n"
	form        = 1
	headerSize  = len(magic) + 4*4
)

// ErrDamaged means that a file of vectors is not what was written.
var ErrDamaged = errors.New("damaged file of vectors")

// key is the beginning of a digest of model, kind and text.
type key [16]byte

func keyOf(model, kind, text string) key {
	sum := sha256.Sum256([]byte(model + "\x00" + kind + "\x00" + text))
	return key(sum[:])
}

// TextVector is a text with its vector. Kind is "passage" or "question".
type TextVector struct {
	Kind   string
	Text   string
	Vector []float32
}

// Vectors are vectors that were computed before. The zero value holds none.
type Vectors struct {
	model string
	dim   int
	count int
	keys  []byte
	data  []byte
}

// ShippedVectors are the vectors that come with the corpus: none where the file is missing or damaged.
func ShippedVectors() *Vectors { return shipped() }

var shipped = sync.OnceValue(func() *Vectors {
	data, err := files.ReadFile(vectorsFile)
	if err != nil {
		return &Vectors{}
	}
	v, err := ReadVectors(data)
	if err != nil {
		return &Vectors{}
	}
	return v
})

// ReadVectors reads a file of vectors; it keeps data. Errors: ErrDamaged.
func ReadVectors(data []byte) (*Vectors, error) {
	body := len(data) - sha256.Size
	if body < headerSize || string(data[:len(magic)]) != magic {
		return nil, ErrDamaged
	}
	if sum := sha256.Sum256(data[:body]); !bytes.Equal(sum[:], data[body:]) {
		return nil, ErrDamaged
	}
	var head [4]uint32
	for i := range head {
		head[i] = binary.LittleEndian.Uint32(data[len(magic)+4*i:])
	}
	rest := data[headerSize:body]
	dim, count, name := uint64(head[1]), uint64(head[2]), uint64(head[3])
	if head[0] != form || uint64(len(rest)) != name+count*(uint64(len(key{}))+2*dim) {
		return nil, ErrDamaged
	}
	keys := rest[name:]
	return &Vectors{model: string(rest[:name]), dim: int(dim), count: int(count),
		keys: keys[:count*uint64(len(key{}))], data: keys[count*uint64(len(key{})):]}, nil
}

// Model is the id of the model that made the vectors, empty where there are none.
func (v *Vectors) Model() string { return v.model }

// Len is the number of vectors.
func (v *Vectors) Len() int { return v.count }

// Find is the vector of a text. It reports false for texts and models it does not hold.
func (v *Vectors) Find(model, kind, text string) ([]float32, bool) {
	if model != v.model {
		return nil, false
	}
	wanted := keyOf(model, kind, text)
	i, found := sort.Find(v.count, func(i int) int { return bytes.Compare(wanted[:], v.keys[i*len(key{}):(i+1)*len(key{})]) })
	if !found {
		return nil, false
	}
	vector := make([]float32, v.dim)
	for k := range vector {
		vector[k] = fromHalf(binary.LittleEndian.Uint16(v.data[2*(i*v.dim+k):]))
	}
	return vector, true
}

// WriteVectors writes a file of vectors. All must have the same dimension; of texts that stand twice the first
// counts.
func WriteVectors(w io.Writer, model string, vectors []TextVector) error {
	type entry struct {
		key    key
		vector []float32
	}
	entries := make([]entry, 0, len(vectors))
	for _, v := range vectors {
		if len(v.Vector) != len(vectors[0].Vector) {
			return fmt.Errorf("write vectors: %d components beside %d", len(v.Vector), len(vectors[0].Vector))
		}
		entries = append(entries, entry{keyOf(model, v.Kind, v.Text), v.Vector})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return bytes.Compare(a.key[:], b.key[:]) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return a.key == b.key })
	dim := 0
	if len(entries) > 0 {
		dim = len(entries[0].vector)
	}
	out := []byte(magic)
	for _, figure := range []int{form, dim, len(entries), len(model)} {
		out = binary.LittleEndian.AppendUint32(out, uint32(figure))
	}
	out = append(out, model...)
	for _, e := range entries {
		out = append(out, e.key[:]...)
	}
	for _, e := range entries {
		for _, x := range e.vector {
			out = binary.LittleEndian.AppendUint16(out, toHalf(x))
		}
	}
	sum := sha256.Sum256(out)
	if _, err := w.Write(append(out, sum[:]...)); err != nil {
		return fmt.Errorf("write vectors: %w", err)
	}
	return nil
}
