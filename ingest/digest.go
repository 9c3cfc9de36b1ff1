package ingest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"murshid/embedding"
	"murshid/retrieval"
)

// Digest tells texts and sheets apart (SHA-256).
type Digest [sha256.Size]byte

// textDigest tells apart what is embedded: the same text has another vector as a question.
func textDigest(p retrieval.Passage) Digest {
	if p.EmbeddedAs() == embedding.Question {
		return sha256.Sum256([]byte("question\x00" + p.Text))
	}
	return sha256.Sum256([]byte(p.Text))
}

// sheetDigest changes whenever the sheet's content, the model or the way in which passages are cut changes.
func sheetDigest(s retrieval.Sheet, model Model, passages []retrieval.Passage) (Digest, error) {
	s.No, s.Corpus = 0, ""
	content, err := json.Marshal(s)
	if err != nil {
		return Digest{}, fmt.Errorf("encode sheet: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %d\n%s\n", model.ID, model.Dim, content)
	for _, p := range passages {
		fmt.Fprintf(h, "%q %q %q\n", p.Kind, p.Section, p.Text)
	}
	return Digest(h.Sum(nil)), nil
}
