package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"murshid/assistant"
)

func TestSealOpensWhatItSealed(t *testing.T) {
	t.Parallel()
	seal := newSeal(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		text, bound := rapid.String().Draw(t, "text"), rapid.SliceOf(rapid.Byte()).Draw(t, "bound")
		sealed, err := seal.seal(text, bound)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 3 && strings.Contains(string(sealed), text) {
			t.Fatal("the text stands in what is sealed")
		}
		if got, err := seal.open(sealed, bound); err != nil || got != text {
			t.Fatalf("opened %q, %v", got, err)
		}
		place := rapid.IntRange(0, len(sealed)-1).Draw(t, "place")
		sealed[place] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if got, err := seal.open(sealed, bound); !errors.Is(err, ErrSealBroken) {
			t.Fatalf("changed at %d: opened %q, %v", place, got, err)
		}
	})
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	seal, bound := newSeal(t, 1), []byte("row")
	sealed, err := seal.seal("text", bound)
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (string, error){
		"other row":   func() (string, error) { return seal.open(sealed, []byte("rov")) },
		"cut":         func() (string, error) { return seal.open(sealed[:len(sealed)-1], bound) },
		"only the id": func() (string, error) { return seal.open(sealed[:1], bound) },
		"nothing":     func() (string, error) { return seal.open(nil, bound) },
		"missing key": func() (string, error) { return newSeal(t, 2).open(sealed, bound) },
	} {
		if text, err := open(); !errors.Is(err, ErrSealBroken) {
			t.Errorf("%s: opened %q, %v", name, text, err)
		}
	}
	var none *Seal
	if _, err := none.seal("text", bound); !errors.Is(err, ErrNoKeys) {
		t.Errorf("no seal: %v", err)
	}
	if _, err := NewSeal(nil); !errors.Is(err, ErrNoKeys) {
		t.Errorf("no keys: %v", err)
	}
	if _, err := NewSeal([]Key{{}}); !errors.Is(err, ErrNoKeys) {
		t.Errorf("key without id: %v", err)
	}
}

func TestRotatedKeys(t *testing.T) {
	t.Parallel()
	old := open(t)
	asked := ask(t, old, "", "", "with the first key")
	rotated := openOn(t, old.config, newSeal(t, 1, 2))
	ask(t, rotated, asked.Conversation, "", "with the second key")
	if id := scalar[int](t, rotated, "SELECT get_byte(sealed, 0) FROM messages WHERE seq = 2"); id != 2 {
		t.Errorf("sealed with key %d, want the newest, 2", id)
	}
	log, err := rotated.Messages(t.Context(), asked.Conversation, 0)
	if err != nil || len(log) != 2 || log[0].Text != "with the first key" || log[1].Text != "with the second key" {
		t.Errorf("with both keys: %v, %v", log, err)
	}
	if _, err := old.Messages(t.Context(), asked.Conversation, 0); !errors.Is(err, ErrSealBroken) {
		t.Errorf("with the old key only: %v", err)
	}
}

func TestForeignKeys(t *testing.T) {
	t.Parallel()
	db := open(t)
	if _, err := Open(t.Context(), Options{Config: db.config, Seal: newSeal(t, 7)}); !errors.Is(err, ErrForeignKeys) {
		t.Errorf("Open with other keys = %v", err)
	}
	sealless := openOn(t, db.config, nil)
	_, err := sealless.SaveQuestion(t.Context(), assistant.Question{Channel: assistant.Web, Text: "x"}, "x")
	if !errors.Is(err, ErrNoKeys) {
		t.Errorf("SaveQuestion without keys = %v", err)
	}
}

// Whoever can write to the database cannot put one person's words into another's mouth.
func TestExchangedTexts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"text of another message": `UPDATE messages m SET sealed = o.sealed FROM messages o WHERE m.seq = 1 AND o.seq = 2`,
		"other writer":            `UPDATE messages SET who = 'agent', agent = 'amal', client_id = NULL, masked = NULL WHERE seq = 1`,
		"other conversation": `WITH c AS (INSERT INTO conversations (id, channel) VALUES ('AAAAAAAAAAAAAAAAAAAAAA', 'web') RETURNING id)
			UPDATE messages SET conversation = c.id FROM c`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			asked := ask(t, db, "", "", "one")
			ask(t, db, asked.Conversation, "", "two")
			execute(t, db, change)
			read := asked.Conversation
			if name == "other conversation" {
				read = "AAAAAAAAAAAAAAAAAAAAAA"
			}
			if log, err := db.Messages(t.Context(), read, 0); !errors.Is(err, ErrSealBroken) {
				t.Errorf("log %v, %v", log, err)
			}
		})
	}
}

func TestLoadKeys(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data[1]")
	var group sync.WaitGroup
	var loaded [20][]Key
	var errs [20]error
	for i := range loaded {
		group.Go(func() { loaded[i], errs[i] = LoadKeys(dir) })
	}
	group.Wait()
	for i := range loaded {
		if errs[i] != nil || len(loaded[i]) != 1 || loaded[i][0].ID != 1 || loaded[i][0].Secret == [32]byte{} {
			t.Fatalf("load %d: %d keys, %v", i, len(loaded[i]), errs[i])
		}
		if loaded[i][0] != loaded[0][0] {
			t.Fatal("two loads at once gave two keys")
		}
	}
	for path, want := range map[string]os.FileMode{KeysDir: 0o700, KeysDir + "/1.key": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, KeysDir))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestLoadSeveralKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := LoadKeys(dir); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, KeysDir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("12.key", strings.Repeat("0c", 32)+"\n")
	write("new-123", "") // of a process that was killed
	keys, err := LoadKeys(dir)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	ids := map[byte]bool{keys[0].ID: true, keys[1].ID: true}
	if diff := cmp.Diff(map[byte]bool{1: true, 12: true}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{"0.key": strings.Repeat("00", 32), "256.key": strings.Repeat("00", 32),
		"old.key": strings.Repeat("00", 32), "3.key": "00", "4.key": strings.Repeat("zz", 32)} {
		write(name, text)
		if _, err := LoadKeys(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Remove(filepath.Join(dir, KeysDir, name)); err != nil {
			t.Fatal(err)
		}
	}
}
