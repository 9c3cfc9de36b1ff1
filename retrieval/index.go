package retrieval

import (
	"slices"
	"sync"

	"murshid/language"
)

// An Index holds all sheets and what their words say of a question. It never changes: when sheets do, a new
// one takes its place.
type Index struct {
	sheets     []Sheet
	rows       map[int64]int32 // store row → sheet
	procedures []procedure
	byID       map[string]int32
	ofSheet    []int32 // sheet → procedure

	names, namesSkeleton *coverage // texts: titles and everyday names
	ofName               []int32   // name → procedure
	exact                exactNames
	namesConcepts        *coverage // likewise
	body, bodySkeleton   *coverage // texts: whole sheets
	space                *space
	asked, askedSkeleton *coverage                 // texts: names and phrasings of a procedure, in all languages
	written              map[language.Language]int // procedures with a sheet in the language
	phrased              bool                      // most procedures have phrasings
	related              map[string][]string       // in both directions
	concepts             [][]uint64                // by procedure: the lexicon's blocks that its names call
}

type procedure struct {
	id     string
	sheets []int32
}

// NewIndex builds the index of the sheets.
func NewIndex(sheets []Sheet) *Index {
	x := &Index{sheets: sheets, rows: map[int64]int32{}, byID: map[string]int32{}, written: map[language.Language]int{}}
	var names, called, bodies []string
	for i := range sheets {
		s := &sheets[i]
		p := x.procedureOf(s.ID)
		x.procedures[p].sheets = append(x.procedures[p].sheets, int32(i))
		x.ofSheet = append(x.ofSheet, p)
		x.rows[s.No] = int32(i)
		x.written[s.Lang]++
		for _, name := range s.names() {
			names, called = append(names, content(name)), append(called, name)
			x.ofName = append(x.ofName, p)
		}
		bodies = append(bodies, bodyText(s))
	}
	x.exact = newExactNames(called, x.ofName)
	asked := x.askedTexts()
	var building sync.WaitGroup
	building.Go(func() { x.names = newCoverage(names, letterGrams, namesLength) })
	building.Go(func() { x.namesSkeleton = newCoverage(names, skeletonGrams, namesLength) })
	building.Go(func() { x.namesConcepts = newCoverage(called, conceptGrams, 0) })
	building.Go(func() { x.body = newCoverage(bodies, letterGrams, bodyLength) })
	building.Go(func() { x.bodySkeleton = newCoverage(bodies, skeletonGrams, bodyLength) })
	building.Go(func() { x.asked = newCoverage(asked, letterGrams, bodyLength) })
	building.Go(func() { x.askedSkeleton = newCoverage(asked, skeletonGrams, bodyLength) })
	building.Wait()
	x.concepts = x.namedConcepts()
	x.phrased = x.mostlyPhrased()
	x.related = x.relations()
	return x
}

func (x *Index) procedureOf(id string) int32 {
	p, ok := x.byID[id]
	if !ok {
		p = int32(len(x.procedures))
		x.byID[id] = p
		x.procedures = append(x.procedures, procedure{id: id})
	}
	return p
}

// askedTexts are the ways in which people call and ask for each procedure.
func (x *Index) askedTexts() []string {
	texts := make([]string, len(x.procedures))
	for i, p := range x.procedures {
		var said []string
		for _, s := range p.sheets {
			said = append(said, x.sheets[s].names()...)
			for _, phrasing := range x.sheets[s].AskedAs {
				said = append(said, phrasing.Text)
			}
		}
		texts[i] = joinTexts(said)
	}
	return texts
}

// relations are the procedures that sheets call related: first those a procedure names itself, then those that name it.
func (x *Index) relations() map[string][]string {
	out := map[string][]string{}
	add := func(from, to string) {
		if _, known := x.byID[to]; known && !slices.Contains(out[from], to) {
			out[from] = append(out[from], to)
		}
	}
	own := make([][]string, len(x.procedures))
	for i, p := range x.procedures {
		sheet, _ := x.Sheet(p.id, language.French)
		own[i] = sheet.Related
		for _, r := range own[i] {
			add(p.id, r)
		}
	}
	for i, p := range x.procedures {
		for _, r := range own[i] {
			add(r, p.id)
		}
	}
	return out
}

// Related are the procedures around one that its sheets or theirs call related.
func (x *Index) Related(id string) []string { return x.related[id] }

// mostlyPhrased reports whether at least half of the procedures come with ways in which people ask for them.
func (x *Index) mostlyPhrased() bool {
	with := 0
	for _, p := range x.procedures {
		if slices.ContainsFunc(p.sheets, func(s int32) bool { return len(x.sheets[s].AskedAs) > 0 }) {
			with++
		}
	}
	return 2*with >= len(x.procedures)
}

// namedConcepts are the blocks of the lexicon that the names of each procedure call.
func (x *Index) namedConcepts() [][]uint64 {
	out := make([][]uint64, len(x.procedures))
	for p := range x.procedures {
		for _, s := range x.procedures[p].sheets {
			for _, name := range x.sheets[s].names() {
				out[p] = append(out[p], language.Concepts(name)...)
			}
		}
		slices.Sort(out[p])
		out[p] = slices.Compact(out[p])
	}
	return out
}

// bodyText is all a sheet says, for counting words.
func bodyText(s *Sheet) string {
	texts := append(s.names(), s.Administration, s.Audience, s.Theme)
	for _, f := range Fields {
		texts = append(texts, s.Values(f)...)
	}
	for _, section := range s.Sections {
		texts = append(texts, section.Heading, section.Text)
	}
	return joinTexts(texts)
}

// Len is the number of procedures.
func (x *Index) Len() int { return len(x.procedures) }

// Procedures are the ids of all procedures in the order of the store.
func (x *Index) Procedures() []string {
	ids := make([]string, len(x.procedures))
	for i, p := range x.procedures {
		ids[i] = p.id
	}
	return ids
}

// PassageMeans are the mean vectors of what sheets say of themselves, by language.
func (x *Index) PassageMeans() map[language.Language][]float32 {
	out := map[language.Language][]float32{}
	for g, mean := range x.space.means {
		if g.kind == "" {
			out[g.lang] = mean
		}
	}
	return out
}

// Sheet is the procedure's sheet in the language, or in another one where that is missing. It reports false
// for an unknown id.
func (x *Index) Sheet(id string, lang language.Language) (*Sheet, bool) {
	p, ok := x.byID[id]
	if !ok {
		return nil, false
	}
	sheets := x.procedures[p].sheets
	for _, i := range sheets {
		if x.sheets[i].Lang == lang {
			return &x.sheets[i], true
		}
	}
	return &x.sheets[sheets[0]], true
}
