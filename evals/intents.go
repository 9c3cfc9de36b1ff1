package evals

import (
	"bytes"
	"context"
	_ "embed" // the intent cases
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"murshid/assistant"
	"murshid/language"
)

// IntentCase is a message and what a person wants with it.
type IntentCase struct {
	ID       string              `json:"id"`
	Writing  language.Language   `json:"writing"`
	Question string              `json:"question"`
	Class    string              `json:"class"`
	Intent   assistant.Intent    `json:"intent"`
	Intents  []assistant.Intent  `json:"intents"` // acceptable ones, where there are several
	Status   []assistant.Status  `json:"status"`  // acceptable ones
	Tracking *assistant.Tracking `json:"tracking"`
	Must     []string            `json:"must"`     // each stands in the answer
	MustAny  []string            `json:"must_any"` // one of them stands in the answer
}

//go:embed testdata/intents/intents.jsonl
var intentLines []byte

// IntentCases are the repository's messages of every intent.
func IntentCases() ([]IntentCase, error) {
	var out []IntentCase
	decoder := json.NewDecoder(bytes.NewReader(intentLines))
	for decoder.More() {
		var c IntentCase
		if err := decoder.Decode(&c); err != nil {
			return nil, fmt.Errorf("intent case %d: %w", len(out)+1, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// Locked reports whether the case is kept away from everybody who mends rules: half of them, by a hash of the id.
// Its failures are counted and never shown.
func (c IntentCase) Locked() bool {
	h := fnv.New32a()
	h.Write([]byte(c.ID)) // never fails
	return h.Sum32()%2 == 0
}

// accepts reports whether the intent is among those that are right.
func (c IntentCase) accepts(i assistant.Intent) bool {
	return i == c.Intent || slices.Contains(c.Intents, i)
}

// IntentResult is what the product made of a message.
type IntentResult struct {
	IntentCase
	Answer assistant.Answer
}

// right reports whether the intent is one of those that are right. An emergency is right when its number is said.
func (r IntentResult) right() bool {
	in := func(number string) bool { return slices.Contains(language.Words(r.Answer.Text), number) }
	switch {
	case len(r.Must)+len(r.MustAny) > 0:
		all := !slices.ContainsFunc(r.Must, func(n string) bool { return !in(n) })
		return all && (len(r.MustAny) == 0 || slices.ContainsFunc(r.MustAny, in))
	case r.Tracking != nil && (r.Answer.Tracking == nil || *r.Answer.Tracking != *r.Tracking):
		return false
	}
	return r.accepts(r.Answer.Intent)
}

// takenOver reports an answer that hands the person over or begins a complaint.
func takenOver(i assistant.Intent) bool {
	return i == assistant.IntentAgent || i == assistant.IntentComplaint
}

// IntentFigures are the measures of one writing and part.
type IntentFigures struct {
	Messages, TakeOvers, Questions int
	Right                          float64 // intents right
	Status                         float64 // statuses right
	Missed                         float64 // complaints and wishes for an agent taken for something else
	Mistaken                       float64 // questions taken for one of them
}

// MeasureIntents gives the figures of the results.
func MeasureIntents(results []IntentResult) IntentFigures {
	var f IntentFigures
	var right, status, missed, mistaken float64
	for _, r := range results {
		f.Messages++
		right += indicator(r.right())
		status += indicator(len(r.Status) == 0 || slices.Contains(r.Status, r.Answer.Status))
		switch {
		case takenOver(r.Intent):
			f.TakeOvers++
			missed += indicator(!r.accepts(r.Answer.Intent))
		case r.Intent == assistant.IntentQuestion:
			f.Questions++
			mistaken += indicator(takenOver(r.Answer.Intent))
		}
	}
	share := func(n float64, of int) float64 { return n / float64(max(1, of)) }
	f.Right, f.Status = share(right, f.Messages), share(status, f.Messages)
	f.Missed, f.Mistaken = share(missed, f.TakeOvers), share(mistaken, f.Questions)
	return f
}

// RunIntents asks every message and, beside them, the questions that must stay questions.
func (r Runner) RunIntents(ctx context.Context, cases []IntentCase) ([]IntentResult, error) {
	var out []IntentResult
	for _, c := range cases {
		answer, err := r.Answer(ctx, c.Question)
		if err != nil {
			return out, fmt.Errorf("case %s: %w", c.ID, err)
		}
		out = append(out, IntentResult{c, answer})
	}
	return out, nil
}

// questionClass marks the development questions among the intent cases.
const questionClass = "answerable"

// QuestionIntents are the answerable development questions as intent cases: they must stay questions. Exams are
// left out.
func QuestionIntents(cases []Case) []IntentCase {
	var out []IntentCase
	for _, c := range cases {
		if c.Answerable() && !c.Exam {
			out = append(out, IntentCase{ID: c.ID, Writing: c.Writing, Question: c.Question, Class: questionClass, Intent: assistant.IntentQuestion})
		}
	}
	return out
}

// ReportIntents prints the figures by writing for the open and the locked messages and for the development
// questions.
func ReportIntents(w io.Writer, results []IntentResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s %-10s %5s %6s %6s | %5s %6s | %5s %8s\n", "writing", "part", "n", "intent", "status", "over", "missed",
		"quest", "mistaken")
	for _, l := range language.Writings {
		for _, part := range []string{"open", string(Locked), questionClass} {
			var some []IntentResult
			for _, r := range results {
				if r.Writing == l && r.part() == part {
					some = append(some, r)
				}
			}
			f := MeasureIntents(some)
			fmt.Fprintf(&b, "%-8s %-10s %5d %6.3f %6.3f | %5d %6.3f | %5d %8.3f\n", l, part, f.Messages, f.Right, f.Status, f.TakeOvers,
				f.Missed, f.Questions, f.Mistaken)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r IntentResult) part() string {
	switch {
	case r.Class == questionClass:
		return questionClass
	case r.Locked():
		return string(Locked)
	}
	return "open"
}

// IntentFailures prints the messages that went wrong, one a line; never a locked one.
func IntentFailures(w io.Writer, results []IntentResult) error {
	var b strings.Builder
	for _, r := range results {
		if r.part() == string(Locked) || r.right() {
			continue
		}
		fmt.Fprintf(&b, "%s\t%s\t%s taken for %s (%s)\t%s\n", r.ID, r.Writing, r.Class, r.Answer.Intent, r.Answer.Status, r.Question)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
