package web

import (
	"murshid/language"
	"murshid/retrieval"
)

// frequentQuestions are what many people ask, each with the procedure that answers it, most frequent first.
var frequentQuestions = func() []struct {
	Procedure string                       `json:"procedure"`
	Texts     map[language.Language]string `json:"texts"`
} {
	var q []struct {
		Procedure string                       `json:"procedure"`
		Texts     map[language.Language]string `json:"texts"`
	}
	mustRead("messages/frequent.json", &q)
	return q
}()

// maxFrequent is how many questions the first page proposes.
const maxFrequent = 6

// frequent are questions for the first page that the sheets at hand answer: those known to be frequent, then, where
// a corpus has few of their procedures, the names of its own.
func (s *Server) frequent(lang language.Language) []string {
	x := s.Index()
	if x == nil {
		return nil
	}
	var out []string
	for _, q := range frequentQuestions {
		if _, ok := x.Sheet(q.Procedure, lang); ok && len(out) < maxFrequent {
			out = append(out, q.Texts[lang])
		}
	}
	if len(out) > 0 {
		return out
	}
	return firstNames(x, lang)
}

func firstNames(x *retrieval.Index, lang language.Language) []string {
	var out []string
	for _, id := range x.Procedures() {
		if sheet, ok := x.Sheet(id, lang); ok && sheet.Lang == lang && len(out) < maxFrequent {
			out = append(out, sheet.Name())
		}
	}
	return out
}
