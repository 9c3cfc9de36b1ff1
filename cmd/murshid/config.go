package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"murshid/assistant"
)

// Config is all that can be set. A flag wins over its MURSHID_* variable, that over the configuration file
// (lines of `name = value` with the flags' names), that over the default.
type Config struct {
	Data        string // folder of the private PostgreSQL, keys and state. Defaults to ./data.
	DatabaseURL string // a PostgreSQL with pgvector to use instead. Defaults to the private one.
	Addr        string // listen address. Defaults to 127.0.0.1:8080.
	RateLimit   bool   // limit how often one address may ask. Defaults to on.
	Cache       string // folder of the downloads of make setup. Defaults to the user's cache directory.
	// Retention is how long a conversation is kept after its last message. Defaults to 90 days.
	Retention time.Duration
	// EmbedOrigins are other sites whose pages may show the widget, comma-separated. Defaults to none.
	EmbedOrigins string

	// MaxError is the share of answers in percent that may be expected to be wrong. Defaults to 2.
	MaxError float64

	EmbeddingsURL   string // an OpenAI-compatible embeddings endpoint. Defaults to the built-in engine.
	EmbeddingsModel string
	EmbeddingsKey   string

	LLMURL      string // an OpenAI-compatible chat endpoint that words answers. Defaults to none: answers are rendered.
	LLMModel    string
	LLMKey      string
	LLMRequests int64 // most requests to it in a month (UTC). Defaults to 0: no limit.
	LLMTokens   int64 // most tokens in a month, as it counts them. Defaults to 0: no limit.

	JSON     bool
	Cases    string
	K        int
	Channel  string
	Corpus   string
	Replace  bool
	Demo     bool
	Vectors  bool
	Part     string
	Failures bool
	Out      string
}

// channels are the ways by which a question can come.
var channels = []string{string(assistant.Web), string(assistant.Email), string(assistant.SMS), string(assistant.Desk)}

var errHelp = errors.New("help was asked for")

// setting is one flag of Config. A setting without a variable belongs to a command line only.
type setting struct {
	name, variable, value, does string
	set                         func(*Config, string) error
	boolean                     bool
}

func settings() []setting {
	text := func(field func(*Config) *string) func(*Config, string) error {
		return func(c *Config, v string) error { *field(c) = v; return nil }
	}
	flagged := func(field func(*Config) *bool) func(*Config, string) error {
		return func(c *Config, v string) (err error) { *field(c), err = strconv.ParseBool(v); return err }
	}
	return []setting{
		{"data", "MURSHID_DATA", "DIR", "folder of the database, keys and state (default ./data)", text(func(c *Config) *string { return &c.Data }), false},
		{"database-url", "MURSHID_DATABASE_URL", "URL", "use this PostgreSQL (pgvector ≥ 0.8.2) instead of the private one", text(func(c *Config) *string { return &c.DatabaseURL }), false},
		{"addr", "MURSHID_ADDR", "HOST:PORT", "listen address (default 127.0.0.1:8080)", text(func(c *Config) *string { return &c.Addr }), false},
		{"rate-limit", "MURSHID_RATE_LIMIT", "on|off", "limit how often one address may ask (default on)", onOff, false},
		{"embed-origins", "MURSHID_EMBED_ORIGINS", "LIST", "other sites whose pages may show the widget, comma-separated, such as https://www.example.ma", embedOrigins, false},
		{"retention-days", "MURSHID_RETENTION_DAYS", "N", "days a conversation is kept after its last message (default 90)", retentionDays, false},
		{"cache", "MURSHID_CACHE", "DIR", "folder of the downloads of make setup", text(func(c *Config) *string { return &c.Cache }), false},
		{"embeddings-url", "MURSHID_EMBEDDINGS_URL", "URL", "an OpenAI-compatible embeddings endpoint instead of the built-in engine", text(func(c *Config) *string { return &c.EmbeddingsURL }), false},
		{"embeddings-model", "MURSHID_EMBEDDINGS_MODEL", "NAME", "its model", text(func(c *Config) *string { return &c.EmbeddingsModel }), false},
		{"embeddings-key", "MURSHID_EMBEDDINGS_KEY", "KEY", "its key", text(func(c *Config) *string { return &c.EmbeddingsKey }), false},
		{"llm-url", "MURSHID_LLM_URL", "URL", "an OpenAI-compatible chat endpoint that words answers (default none: they are rendered)", text(func(c *Config) *string { return &c.LLMURL }), false},
		{"llm-model", "MURSHID_LLM_MODEL", "NAME", "its model", text(func(c *Config) *string { return &c.LLMModel }), false},
		{"llm-key", "MURSHID_LLM_KEY", "KEY", "its key", text(func(c *Config) *string { return &c.LLMKey }), false},
		{"llm-requests", "MURSHID_LLM_REQUESTS", "N", "most requests to it in a month (default 0: no limit)", limit(func(c *Config) *int64 { return &c.LLMRequests }), false},
		{"llm-tokens", "MURSHID_LLM_TOKENS", "N", "most tokens in a month (default 0: no limit)", limit(func(c *Config) *int64 { return &c.LLMTokens }), false},
		{"json", "", "", "print JSON only", flagged(func(c *Config) *bool { return &c.JSON }), true},
		{"cases", "", "FILE", "read questions from JSON lines with id and question", text(func(c *Config) *string { return &c.Cases }), false},
		{"k", "", "N", "how many procedures to rank (default 10)", number, false},
		{"channel", "", "NAME", "web, email, sms or desk (default web)", text(func(c *Config) *string { return &c.Channel }), false},
		{"corpus", "", "NAME", "the corpus to load into (default main)", text(func(c *Config) *string { return &c.Corpus }), false},
		{"replace", "", "", "remove what the corpus holds and the input does not", flagged(func(c *Config) *bool { return &c.Replace }), true},
		{"demo", "", "", "load the demo corpus", flagged(func(c *Config) *bool { return &c.Demo }), true},
		{"vectors", "", "", "print the vectors too", flagged(func(c *Config) *bool { return &c.Vectors }), true},
		{"max-error", "MURSHID_MAX_ERROR", "PERCENT", "answer while at most this share of answers is expected to be wrong (default 2)", percent, false},
		{"part", "", "NAME", "the part of the questions: locked, exam, fit or all (default locked)", text(func(c *Config) *string { return &c.Part }), false},
		{"failures", "", "", "print the cases that went wrong instead of figures", flagged(func(c *Config) *bool { return &c.Failures }), true},
		{"out", "", "FILE", "where evals fit writes the weights (default retrieval/weights.json)", text(func(c *Config) *string { return &c.Out }), false},
	}
}

// embedOrigins takes a list of origins: a scheme, a host and nothing behind it.
func embedOrigins(c *Config, v string) error {
	for _, origin := range originsOf(v) {
		u, err := url.Parse(origin)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.Scheme+"://"+u.Host != origin ||
			strings.ContainsAny(u.Host, "*;'") {
			return fmt.Errorf("want origins such as https://www.example.ma, not %q", origin)
		}
	}
	c.EmbedOrigins = v
	return nil
}

// originsOf parts a list at commas and spaces; a slash at the end of an origin means nothing.
func originsOf(list string) []string {
	origins := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for i, o := range origins {
		origins[i] = strings.ToLower(strings.TrimSuffix(o, "/"))
	}
	return origins
}

func onOff(c *Config, v string) error {
	if v != "on" && v != "off" {
		return fmt.Errorf("want on or off, not %q", v)
	}
	c.RateLimit = v == "on"
	return nil
}

// percent takes a share that leaves something to answer and something to refuse.
func percent(c *Config, v string) error {
	p, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.ReplaceAll(v, ",", "."), "%")), 64)
	if err != nil || !(p >= 0.1 && p <= 50) {
		return fmt.Errorf("want a percentage from 0.1 to 50, not %q", v)
	}
	c.MaxError = p
	return nil
}

// limit takes a number of which 0 means none.
func limit(field func(*Config) *int64) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return fmt.Errorf("want a whole number, 0 for no limit, not %q", v)
		}
		*field(c) = n
		return nil
	}
}

func number(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 1000 {
		return fmt.Errorf("want a number from 1 to 1000, not %q", v)
	}
	c.K = n
	return nil
}

// readConfig reads flags, which may stand before or after arguments, variables and the configuration file.
func readConfig(args, environment []string) (Config, []string, error) {
	c := Config{Data: "data", Addr: "127.0.0.1:8080", RateLimit: true, K: 10, Channel: "web", Corpus: "main", Part: "locked",
		Retention: assistant.DefaultRetention, MaxError: 2, Out: filepath.Join("retrieval", "weights.json")}
	given, rest, err := readFlags(args)
	if err != nil {
		return c, nil, err
	}
	file, ok := given["config"]
	if !ok {
		file = variable(environment, "MURSHID_CONFIG")
	}
	lines, err := readFile(file)
	if err != nil {
		return c, nil, err
	}
	for _, s := range settings() {
		value, origin := lines[s.name], file
		if v := variable(environment, s.variable); v != "" {
			value, origin = v, s.variable
		}
		if v, ok := given[s.name]; ok {
			value, origin = v, "--"+s.name
		}
		if value == "" {
			continue
		}
		if err := s.set(&c, value); err != nil {
			return c, nil, usagef("%s: %v", origin, err)
		}
	}
	return c, rest, c.validate()
}

func (c Config) validate() error {
	switch {
	case !slices.Contains(channels, c.Channel):
		return usagef("--channel: want web, email, sms or desk, not %q", c.Channel)
	case c.EmbeddingsURL != "" && c.EmbeddingsModel == "":
		return usagef("MURSHID_EMBEDDINGS_MODEL is needed beside MURSHID_EMBEDDINGS_URL")
	case c.LLMURL != "" && c.LLMModel == "":
		return usagef("MURSHID_LLM_MODEL is needed beside MURSHID_LLM_URL")
	case !slices.Contains([]string{"locked", "exam", "fit", "all"}, c.Part):
		return usagef("--part: want locked, exam, fit or all, not %q", c.Part)
	}
	return nil
}

// readFlags parts flags from arguments; "--" ends the flags.
func readFlags(args []string) (given map[string]string, rest []string, err error) {
	given = map[string]string{}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, s := range append(settings(), setting{name: "config"}) {
		if s.boolean {
			flags.BoolFunc(s.name, "", func(v string) error { given[s.name] = v; return nil })
			continue
		}
		flags.Func(s.name, "", func(v string) error { given[s.name] = v; return nil })
	}
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, nil, errHelp
		} else if err != nil {
			return nil, nil, usagef("%v", err)
		}
		if flags.NArg() == 0 {
			return given, rest, nil
		}
		if ended := len(args) > flags.NArg() && args[len(args)-flags.NArg()-1] == "--"; ended {
			return given, append(rest, flags.Args()...), nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

func variable(environment []string, name string) string {
	for _, v := range environment {
		if value, ok := strings.CutPrefix(v, name+"="); ok && name != "" {
			return value
		}
	}
	return ""
}

// readFile reads the configuration file; no name is no file.
func readFile(name string) (map[string]string, error) {
	values := map[string]string{}
	if name == "" {
		return values, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, usagef("the configuration file cannot be read: %v", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || !slices.ContainsFunc(settings(), func(s setting) bool { return s.name == key && s.variable != "" }) {
			return nil, usagef("%s:%d: want a line of the form name = value with the name of a setting", name, n)
		}
		values[key] = strings.TrimSpace(value)
	}
	return values, lines.Err()
}

func flagHelp() string {
	var b strings.Builder
	b.WriteString("flags:\n")
	for _, s := range settings() {
		fmt.Fprintf(&b, "  --%-28s %s", strings.TrimSpace(s.name+" "+s.value), s.does)
		if s.variable != "" {
			fmt.Fprintf(&b, " [%s]", s.variable)
		}
		b.WriteByte('\n')
	}
	b.WriteString("  --config FILE                  lines of name = value [MURSHID_CONFIG]\n")
	return b.String()
}
