package webchat

import (
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"

	"murshid/assistant"
	"murshid/language"
)

// code names an error for programs; texts has its words for people.
type code string

// The codes of errors.
const (
	codeBadMessage     code = "bad_message"
	codeUnknownType    code = "unknown_type"
	codeEmpty          code = "empty"
	codeTooLong        code = "too_long"
	codeRateLimited    code = "rate_limited"
	codeBusy           code = "busy"
	codeNoConversation code = "no_conversation"
	codeClosing        code = "closing"
	codeFailed         code = "failed"
	codeVersion        code = "bad_version"
	codeOrigin         code = "bad_origin"
	codeHandshake      code = "bad_handshake"
)

// codes are all codes; a test holds texts against them.
var codes = []code{codeBadMessage, codeUnknownType, codeEmpty, codeTooLong, codeRateLimited, codeBusy,
	codeNoConversation, codeClosing, codeFailed, codeVersion, codeOrigin, codeHandshake}

//go:embed errors.json
var textsJSON []byte

// texts are the words of each error by language.
var texts = func() map[language.Language]map[code]string {
	var t map[language.Language]map[code]string
	if err := json.Unmarshal(textsJSON, &t); err != nil {
		panic("webchat: errors.json: " + err.Error())
	}
	return t
}()

// in is the error in a language; in French where that has none.
func (c code) in(l language.Language) string {
	if text, ok := texts[l][c]; ok {
		return text
	}
	return texts[language.French][c]
}

// codeOf is the only place where errors become codes.
func codeOf(err error) code {
	switch {
	case errors.Is(err, assistant.ErrNoConversation):
		return codeNoConversation
	case errors.Is(err, assistant.ErrEmpty):
		return codeEmpty
	case errors.Is(err, assistant.ErrTooLong):
		return codeTooLong
	}
	return codeFailed
}

// byLetters calls a text Arabic that has more Arabic letters than others, else French.
func byLetters(text string) language.Language {
	arabic, other := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.IsLetter(r):
			other++
		}
	}
	if arabic > other {
		return language.Arabic
	}
	return language.French
}

// acceptedLanguage is the first of a browser's languages that we have words in, else French.
func acceptedLanguage(r *http.Request) language.Language {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		l := language.Language(strings.ToLower(base))
		if _, ok := texts[l]; ok {
			return l
		}
	}
	return language.French
}
