package evals

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"murshid/language"
	"murshid/retrieval"
)

// A Study shows what the parts of the retrieval bring, on questions that no fit has seen.
type Study struct {
	Fitter  Fitter
	Weights retrieval.Weights // that ship
	Out     io.Writer
}

// Run prints the curve over the number of phrasings, the ablation of each group of evidences and what is found across
// languages, as tables for docs/retrieval.md. Errors: those of the embedder and of writing.
func (s Study) Run(ctx context.Context, cases []Case) error {
	for _, part := range []func(context.Context, []Case) error{s.phrasings, s.across, s.ablation} {
		if err := part(ctx, cases); err != nil {
			return err
		}
	}
	return nil
}

// found counts where the right procedure came.
type found struct{ asked, first, five float64 }

func (f *found) add(place int) {
	f.asked++
	f.first += indicator(place == 1)
	f.five += indicator(place >= 1 && place <= 5)
}

func (f found) String() string {
	return fmt.Sprintf("%.3f / %.3f", f.first/max(1, f.asked), f.five/max(1, f.asked))
}

// header prints the head of a table with a column a writing.
func (s Study) header(title string) error {
	_, err := fmt.Fprintf(s.Out, "\n| %s | fr | ar | ary | arabizi |\n| --- | --- | --- | --- | --- |\n", title)
	return err
}

func (s Study) row(name string, by map[language.Language]found) error {
	_, err := fmt.Fprintf(s.Out, "| %s |", name)
	for _, l := range language.Writings {
		if err == nil {
			_, err = fmt.Fprintf(s.Out, " %s |", by[l])
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(s.Out)
	}
	return err
}

// places ranks the locked questions under a condition by the shipped weights.
func (s Study) places(ctx context.Context, c Condition, cases []Case) (map[language.Language]found, error) {
	samples, err := s.Fitter.weigh(ctx, s.Fitter.Embedder, s.Weights, c, answerable(Locked.Of(cases)))
	if err != nil {
		return nil, err
	}
	out := map[language.Language]found{}
	for _, k := range samples {
		f := out[k.Writing]
		f.add(rank(k.Rank(s.Weights, k.Writing, 5), k.Procedures))
		out[k.Writing] = f
	}
	return out, nil
}

func answerable(cases []Case) []Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return !c.Answerable() })
}

// phrasings is the curve of right-first over the number of phrasings a writing and sheet.
func (s Study) phrasings(ctx context.Context, cases []Case) error {
	if err := s.header("phrasings a writing and sheet: first / in five"); err != nil {
		return err
	}
	for _, n := range []int{0, 1, 2, 5, 10} {
		by, err := s.places(ctx, Condition{Phrasings: n}, cases)
		if err == nil {
			err = s.row(fmt.Sprint(n), by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// across shows what is found when the sheets, or the phrasings, in the question's own language are taken away.
func (s Study) across(ctx context.Context, cases []Case) error {
	if err := s.header("corpus: first / in five"); err != nil {
		return err
	}
	for _, c := range []Condition{
		{Name: "all sheets, no phrasing in the question's writing", Phrasings: allPhrasings, Without: true},
		{Name: "French sheets only, their phrasings", Sheets: language.French, Phrasings: allPhrasings, Without: true},
		{Name: "Arabic sheets only, their phrasings", Sheets: language.Arabic, Phrasings: allPhrasings, Without: true},
		{Name: "French sheets only, no phrasings", Sheets: language.French},
		{Name: "Arabic sheets only, no phrasings", Sheets: language.Arabic},
	} {
		by, err := s.places(ctx, c, cases)
		if err == nil {
			err = s.row(c.Name, by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// groups of evidences that are taken away one after the other.
var groups = []struct {
	name  string
	parts []string
}{
	{"nothing", nil},
	{"raw nearness", []string{"dense_title", "dense_passage", "dense_asked"}},
	{"centred nearness", []string{"dense_centred", "asked_centred"}},
	{"ridge head", []string{"head"}},
	{"letters", []string{"names", "names_reverse", "body", "asked"}},
	{"skeletons", []string{"names_skeleton", "names_skeleton_reverse", "body_skeleton", "asked_skeleton"}},
	{"lexicon: terms and concepts", []string{"lexicon", "lexicon_reverse", "concepts", "concepts_reverse"}},
	{"all words", []string{"names", "names_reverse", "body", "asked", "names_skeleton", "names_skeleton_reverse",
		"body_skeleton", "asked_skeleton", "lexicon", "lexicon_reverse", "concepts", "concepts_reverse"}},
	{"all vectors", []string{"dense_title", "dense_passage", "dense_asked", "dense_centred", "asked_centred", "head"}},
}

// ablation fits the weights anew without each group of evidences, with phrasings and without.
func (s Study) ablation(ctx context.Context, cases []Case) error {
	for _, c := range []Condition{phrased[0], bare[0]} {
		samples, err := s.Fitter.weigh(ctx, s.Fitter.Embedder, s.Weights, c, answerable(cases))
		if err != nil {
			return err
		}
		if err := s.header(c.Name + ", without: first / in five"); err != nil {
			return err
		}
		for _, g := range groups {
			if err := s.row(g.name, without(samples, g.parts)); err != nil {
				return err
			}
		}
	}
	return nil
}

// without fits weights on the open part without some evidences and ranks the locked part.
func without(samples []sample, parts []string) map[language.Language]found {
	blind := make([]sample, len(samples))
	for i, k := range samples {
		k.Evidences = slices.Clone(k.Evidences)
		for p := range k.Evidences {
			for e, name := range retrieval.EvidenceNames {
				if slices.Contains(parts, name) {
					k.Evidences[p][e] = 0
				}
			}
		}
		blind[i] = k
	}
	out := map[language.Language]found{}
	for _, l := range language.Writings {
		var seen []sample
		for _, k := range blind {
			if k.Writing == l && !k.Locked() {
				seen = append(seen, k)
			}
		}
		weighting := listwise(seen)
		var f found
		for _, k := range blind {
			if k.Writing == l && k.Locked() && !strings.HasPrefix(k.ID, plainPrefix) {
				f.add(rank(k.RankBy(weighting, 0, l, 5), k.Procedures))
			}
		}
		out[l] = f
	}
	return out
}
