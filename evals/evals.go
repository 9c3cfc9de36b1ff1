// Package evals measures the answers on the repository's own questions, and fits what is fitted.
package evals

import (
	"bufio"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"path"
	"strings"

	"murshid/assistant"
	"murshid/language"
	"murshid/retrieval"
)

// Case is one development question and what is right for it.
type Case struct {
	ID         string             `json:"id"`
	Writing    language.Language  `json:"writing"`
	Question   string             `json:"question"`
	Procedures []string           `json:"procedures"` // acceptable ones, the best first; none: it must not be answered
	Aspects    []retrieval.Field  `json:"aspects"`
	Must       []string           `json:"must"` // figures the answer must hold
	Class      string             `json:"class"`
	Intent     assistant.Intent   `json:"intent"`
	Status     []assistant.Status `json:"status"` // acceptable ones
	Exam       bool               `json:"-"`      // it stands in a file that nobody who mends rules has read
}

// Answerable reports whether the corpus holds an answer.
func (c Case) Answerable() bool { return c.Class == "" && len(c.Procedures) > 0 }

// Locked reports whether the case is kept away from every fit: half of the exams and a third of the others, by a hash
// of the id.
func (c Case) Locked() bool {
	h := fnv.New32a()
	h.Write([]byte(c.ID)) // never fails
	if c.Exam {
		return h.Sum32()%2 == 0
	}
	return h.Sum32()%3 == 0
}

// Part of the cases.
type Part string

// The parts.
const (
	All    Part = "all"
	Fit    Part = "fit"    // what weights and calibration may see
	Locked Part = "locked" // what they may not
	Exam   Part = "exam"   // of these, what nobody who mended rules has read
)

// Of are the cases of the part.
func (p Part) Of(cases []Case) []Case {
	var out []Case
	for _, c := range cases {
		if p == All || (p == Exam && c.Exam && c.Locked()) || (p != Exam && c.Locked() == (p == Locked)) {
			out = append(out, c)
		}
	}
	return out
}

//go:embed testdata/questions/*.jsonl
var questions embed.FS

// Cases are the repository's development questions.
func Cases() ([]Case, error) {
	names, err := fs.Glob(questions, "testdata/questions/*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	var out []Case
	for _, name := range names {
		file, err := questions.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open questions: %w", err)
		}
		cases, err := Read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		for i := range cases {
			cases[i].Exam = strings.HasPrefix(path.Base(name), examPrefix)
		}
		out = append(out, cases...)
	}
	return out, nil
}

// examPrefix begins the names of the files that are exams.
const examPrefix = "exam_"

// Read reads cases, one JSON object a line.
func Read(r io.Reader) ([]Case, error) {
	var out []Case
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, c)
	}
	return out, lines.Err()
}
