package postgres

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"

	"murshid/assistant"
)

// Errors of sealing.
var (
	ErrSealBroken = errors.New("a sealed text cannot be opened: it was changed, or its key is missing")
	ErrNoKeys     = errors.New("there is no key to seal texts with")
)

// Key is one key of a Seal.
type Key struct {
	ID     byte     // from 1; stands in front of what the key sealed
	Secret [32]byte // AES-256
}

// Seal encrypts the texts that people write, with AES-256-GCM.
//
// A sealed text is the key's id (1 byte), a random nonce (12 bytes), the ciphertext and the tag (16 bytes). The
// newest key seals, every key opens: keys are rotated by adding one. The additional data binds a sealed text to
// its row, so that texts cannot be exchanged between rows. Under one key 2^32 texts may be sealed.
type Seal struct {
	keys   map[byte]cipher.AEAD
	newest byte
}

// NewSeal gives a Seal that seals with the key of the highest ID. Errors: ErrNoKeys.
func NewSeal(keys []Key) (*Seal, error) {
	s := &Seal{keys: map[byte]cipher.AEAD{}}
	for _, k := range keys {
		block, err := aes.NewCipher(k.Secret[:])
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", k.ID, err)
		}
		if s.keys[k.ID], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("key %d: %w", k.ID, err)
		}
		s.newest = max(s.newest, k.ID)
	}
	if s.newest == 0 {
		return nil, ErrNoKeys
	}
	return s, nil
}

// seal encrypts text and binds it to bound. Errors: ErrNoKeys.
func (s *Seal) seal(text string, bound []byte) ([]byte, error) {
	if s == nil {
		return nil, ErrNoKeys
	}
	return s.keys[s.newest].Seal([]byte{s.newest}, nil, []byte(text), bound), nil
}

// open is the text that was sealed and bound to bound. Errors: ErrSealBroken, ErrNoKeys.
func (s *Seal) open(sealed, bound []byte) (string, error) {
	if s == nil {
		return "", ErrNoKeys
	}
	if len(sealed) == 0 {
		return "", ErrSealBroken
	}
	key, ok := s.keys[sealed[0]]
	if !ok {
		return "", fmt.Errorf("%w (key %d)", ErrSealBroken, sealed[0])
	}
	text, err := key.Open(nil, nil, sealed[1:], bound)
	if err != nil {
		return "", ErrSealBroken
	}
	return string(text), nil
}

// messageID is a random name of a message. It stands in for the message's place in what a seal is bound to,
// because the place is known only to the database when the text has to be sealed.
type messageID = [16]byte

func newMessageID() (id messageID) {
	_, _ = rand.Read(id[:]) // never fails
	return id
}

// boundTo is what the text of a message is bound to: its conversation, its writer and its id.
func boundTo(conversation string, who assistant.Who, id messageID) []byte {
	return append([]byte(conversation+"\x00"+string(who)+"\x00"), id[:]...)
}
