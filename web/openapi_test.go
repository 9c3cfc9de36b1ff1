package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// schema is the part of JSON Schema that openapi.json uses.
type schema map[string]any

// document is the parsed openapi.json.
func parsedOpenAPI(t *testing.T) schema {
	t.Helper()
	var d schema
	if err := json.Unmarshal(openAPIDocument, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// at follows keys into nested objects.
func (s schema) at(keys ...string) schema {
	for _, key := range keys {
		next, ok := s[key].(map[string]any)
		if !ok {
			return nil
		}
		s = next
	}
	return s
}

func TestOpenAPIHasEachRoute(t *testing.T) {
	t.Parallel()
	d := parsedOpenAPI(t)
	documented := map[string]bool{}
	for path, methods := range d.at("paths") {
		for method := range methods.(map[string]any) {
			documented[strings.ToUpper(method)+" "+path] = true
		}
	}
	served := map[string]bool{}
	for _, r := range newSite(t, nil).routes() {
		_, path, _ := strings.Cut(r.pattern, " ")
		if wantsPage(request(t, path)) { // a page for people
			continue
		}
		if strings.HasPrefix(path, "/static/") {
			continue
		}
		served[r.pattern] = true
		if !documented[r.pattern] {
			t.Errorf("%s is not documented", r.pattern)
		}
	}
	for route := range documented {
		if !served[route] {
			t.Errorf("%s is documented and does not exist", route)
		}
	}
}

func request(t *testing.T, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	return r
}

func TestAnswersFitOpenAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	first := s.call(t, http.MethodPost, "/api/v1/ask", `{"text":"Quels papiers pour la carte ?"}`)
	var opened struct{ Conversation string }
	if err := json.Unmarshal([]byte(bodyOf(t, first)), &opened); err != nil {
		t.Fatal(err)
	}
	s.backend.Reply(opened.Conversation, "Ici un agent.")
	d := parsedOpenAPI(t)
	for _, c := range []struct{ method, path, url, body string }{
		{"post", "/api/v1/ask", "", `{"text":"ما هي الوثائق المطلوبة لتجديد البطاقة الوطنية؟"}`},
		{"post", "/api/v1/ask", "", `{"text":"passeport"}`},
		{"post", "/api/v1/ask", "", `{"text":"un agent"}`},
		{"post", "/api/v1/ask", "", `{"text":""}`},
		{"post", "/api/v1/ask", "", `{"text":"prix","conversation":"x"}`},
		{"post", "/api/v1/search", "", `{"text":"passeport"}`},
		{"post", "/api/v1/search", "", `{"text":"passeport","k":-1}`},
		{"post", "/api/v1/messages", "", `{"conversation":"` + opened.Conversation + `"}`},
		{"post", "/api/v1/messages", "", `{"conversation":"x"}`},
		{"get", "/api/v1/procedures", "", ""},
		{"get", "/api/v1/procedures/{id}", "/api/v1/procedures/cnie-renouvellement", ""},
		{"get", "/api/v1/procedures/{id}", "/api/v1/procedures/x", ""},
		{"get", "/api/openapi.json", "", ""},
		{"get", "/healthz", "", ""},
		{"get", "/readyz", "", ""},
	} {
		url := c.url
		if url == "" {
			url = c.path
		}
		r := s.call(t, strings.ToUpper(c.method), url, c.body)
		answer := d.at("paths", c.path, c.method, "responses", strconv.Itoa(r.StatusCode))
		if answer == nil {
			t.Errorf("%s %s: status %d is not documented", c.method, url, r.StatusCode)
			continue
		}
		var value any
		if err := json.Unmarshal([]byte(bodyOf(t, r)), &value); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if err := d.fits(value, d.resolve(answer).at("content", "application/json", "schema")); err != nil {
			t.Errorf("%s %s %d: %v", c.method, url, r.StatusCode, err)
		}
	}
}

// A schema check that accepts everything would prove nothing.
func TestFits(t *testing.T) {
	t.Parallel()
	d := parsedOpenAPI(t)
	for name, value := range map[string]string{
		"missing field": `{"id":"x","theme":"","langs":[]}`,
		"wrong type":    `{"id":5,"titles":{},"theme":"","langs":[]}`,
		"wrong value":   `{"id":"x","titles":{},"theme":"","langs":["de"]}`,
		"unknown field": `{"id":"x","titles":{},"theme":"","langs":[],"more":1}`,
		"wrong map":     `{"id":"x","titles":{"fr":1},"theme":"","langs":[]}`,
		"null":          `null`,
	} {
		var v any
		if err := json.Unmarshal([]byte(value), &v); err != nil {
			t.Fatal(err)
		}
		if d.fits(v, schema{"$ref": "#/components/schemas/Procedure"}) == nil {
			t.Errorf("%s fits", name)
		}
	}
}

func (s schema) resolve(x schema) schema {
	if ref, ok := x["$ref"].(string); ok {
		return s.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return x
}

// fits reports what in a value is not as the schema says. Fields that the schema does not name are faults, too: the
// document is to be whole.
func (s schema) fits(value any, x schema) error {
	x = s.resolve(x)
	if x == nil {
		return fmt.Errorf("no schema for %v", value)
	}
	if choices, ok := x["anyOf"].([]any); ok {
		var err error
		for _, one := range choices {
			if err = s.fits(value, one.(map[string]any)); err == nil {
				return nil
			}
		}
		return err
	}
	if types := typesOf(x); !slices.ContainsFunc(types, func(t string) bool { return isA(value, t) }) {
		return fmt.Errorf("%v is none of %v", value, types)
	}
	if allowed, ok := x["enum"].([]any); ok && !slices.Contains(allowed, value) {
		return fmt.Errorf("%v is none of %v", value, allowed)
	}
	if want, ok := x["const"]; ok && want != value {
		return fmt.Errorf("%v is not %v", value, want)
	}
	switch value := value.(type) {
	case []any:
		for _, entry := range value {
			if err := s.fits(entry, x.at("items")); err != nil {
				return err
			}
		}
	case map[string]any:
		return s.fitsObject(value, x)
	}
	return nil
}

func (s schema) fitsObject(value map[string]any, x schema) error {
	required, _ := x["required"].([]any)
	for _, name := range required {
		if _, ok := value[name.(string)]; !ok {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if x["properties"] == nil && x["additionalProperties"] == nil {
		return nil
	}
	for name, v := range value {
		of := x.at("properties", name)
		if of == nil {
			of = x.at("additionalProperties")
		}
		if of == nil {
			return fmt.Errorf("%s is not documented", name)
		}
		if err := s.fits(v, of); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func typesOf(x schema) []string {
	switch t := x["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var types []string
		for _, one := range t {
			types = append(types, one.(string))
		}
		return types
	}
	return nil
}

func isA(value any, kind string) bool {
	switch v := value.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case string:
		return kind == "string"
	case float64:
		return kind == "number" || (kind == "integer" && v == math.Trunc(v))
	case []any:
		return kind == "array"
	}
	return kind == "object"
}
