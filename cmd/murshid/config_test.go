package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadConfig(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "murshid.conf")
	if err := os.WriteFile(file, []byte("# the city's\ndata = /from/file\naddr = 0.0.0.0:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args, environment []string
		data, addr        string
		rest              []string
	}{
		"defaults":              {nil, nil, "data", "127.0.0.1:8080", nil},
		"file":                  {[]string{"--config", file}, nil, "/from/file", "0.0.0.0:1", nil},
		"variable over file":    {[]string{"--config", file}, []string{"MURSHID_DATA=/v"}, "/v", "0.0.0.0:1", nil},
		"flag over variable":    {[]string{"--data", "/f"}, []string{"MURSHID_DATA=/v"}, "/f", "127.0.0.1:8080", nil},
		"flags after arguments": {[]string{"a", "--data=/f", "b"}, nil, "/f", "127.0.0.1:8080", []string{"a", "b"}},
		"file by variable":      {nil, []string{"MURSHID_CONFIG=" + file}, "/from/file", "0.0.0.0:1", nil},
		"arguments that look like flags": {[]string{"--", "--data", "x"}, nil, "data", "127.0.0.1:8080",
			[]string{"--data", "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rest, err := readConfig(c.args, c.environment)
			if err != nil {
				t.Fatal(err)
			}
			if got.Data != c.data || got.Addr != c.addr {
				t.Errorf("data %q, addr %q", got.Data, got.Addr)
			}
			if diff := cmp.Diff(c.rest, rest); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadConfigRefuses(t *testing.T) {
	t.Parallel()
	wrong := filepath.Join(t.TempDir(), "wrong.conf")
	if err := os.WriteFile(wrong, []byte("dta = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"unknown flag":       {"--dta", "x"},
		"no value":           {"--data"},
		"not on or off":      {"--rate-limit", "yes"},
		"unknown channel":    {"--channel", "fax"},
		"no number":          {"--k", "many"},
		"zero":               {"--k", "0"},
		"no origin":          {"--embed-origins", "https://www.example.ma, example.ma"},
		"origin with a path": {"--embed-origins", "https://www.example.ma/page"},
		"any origin":         {"--embed-origins", "https://*"},
		"missing file":       {"--config", "/no/such/file"},
		"wrong line":         {"--config", wrong},
		"endpoint, no model": {"--embeddings-url", "http://127.0.0.1:1"},
		"chat, no model":     {"--llm-url", "http://127.0.0.1:1"},
		"a limit below none": {"--llm-requests", "-1"},
		"a limit in words":   {"--llm-tokens", "many"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readConfig(args, nil)
			if usage := (usageError{}); !errors.As(err, &usage) {
				t.Errorf("error %v is no usage error", err)
			}
		})
	}
}
