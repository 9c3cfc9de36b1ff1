package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of argon2id: 19 MiB and two passes, the least that OWASP's password storage sheet of 2024 advises.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLength = 32 // bytes
)

// HashPassword is an agent's password as desk.Store keeps it: argon2id with a salt of its own, in PHC form.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return encodeHash(salt, hashWith(password, salt, argonTime, argonMemory))
}

func hashWith(password string, salt []byte, time, memory uint32) []byte {
	return argon2.IDKey([]byte(password), salt, time, memory, 1, argonLength)
}

func encodeHash(salt, hash []byte) string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, argonMemory, argonTime,
		e.EncodeToString(salt), e.EncodeToString(hash))
}

// noPassword is the hash held against the password given for a name that does not exist, so that the answer takes
// as long as for one that does.
var noPassword = encodeHash(make([]byte, 16), make([]byte, argonLength))

// passwordFits reports whether the password belongs to the hash. It takes the same time whether it does or not.
func passwordFits(password, encoded string) bool {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version, lanes int
	var memory, time uint32
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil ||
		version != argon2.Version || lanes != 1 || time == 0 || time > 100 || memory > 1<<20 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(hashWith(password, salt, time, memory), want) == 1
}
