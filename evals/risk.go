package evals

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"murshid/assistant"
	"murshid/language"
)

// Calibration compares the probabilities of the answers of a writing with how often they were right.
type Calibration struct {
	Language language.Language
	Count    int
	Said     float64 // mean probability
	Right    float64 // share that was right
	Error    float64 // mean distance in ten bins of equal size (expected calibration error)
	Noise    float64 // what that distance would be on average if the probabilities were exact
}

// judged are the results whose confidence speaks of a procedure, surest first.
func judgedResults(results []Result, l language.Language) []Result {
	var out []Result
	for _, r := range results {
		if r.Writing == l && (r.Answerable() || r.homeless()) && r.Answer.Intent == assistant.IntentQuestion && r.Top != "" {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Result) int { return cmp.Compare(b.Sure, a.Sure) })
	return out
}

// Calibrate measures how far confidences can be taken at their word.
func Calibrate(results []Result, l language.Language) Calibration {
	const bins = 10
	of := judgedResults(results, l)
	c := Calibration{Language: l, Count: len(of)}
	if len(of) < bins {
		return c
	}
	for b := range bins {
		bin := of[b*len(of)/bins : (b+1)*len(of)/bins]
		var said, right, spread float64
		for _, r := range bin {
			said += r.Sure
			right += indicator(slices.Contains(r.Procedures, r.Top))
			spread += r.Sure * (1 - r.Sure)
		}
		n := float64(len(bin))
		c.Said += said / float64(len(of))
		c.Right += right / float64(len(of))
		c.Error += math.Abs(said-right) / float64(len(of))
		c.Noise += math.Sqrt(spread/n*2/math.Pi/n) * n / float64(len(of)) // mean of |normal|
	}
	return c
}

// ReportCalibration prints the calibration of each writing.
func ReportCalibration(w io.Writer, results []Result) error {
	var b strings.Builder
	for _, l := range language.Writings {
		c := Calibrate(results, l)
		fmt.Fprintf(&b, "%-8s said %.3f, right %.3f of %d; calibration error %.3f (%.3f by chance)\n", l, c.Said, c.Right,
			c.Count, c.Error, c.Noise)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Picture draws the risk–coverage curves as SVG: across, the share of questions with a sheet that are answered; up,
// the share of these answers that name a wrong procedure.
func Picture(w io.Writer, results []Result) error {
	const width, height, left, bottom, top = 640, 400, 60, 350, 20
	x := func(coverage float64) float64 { return left + coverage*(width-left-20) }
	y := func(risk float64) float64 { return bottom - math.Min(risk, .2)/.2*(bottom-top) }
	colours := map[language.Language]string{language.French: "#1b4f8f", language.Arabic: "#0a7a4b", language.Darija: "#b3541e",
		language.Arabizi: "#7a2a7a"}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	for i := range 5 {
		risk, coverage := float64(i)*.05, float64(i)*.25
		fmt.Fprintf(&b, `<path d="M%d %.0fH%d" stroke="#ddd"/><text x="8" y="%.0f">%.0f %%</text>`+"\n", left, y(risk), width-20, y(risk)+4, risk*100)
		fmt.Fprintf(&b, `<text x="%.0f" y="%d" text-anchor="middle">%.0f %%</text>`+"\n", x(coverage), bottom+18, coverage*100)
	}
	for i, l := range language.Writings {
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`, riskPath(results, l, x, y), colours[l])
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", left+12, top+16+18*i, colours[l], l)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">questions with a sheet that are answered</text></svg>`+"\n", (width+left)/2, height-8)
	_, err := io.WriteString(w, b.String())
	return err
}

func riskPath(results []Result, l language.Language, x, y func(float64) float64) string {
	of := slices.DeleteFunc(judgedResults(results, l), func(r Result) bool { return !r.Answerable() })
	var b strings.Builder
	wrong := 0.0
	for i, r := range of {
		wrong += indicator(!slices.Contains(r.Procedures, r.Top))
		if answered := float64(i + 1); i >= 9 { // the first few say nothing
			fmt.Fprintf(&b, "%c%.1f %.1f", "ML"[int(indicator(i > 9))], x(answered/float64(len(of))), y(wrong/answered))
		}
	}
	return b.String()
}
