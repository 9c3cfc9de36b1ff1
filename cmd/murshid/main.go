// Command murshid is the assistant that a public administration installs by itself: the service and the commands
// that administer it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// version is set by the linker (make build).
var version = "unknown"

// Exit statuses, as the contract gives them.
const (
	statusDone   = 0
	statusFailed = 1 // something could not be done
	statusUsage  = 2 // wrong use
)

// errPartly means that a part could not be done and was already reported.
var errPartly = errors.New("a part could not be done")

// usageError is a wrong use of a command; its text says what is wrong.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// command is one subcommand.
type command struct {
	name, arguments, does string
	hidden                bool
	run                   func(ctx context.Context, c *call) error
}

// call is one use of a command.
type call struct {
	command
	Config
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// commands are all subcommands in the order of the help.
func commands() []command {
	return []command{
		{name: "serve", does: "runs the service", run: serve},
		{name: "ask", arguments: "[--json] [--channel web|email|sms|desk] TEXT | --cases FILE", does: "answers a question", run: ask},
		{name: "search", arguments: "[--json] [--k 10] TEXT | --cases FILE", does: "ranks procedures for a question", run: search},
		{name: "converse", arguments: "--json --cases FILE", does: "answers dialogues", run: converse},
		{name: "language", arguments: "--json TEXT | --cases FILE", does: "names the language of a text", run: nameLanguage},
		{name: "embed", arguments: "--json --cases FILE [--vectors]", does: "embeds questions on one thread", run: embed},
		{name: "ingest", arguments: "[--corpus NAME] [--replace] [--demo] [--json] PATH…", does: "loads sheets", run: ingestSheets},
		{name: "evals", arguments: "[fit|intents] [--cases FILE] [--part locked|fit|all]", does: "measures the answers on the repository's questions", run: evaluate},
		{name: "user", arguments: "list | add NAME | password NAME", does: "administers the agents of the desk", run: users},
		{name: "migrate", does: "brings the schema up to date", run: migrate},
		{name: "doctor", does: "checks every dependency and says how to mend what is wrong", run: doctor},
		{name: "backup", arguments: "FILE", does: "saves the database and the keys", run: backup},
		{name: "restore", arguments: "FILE", does: "brings back a backup", run: restore},
		{name: "vectors", arguments: "FILE", does: "computes the vectors that ship with the demo corpus", hidden: true, run: vectors},
		{name: "version", does: "prints the version", run: printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	status := run(ctx, os.Args[1:], &call{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr})
	stop()
	os.Exit(status)
}

// endings are the signals on which a command gives everything back before it ends. A reader that has gone
// (| head) is an error of writing then, not a death that leaves PostgreSQL behind.
func endings() []os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// run carries out one command line and gives its exit status. Errors are one sentence on stderr.
func run(ctx context.Context, args []string, c *call) int {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		fmt.Fprint(c.stdout, help())
		return statusDone
	}
	i := slices.IndexFunc(commands(), func(k command) bool { return k.name == args[0] })
	if i < 0 {
		fmt.Fprintf(c.stderr, "murshid: there is no command %q: see murshid help\n", args[0])
		return statusUsage
	}
	c.command = commands()[i]
	var err error
	if c.Config, c.args, err = readConfig(args[1:], os.Environ()); err == nil {
		err = c.run(ctx, c)
	}
	return c.report(err)
}

// report turns an error into an exit status and one sentence.
func (c *call) report(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errHelp):
		fmt.Fprintf(c.stdout, "murshid %s %s: %s\n%s", c.name, c.arguments, c.does, flagHelp())
		return statusDone
	case errors.As(err, &usage):
		fmt.Fprintf(c.stderr, "murshid %s: %s\n", c.name, oneSentence(err))
		return statusUsage
	case errors.Is(err, errPartly):
		return statusFailed
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.stderr, "murshid %s: interrupted\n", c.name)
		return statusFailed
	}
	fmt.Fprintf(c.stderr, "murshid %s: %s\n", c.name, oneSentence(err))
	return statusFailed
}

// oneSentence is an error's text on one line.
func oneSentence(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' }), "; ")
}

func help() string {
	var b strings.Builder
	b.WriteString("murshid answers questions on administrative procedures.\n\nusage: murshid COMMAND [flags] [arguments]\n\n")
	for _, k := range commands() {
		if !k.hidden {
			fmt.Fprintf(&b, "  %-9s %s\n", k.name, k.does)
			if k.arguments != "" {
				fmt.Fprintf(&b, "            murshid %s %s\n", k.name, k.arguments)
			}
		}
	}
	b.WriteString("\n" + flagHelp())
	return b.String()
}

func printVersion(_ context.Context, c *call) error {
	_, err := fmt.Fprintln(c.stdout, "murshid", version)
	return err
}
