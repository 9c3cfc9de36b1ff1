package evals

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"murshid/assistant"
	"murshid/language"
	"murshid/retrieval"
)

// Runner is the product under measure.
type Runner struct {
	Answer func(ctx context.Context, question string) (assistant.Answer, error)
	Search func(ctx context.Context, question string, lang language.Language, count int) (retrieval.Ranking, error)
}

// Result is what the product made of one case.
type Result struct {
	Case
	Answer assistant.Answer
	Rank   int     // place of the first right procedure in the ranking, from 1; 0 beyond the first ten
	Top    string  // the procedure ranked first
	Sure   float64 // probability that it is right
	Err    error
}

// Run asks every case.
func (r Runner) Run(ctx context.Context, cases []Case) ([]Result, error) {
	out := make([]Result, 0, len(cases))
	for _, c := range cases {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		result := Result{Case: c}
		result.Answer, result.Err = r.Answer(ctx, c.Question)
		if measurable(c) && result.Err == nil {
			ranking, err := r.Search(ctx, c.Question, c.Writing, 10)
			result.Rank, result.Sure, result.Err = rank(ranking, c.Procedures), ranking.Confidence, err
			if len(ranking.Hits) > 0 {
				result.Top = ranking.Hits[0].Procedure
			}
		}
		out = append(out, result)
	}
	return out, nil
}

func rank(ranking retrieval.Ranking, right []string) int {
	for i, h := range ranking.Hits {
		if slices.Contains(right, h.Procedure) {
			return i + 1
		}
	}
	return 0
}

// gave reports whether the product gave an answer from a sheet.
func (r Result) gave() bool {
	return r.Answer.Status == assistant.Answered || r.Answer.Status == assistant.Partial
}

// right reports whether the answer names the right procedure and holds the figures it must.
func (r Result) right() bool {
	return slices.Contains(r.Procedures, r.Answer.Procedure) && r.holdsFigures()
}

func (r Result) holdsFigures() bool {
	text := strings.ReplaceAll(r.Answer.Text, "\u00a0", " ")
	return !slices.ContainsFunc(r.Must, func(figure string) bool { return !strings.Contains(text, figure) })
}

// Figures are the measures of one writing.
type Figures struct {
	Language                   language.Language
	Answerable, Unanswerable   int
	First, InFive              float64 // right procedure first, among the first five
	Coverage                   float64 // answerable questions that were answered
	Precision                  float64 // answered ones that are right, procedure and figures
	Refused                    float64 // answerable ones that were neither answered nor asked back about
	WrongProcedure             float64
	AnsweredWithoutSheet       float64 // unanswerable ones that were answered
	RightStatus, RightLanguage float64
	RightIntent                float64
}

// Measure gives the figures of a writing.
func Measure(results []Result, l language.Language) Figures {
	f := Figures{Language: l}
	var first, five, answered, right, wrong, refused, invented, status, intents, languages, all, judged float64
	for _, r := range results {
		if r.Writing != l {
			continue
		}
		all++
		languages += indicator(r.Answer.Language == l)
		if r.Answerable() {
			f.Answerable++
			first += indicator(r.Rank == 1)
			five += indicator(r.Rank > 0 && r.Rank <= 5)
			answered += indicator(r.gave())
			right += indicator(r.gave() && r.right())
			wrong += indicator(r.gave() && !slices.Contains(r.Procedures, r.Answer.Procedure))
			refused += indicator(!r.gave() && r.Answer.Status != assistant.Clarification)
			intents += indicator(r.Answer.Intent == assistant.IntentQuestion)
			continue
		}
		f.Unanswerable++
		judged++
		intents += indicator(r.Intent == "" || r.Answer.Intent == r.Intent)
		status += indicator(slices.Contains(r.Status, r.Answer.Status))
		invented += indicator(r.gave() && (r.Class == "not_in_corpus" || r.Class == "out_of_scope"))
	}
	n, u := max(1, float64(f.Answerable)), max(1, float64(f.Unanswerable))
	f.First, f.InFive, f.Coverage, f.Refused, f.WrongProcedure = first/n, five/n, answered/n, refused/n, wrong/n
	f.Precision = right / max(1, answered)
	f.AnsweredWithoutSheet, f.RightStatus = invented/u, status/max(1, judged)
	f.RightLanguage, f.RightIntent = languages/max(1, all), intents/max(1, all)
	return f
}

// Report prints the figures by writing and, for each class that must not be answered, what was said instead.
func Report(w io.Writer, results []Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s %5s %6s %6s %6s %6s %6s %6s | %5s %8s %7s | %6s %6s\n", "writing", "n", "first", "five",
		"cover", "right", "wrong", "refus", "n", "invented", "status", "intent", "lang")
	for _, l := range language.Writings {
		f := Measure(results, l)
		fmt.Fprintf(&b, "%-8s %5d %6.3f %6.3f %6.3f %6.3f %6.3f %6.3f | %5d %8.3f %7.3f | %6.3f %6.3f\n", l, f.Answerable,
			f.First, f.InFive, f.Coverage, f.Precision, f.WrongProcedure, f.Refused, f.Unanswerable,
			f.AnsweredWithoutSheet, f.RightStatus, f.RightIntent, f.RightLanguage)
	}
	reportClasses(&b, results)
	_, err := io.WriteString(w, b.String())
	return err
}

func reportClasses(b *strings.Builder, results []Result) {
	counts := map[string]map[assistant.Status]int{}
	for _, r := range results {
		class := r.Class
		if class == "" {
			class = "answerable"
		}
		if counts[class] == nil {
			counts[class] = map[assistant.Status]int{}
		}
		counts[class][r.Answer.Status]++
	}
	classes := make([]string, 0, len(counts))
	for class := range counts {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	for _, class := range classes {
		fmt.Fprintf(b, "%-16s", class)
		statuses := make([]string, 0, len(counts[class]))
		for status, n := range counts[class] {
			statuses = append(statuses, fmt.Sprintf("%s %d", status, n))
		}
		slices.Sort(statuses)
		fmt.Fprintln(b, strings.Join(statuses, ", "))
	}
}

// Failures prints the cases that went wrong, one a line, the worst kind first.
func Failures(w io.Writer, results []Result) error {
	var b strings.Builder
	for _, r := range results {
		kind := ""
		switch {
		case r.Err != nil:
			kind = "error"
		case r.Answerable() && r.gave() && !slices.Contains(r.Procedures, r.Answer.Procedure):
			kind = "wrong procedure"
		case r.Answerable() && r.gave() && !r.holdsFigures():
			kind = "figure missing"
		case r.Answerable() && !r.gave():
			kind = string(r.Answer.Status)
		case !r.Answerable() && !slices.Contains(r.Status, r.Answer.Status):
			kind = r.Class + " taken for " + string(r.Answer.Status)
		default:
			continue
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\trank %d\t%.2f\t%s\twant %s\t%s\n", kind, r.ID, r.Writing, r.Rank, r.Answer.Confidence,
			r.Answer.Procedure, strings.Join(r.Procedures, " "), r.Question)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
