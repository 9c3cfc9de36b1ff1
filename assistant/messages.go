package assistant

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"murshid/language"
)

//go:embed messages/*.json
var messageFiles embed.FS

// messages are the texts of answers by language and key. English and other languages get one sentence in English,
// then the French text.
var messages = mustMessages()

func mustMessages() map[language.Language]map[string]string {
	out := map[language.Language]map[string]string{}
	for _, l := range append([]language.Language{language.English}, language.Writings...) {
		file, err := messageFiles.ReadFile("messages/" + string(l) + ".json")
		if err != nil {
			panic(err) // compiled in
		}
		texts := map[string]string{}
		if err := json.Unmarshal(file, &texts); err != nil {
			panic(fmt.Sprintf("messages/%s.json: %v", l, err)) // compiled in, and a test reads it
		}
		out[l] = texts
	}
	return out
}

// say is the message of a key in the turn's language, with {name} replaced by the value after name.
func (t *Turn) say(key string, pairs ...string) string {
	texts, ok := messages[t.Answer.Language]
	if !ok || t.Answer.Language == language.English {
		texts = messages[language.French]
	}
	text, ok := texts[key]
	if !ok {
		text = messages[language.French][key]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// Say is a message of the assistant in a language, for what is said outside a turn; "" for an unknown key.
func Say(l language.Language, key string) string {
	t := &Turn{}
	t.Answer.Language = l
	return t.say(key)
}
