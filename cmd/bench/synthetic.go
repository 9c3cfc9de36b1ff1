package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"murshid/corpus"
	"murshid/language"
	"murshid/retrieval"

	"io/fs"
)

// demoSheets are the demo corpus, from whose words synthetic sheets are made.
func demoSheets() ([]retrieval.Sheet, error) {
	var all []retrieval.Sheet
	names, err := fs.Glob(corpus.Sheets(), "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		file, err := fs.ReadFile(corpus.Sheets(), name)
		if err != nil {
			return nil, err
		}
		var sheets []retrieval.Sheet
		if err := json.Unmarshal(file, &sheets); err != nil {
			return nil, err
		}
		all = append(all, sheets...)
	}
	return all, nil
}

// vocabulary are the words of the demo corpus by language.
func vocabulary() (map[language.Language][]string, error) {
	sheets, err := demoSheets()
	if err != nil {
		return nil, err
	}
	words := map[language.Language][]string{}
	for i := range sheets {
		s := &sheets[i]
		for _, f := range retrieval.Fields {
			words[s.Lang] = append(words[s.Lang], strings.Fields(strings.Join(s.Values(f), " "))...)
		}
		words[s.Lang] = append(words[s.Lang], strings.Fields(s.Title)...)
	}
	return words, nil
}

// syntheticSheets are procedures in two languages made of the demo corpus's words, with as many sections as asked
// for; the same at every run.
func syntheticSheets(procedures, sections int) []retrieval.Sheet {
	words, err := vocabulary()
	if err != nil {
		panic(err) // the corpus is compiled in
	}
	random := rand.New(rand.NewPCG(1, 2))
	var out []retrieval.Sheet
	for i := range procedures {
		for _, lang := range []language.Language{language.French, language.Arabic} {
			text := func(n int) string {
				picked := make([]string, n)
				for k := range picked {
					picked[k] = words[lang][random.IntN(len(words[lang]))]
				}
				return strings.Join(picked, " ")
			}
			s := retrieval.Sheet{ID: fmt.Sprintf("synthetic-%05d", i), Lang: lang, Title: text(6),
				Documents: []string{text(8), text(8), text(8)}, Fee: text(6), Delay: text(5), Place: text(8)}
			for range sections {
				s.Sections = append(s.Sections, retrieval.Section{Heading: text(4), Text: text(60)})
			}
			out = append(out, s)
		}
	}
	return out
}

func writeSheets(path string, sheets []retrieval.Sheet) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriter(file)
	encoder := json.NewEncoder(buffer)
	for _, s := range sheets {
		if err := encoder.Encode(s); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(buffer.Flush(), file.Close())
}
