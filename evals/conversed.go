package evals

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"murshid/language"
)

// tally counts dialogues and turns, and how many of them are right; opened are the dialogues whose first turn is right,
// which measures the search more than the thread.
type tally struct{ dialogues, opened, right, turns, rightTurns int }

func (t *tally) add(c Conversed) {
	t.dialogues++
	if c.Wrong[0] == "" {
		t.opened++
	}
	if c.Right() {
		t.right++
	}
	t.turns += len(c.Turns)
	t.rightTurns += c.rightTurns()
}

func (t *tally) String() string {
	if t.dialogues == 0 {
		return fmt.Sprintf("%4s %6s %6s %5s %6s", "-", "-", "-", "-", "-")
	}
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	return fmt.Sprintf("%4d %6.3f %6.3f %5d %6.3f", t.dialogues, share(t.opened, t.dialogues), share(t.right, t.dialogues), t.turns,
		share(t.rightTurns, t.turns))
}

// ReportDialogues prints by writing and by kind how many dialogues have every turn right, and how many turns are
// right, the open and the locked ones apart.
func ReportDialogues(w io.Writer, all []Conversed) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s |    n opened  whole turns  right |    n opened  whole turns  right (locked)\n", "")
	line := func(name string, of func(Conversed) bool) {
		var open, locked tally
		for _, c := range all {
			switch {
			case !of(c):
			case c.Locked():
				locked.add(c)
			default:
				open.add(c)
			}
		}
		fmt.Fprintf(&b, "%-22s | %s | %s\n", name, &open, &locked)
	}
	for _, l := range language.Writings {
		line(string(l), func(c Conversed) bool { return c.Writing == l })
	}
	for _, kind := range kinds(all) {
		line(kind, func(c Conversed) bool { return c.Kind == kind })
	}
	line("all", func(Conversed) bool { return true })
	_, err := io.WriteString(w, b.String())
	return err
}

func kinds(all []Conversed) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// DialogueFailures prints the open dialogues that went wrong, turn by turn. The locked ones stay unread.
func DialogueFailures(w io.Writer, all []Conversed) error {
	var b strings.Builder
	for _, c := range all {
		if c.Locked() || c.Right() {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", c.ID, c.Kind)
		for i, turn := range c.Turns {
			a := c.Answers[i]
			fmt.Fprintf(&b, "  %-10s %s\n             = %s %s %s %.2f %s %v %v\n", c.Wrong[i], turn.User, a.Language, a.Intent, a.Status,
				a.Confidence, a.Procedure, a.Aspects, a.Choices)
			if c.Wrong[i] != "" {
				fmt.Fprintf(&b, "             want %s\n", turn.Expect)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String shows what is expected, without what may be anything.
func (e Expectation) String() string {
	var parts []string
	for _, part := range []struct {
		name  string
		value any
	}{{"language", e.Language}, {"intent", e.Intent}, {"intents", e.Intents}, {"status", e.Status}, {"procedure", e.Procedure},
		{"aspects", e.Aspects}, {"must", e.Must}, {"choices", e.Choices}} {
		if text := fmt.Sprint(part.value); text != "" && text != "[]" {
			parts = append(parts, part.name+" "+text)
		}
	}
	return strings.Join(parts, ", ")
}
