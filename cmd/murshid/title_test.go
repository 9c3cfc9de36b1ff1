package main_test

import (
	"fmt"
	"strings"
	"testing"

	"murshid/assistant"
	"murshid/retrieval"
)

// plainly are the plainest ways to ask for a fee and for a delay, by writing.
var plainly = map[string]map[retrieval.Field]string{
	"fr":      {retrieval.Fee: "Combien coûte : %s ?", retrieval.Delay: "Quel est le délai : %s ?"},
	"ar":      {retrieval.Fee: "كم يكلف %s؟", retrieval.Delay: "ما هي مدة %s؟"},
	"ary":     {retrieval.Fee: "بشحال %s؟", retrieval.Delay: "شحال كيتعطل %s؟"},
	"arabizi": {retrieval.Fee: "bch7al %s?", retrieval.Delay: "ch7al kayt3ettel %s?"},
}

// Of those who ask for a procedure by the title of its sheet, nobody is given another's fee or delay. Of their
// questions, three quarters at least are answered.
func TestPlainByTitle(t *testing.T) {
	t.Parallel()
	type asked struct {
		procedure, writing string
		field              retrieval.Field
		want               string // the sheet's value
	}
	var cases []string
	all := map[string]asked{}
	for id, sheets := range demoSheets(t) {
		for writing, questions := range plainly {
			sheet := sheets[map[string]string{"fr": "fr", "arabizi": "fr", "ar": "ar", "ary": "ar"}[writing]]
			for field, form := range questions {
				a := asked{id, writing, field, map[retrieval.Field]string{retrieval.Fee: sheet.Fee, retrieval.Delay: sheet.Delay}[field]}
				key := fmt.Sprint(id, " ", writing, " ", field)
				all[key] = a
				cases = append(cases, encode(t, caseLine{ID: key, Question: fmt.Sprintf(form, sheet.Title)}))
			}
		}
	}
	if len(cases) < 1000 {
		t.Fatalf("only %d questions", len(cases))
	}
	out := must(t, "ask", "--json", "--data", demoData(t), "--cases", writeFile(t, "titles.jsonl", cases...))
	shown := 0
	for _, a := range decode[assistant.Answer](t, out) {
		q := all[a.ID]
		if a.Status != assistant.Answered && a.Status != assistant.Partial {
			continue
		}
		shown++
		switch {
		case a.Procedure != q.procedure:
			t.Errorf("%s: answered with %s, confidence %.2f", a.ID, a.Procedure, a.Confidence)
		case q.want != "" && !strings.Contains(a.Text, q.want):
			t.Errorf("%s: status %s, aspects %v: not in the text: %s", a.ID, a.Status, a.Aspects, q.want)
		case q.want == "" && a.Status == assistant.Answered && len(a.Aspects) == 1 && a.Aspects[0] == q.field:
			t.Errorf("%s: answered, but the sheet has no such detail", a.ID)
		}
	}
	t.Logf("%d of %d questions answered", shown, len(cases))
	if shown < len(cases)*3/4 {
		t.Errorf("only %d of %d questions answered", shown, len(cases))
	}
}
