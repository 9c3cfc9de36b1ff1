package evals

import (
	"fmt"
	"hash/fnv"

	"murshid/language"
	"murshid/retrieval"
)

// plainForms are how people ask who know what the thing is called. %s is a title or an everyday name.
var plainForms = map[language.Language][]string{
	language.French:  {"%s", "combien coûte %s ?", "documents pour %s", "je veux faire %s"},
	language.Arabic:  {"%s", "كم يكلف %s؟", "ما هي الوثائق المطلوبة: %s", "أريد %s"},
	language.Darija:  {"%s", "بشحال %s", "شنو الوراق ديال %s", "بغيت %s"},
	language.Arabizi: {"%s", "bch7al %s", "chno lwra9 dyal %s", "bghit %s"},
}

// plainShare is one in how many names becomes a case: as many of them as of questions that tell a situation.
const plainShare = 3

// plainPrefix begins the ids of such cases.
const plainPrefix = "plain-"

// Plain are cases made of the corpus's own names: development questions tell situations and hardly ever name the
// thing, but people often do.
func Plain(x *retrieval.Index) []Case {
	var out []Case
	for _, id := range x.Procedures() {
		for _, writing := range language.Writings {
			sheet, ok := x.Sheet(id, writing.SheetLanguage())
			if !ok || sheet.Lang != writing.SheetLanguage() {
				continue
			}
			for i, name := range append([]string{sheet.Title}, sheet.AlsoCalled...) {
				if c := plainCase(writing, id, name, i); c.ID != "" {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// plainCase is a case of the name, or none for most names.
func plainCase(writing language.Language, id, name string, i int) Case {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s %s %d", writing, id, i) // never fails
	if name == "" || h.Sum32()%plainShare != 0 {
		return Case{}
	}
	forms := plainForms[writing]
	return Case{ID: fmt.Sprintf("%s%s-%s-%d", plainPrefix, writing, id, i), Writing: writing, Procedures: []string{id},
		Question: fmt.Sprintf(forms[h.Sum32()/plainShare%uint32(len(forms))], name)}
}
