package assets

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

var errNoCharsmap = errors.New("no precompiled_charsmap in the tokenizer's normalizer")

// normalizer is the part of a tokenizer.json that carries the table; it is
// either a step of its own or one of a sequence.
type normalizer struct {
	Charsmap    string       `json:"precompiled_charsmap"`
	Normalizers []normalizer `json:"normalizers"`
}

// charsmap takes the precompiled normalisation table out of a tokenizer.json.
func charsmap(tokenizer []byte) ([]byte, error) {
	var doc struct {
		Normalizer normalizer `json:"normalizer"`
	}
	if err := json.Unmarshal(tokenizer, &doc); err != nil {
		return nil, fmt.Errorf("read tokenizer.json: %w", err)
	}
	encoded := doc.Normalizer.find()
	if encoded == "" {
		return nil, errNoCharsmap
	}
	table, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("decode precompiled_charsmap: %w", err)
	}
	return table, nil
}

// find returns the first table of the normalizer, in order.
func (n normalizer) find() string {
	if n.Charsmap != "" {
		return n.Charsmap
	}
	for _, inner := range n.Normalizers {
		if found := inner.find(); found != "" {
			return found
		}
	}
	return ""
}
