package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"murshid/assistant"
)

// inputCase is one line of a file of cases; other fields are ignored.
type inputCase struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Channel  string `json:"channel"`
	Turns    []struct {
		User string `json:"user"`
	} `json:"turns"`
}

const maxCaseLine = 16 << 20

// failedCase is printed for a case that could not be worked on.
type failedCase struct {
	ID     string           `json:"id"`
	Status assistant.Status `json:"status"`
	Error  string           `json:"error"`
}

// caseWork is what a command does with a case.
type caseWork struct {
	// do gives the case's line. With an error it gives nil, or a line that says itself what failed.
	do func(context.Context, inputCase) (any, error)
	// failed is the line of a case that do gave none for; nil leaves it at a failedCase.
	failed func(failedCase) any
}

// checkCases looks at what a command is to work on, before anything is opened for it.
func (c *call) checkCases() error {
	switch {
	case c.Cases == "" && c.text() == "":
		return usagef("a text or --cases FILE is needed")
	case c.Cases != "" && len(c.args) > 0:
		return usagef("give a text or --cases, not both")
	case c.Cases != "":
		file, err := openCases(c)
		if err != nil {
			return err
		}
		return file.Close()
	}
	return nil
}

// text is the question of the command line.
func (c *call) text() string { return strings.TrimSpace(strings.Join(c.args, " ")) }

// eachCase works on the lines of the cases file, or on the text of the command line as one case, and writes exactly
// one JSON line a case, in order, as it goes. A case that fails does not stop the others.
func eachCase(ctx context.Context, c *call, work caseWork) error {
	if c.Cases == "" {
		value, err := work.do(ctx, inputCase{Question: c.text()})
		if value == nil {
			return err
		}
		if shown, ok := value.(fmt.Stringer); ok && !c.JSON {
			_, printErr := fmt.Fprintln(c.stdout, shown)
			return errors.Join(err, printErr)
		}
		return errors.Join(err, writeLine(c.stdout, value))
	}
	file, err := openCases(c)
	if err != nil {
		return err
	}
	defer file.Close()
	return readCases(ctx, c, file, work)
}

func openCases(c *call) (io.ReadCloser, error) {
	if c.Cases == "-" {
		return io.NopCloser(c.stdin), nil
	}
	file, err := os.Open(c.Cases)
	if err != nil {
		return nil, usagef("the cases cannot be read: %v", err)
	}
	return file, nil
}

func readCases(ctx context.Context, c *call, r io.Reader, work caseWork) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxCaseLine)
	failed := 0
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		value, err := work.line(ctx, lines.Bytes())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(c.stderr, "murshid %s: %s:%d: %s\n", c.name, c.Cases, n, oneSentence(err))
		}
		if err := writeLine(c.stdout, value); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	if failed > 0 {
		return errPartly
	}
	return nil
}

// line works on one line of a file of cases; there is a value for every line, also beside an error.
func (w caseWork) line(ctx context.Context, line []byte) (any, error) {
	var input inputCase
	err := json.Unmarshal([]byte(strings.TrimPrefix(string(line), "\ufeff")), &input)
	if err != nil {
		err = fmt.Errorf("not a case: %w", err)
	}
	var value any
	if err == nil {
		value, err = w.do(ctx, input)
	}
	if value != nil {
		return value, err
	}
	failed := failedCase{ID: input.ID, Status: assistant.Failed, Error: oneSentence(err)}
	if w.failed == nil {
		return failed, err
	}
	return w.failed(failed), err
}

func writeLine(w io.Writer, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// closing joins what went wrong in a command with what went wrong in closing its installation.
func closing(err *error, in *installation) { *err = errors.Join(*err, in.close()) }
