package evals

import (
	"murshid/language"
	"murshid/retrieval"
)

// A Condition takes something away from a corpus. Installations differ: some have sheets in one language only, most
// have no phrasings at first. Weights that were fitted on a complete corpus alone would lean on what others lack.
type Condition struct {
	Name      string
	Sheets    language.Language // only sheets in this language; empty: all
	Phrasings int               // a writing and sheet
	Without   bool              // the phrasings of the question's own writing
	Weight    float64           // of its questions in a fit
}

const allPhrasings = 1 << 20

// phrased and bare are the conditions that weights are fitted for.
var (
	phrased = []Condition{
		{Name: "complete", Phrasings: allPhrasings, Weight: 1},
		{Name: "two phrasings", Phrasings: 2, Weight: .4},
		{Name: "other writings' phrasings", Phrasings: allPhrasings, Without: true, Weight: .4},
		{Name: "French sheets", Sheets: language.French, Phrasings: allPhrasings, Without: true, Weight: .3},
		{Name: "Arabic sheets", Sheets: language.Arabic, Phrasings: allPhrasings, Without: true, Weight: .3},
	}
	bare = []Condition{
		{Name: "no phrasings", Weight: 1},
		{Name: "French sheets, no phrasings", Sheets: language.French, Weight: .7},
		{Name: "Arabic sheets, no phrasings", Sheets: language.Arabic, Weight: .7},
	}
)

// of is the collection as the condition leaves it for questions in a writing.
func (c Condition) of(all *Collection, writing language.Language) *Collection {
	return all.keep(
		func(s retrieval.Sheet) bool { return c.Sheets == "" || s.Lang == c.Sheets },
		func(p retrieval.Phrasing, nth int) bool {
			return nth < c.Phrasings && (!c.Without || p.Lang != writing)
		})
}
