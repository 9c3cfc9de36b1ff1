package assistant

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"murshid/language"
	"murshid/retrieval"
)

var failures = flag.Bool("failures", false, "print the questions whose aspects are read wrongly, never those of an exam")

// asking is a question of the evaluation and the fields that it asks for.
type asking struct {
	ID         string            `json:"id"`
	Writing    language.Language `json:"writing"`
	Question   string            `json:"question"`
	Aspects    []retrieval.Field `json:"aspects"`
	Class      string            `json:"class"`
	Procedures []string          `json:"procedures"` // those that answer, the best first
	Turns      []struct {
		User   string `json:"user"`
		Expect struct {
			Aspects []retrieval.Field `json:"aspects"`
		} `json:"expect"`
	} `json:"turns"`
}

// askings are the questions of a file that a sheet answers. Of dialogues the first turns that ask for a field count,
// and only of the open half.
func askings(t *testing.T, name string) []asking {
	t.Helper()
	var out []asking
	for line := range linesOf(t, name) {
		var a asking
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(a.Turns) > 0 {
			a.Question, a.Aspects = a.Turns[0].User, a.Turns[0].Expect.Aspects
			if len(a.Aspects) == 0 || !openHalf(a.ID) {
				continue
			}
		}
		if a.Class == "" {
			out = append(out, a)
		}
	}
	return out
}

func linesOf(t *testing.T, name string) func(func(string) bool) {
	t.Helper()
	text, err := os.ReadFile("../evals/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Lines(string(text))
}

// openHalf is the half of the dialogues that whoever mends the rules may read.
func openHalf(id string) bool {
	h := fnv.New32a()
	h.Write([]byte(id)) // never fails
	return h.Sum32()%2 == 1
}

// allSheets are a sheet of each procedure of the demo corpus and of the exam's own.
func allSheets(t *testing.T) map[string]*retrieval.Sheet {
	t.Helper()
	out, x := map[string]*retrieval.Sheet{}, demoIndex(t)
	for _, id := range x.Procedures() {
		out[id], _ = x.Sheet(id, language.French)
	}
	for line := range linesOf(t, "corpora/town.jsonl") {
		var s retrieval.Sheet
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		out[s.ID] = &s
	}
	return out
}

// reading counts how the aspects of questions are read.
type reading struct {
	asking, exact, covers, missed int // questions that ask for fields: read exactly, all and perhaps more, nothing read
	reread                        int // read exactly once the right sheet is known
	silent, quiet                 int // questions that ask for nothing in particular: nothing read
}

func (r *reading) add(want, got, reread []retrieval.Field) {
	if len(want) == 0 {
		r.silent++
		r.quiet += count(len(got) == 0)
		return
	}
	r.asking++
	r.exact += count(sameFields(want, got))
	r.reread += count(sameFields(want, reread))
	r.covers += count(!slices.ContainsFunc(want, func(f retrieval.Field) bool { return !slices.Contains(got, f) }))
	r.missed += count(len(got) == 0)
}

func (r *reading) String() string {
	share := func(n, of int) float64 { return float64(n) / float64(max(1, of)) }
	return fmt.Sprintf("asking %3d  exact %.3f  with the sheet %.3f  covers %.3f  none %.3f  |  silent %3d  none %.3f", r.asking,
		share(r.exact, r.asking), share(r.reread, r.asking), share(r.covers, r.asking), share(r.missed, r.asking), r.silent,
		share(r.quiet, r.silent))
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func sameFields(a, b []retrieval.Field) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(f retrieval.Field) bool { return !slices.Contains(b, f) })
}

// TestAspectShares prints (-v) how well the words of questions by several hands tell the field that is asked, and
// holds floors under the exact ones. The exams are measured only: nobody who writes phrases has read them.
func TestAspectShares(t *testing.T) {
	t.Parallel()
	sheets := allSheets(t)
	for _, source := range []struct {
		name  string
		exam  bool
		files []string
		floor float64 // of the exact ones, over all writings
	}{
		{"answerable", false, []string{"questions/answerable.jsonl"}, 0.90},
		{"answerable2", false, []string{"questions/answerable2.jsonl"}, 0.85},
		{"dialogues", false, []string{"dialogues/dialogues.jsonl"}, 0.88},
		{"exam", true, []string{"questions/exam_latin.jsonl", "questions/exam_arabic.jsonl"}, 0.69},
		{"town", true, []string{"corpora/town.questions.jsonl"}, 0.70},
	} {
		const all = ""
		readings := map[language.Language]*reading{all: {}}
		for _, w := range language.Writings {
			readings[w] = &reading{}
		}
		for _, name := range source.files {
			for _, a := range askings(t, name) {
				words := language.Words(a.Question)
				got := (&Turn{Words: words, Said: a.Question}).asked()
				reread := got
				if len(a.Procedures) > 0 && sheets[a.Procedures[0]] != nil {
					reread = rereadAspects(got, words, sheets[a.Procedures[0]])
				}
				readings[a.Writing].add(a.Aspects, got, reread)
				readings[all].add(a.Aspects, got, reread)
				if *failures && !source.exam && !sameFields(a.Aspects, got) {
					t.Logf("%s\t%s\twant %v\tgot %v\t%s", a.ID, a.Writing, a.Aspects, got, a.Question)
				}
			}
		}
		for _, w := range append(language.Writings, all) {
			t.Logf("%-12s %-8s %s", source.name, w, readings[w])
		}
		if r := readings[all]; float64(r.exact) < source.floor*float64(r.asking) {
			t.Errorf("%s: %d of %d read exactly, the floor is %.2f", source.name, r.exact, r.asking, source.floor)
		}
	}
}

// What a bare «how much» asks for is told by the sheet; one with a word for the price never is.
func TestReread(t *testing.T) {
	t.Parallel()
	allowance := &retrieval.Sheet{Amount: "300 DH"}
	licence := &retrieval.Sheet{Fee: "50 DH", Amount: "1 000 DH", Validity: "10 ans"}
	for _, c := range []struct {
		question string
		sheet    *retrieval.Sheet
		want     retrieval.Field
	}{
		{"ch7al ?", allowance, retrieval.Amount},
		{"combien pour deux enfants ?", allowance, retrieval.Amount},
		{"combien ça coûte ?", allowance, retrieval.Fee},
		{"bch7al ?", allowance, retrieval.Fee},
		{"ch7al ?", licence, retrieval.Fee},
		{"combien de temps ?", licence, retrieval.Validity},
		{"ça prend combien de temps ?", licence, retrieval.Delay},
	} {
		words := language.Words(c.question)
		if got := rereadAspects(aspects(words), words, c.sheet); !slices.Equal(got, []retrieval.Field{c.want}) {
			t.Errorf("%q: %v, want %s", c.question, got, c.want)
		}
	}
}

// The words near a «how much» tell what it asks for.
func TestHowMuch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]retrieval.Field{
		"combien de jours pour l'avoir ?":           {retrieval.Delay},
		"elle est valable combien de temps ?":       {retrieval.Validity},
		"à partir de quel âge ?":                    {retrieval.Conditions},
		"on touche combien par mois ?":              {retrieval.Amount},
		"combien d'amende si je paie en retard ?":   {retrieval.Amount},
		"ch7al mn nhar bach twjed ?":                {retrieval.Delay},
		"ch7al katsla7 ?":                           {retrieval.Validity},
		"ch7al kay3tiw ?":                           {retrieval.Amount},
		"شحال كتعطل؟":                               {retrieval.Delay},
		"شحال من عام كتصلح؟":                        {retrieval.Validity},
		"كم يوما يستغرق؟":                           {retrieval.Delay},
		"كم يجب أن يكون عمره؟":                      {retrieval.Conditions},
		"chno lwra9 w ch7al ?":                      {retrieval.Documents, retrieval.Fee},
		"fin wslat lchikaya dyali ?":                nil,
		"où en est mon dossier ?":                   nil,
		"j'ai perdu mes papiers, comment je fais ?": nil,
		"qu'est-ce que j'apporte ?":                 {retrieval.Documents},
		"شنو نجيب معايا؟":                           {retrieval.Documents},
		"je vais où":                                {retrieval.Place},
		"jusqu'à quand ?":                           {retrieval.Delay},
	} {
		if got := aspects(language.Words(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
