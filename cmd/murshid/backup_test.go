package main_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What was said and sealed can be read after a restore, into a new folder and over an old one. What is no backup
// changes nothing.
func TestBackupRestore(t *testing.T) {
	t.Parallel()
	data, old := newData(t), newData(t)
	load(t, 0, "--data", data, writeFile(t, "sheets.jsonl", foreign...))
	conversation := waitingConversation(t, data)
	file := filepath.Join(t.TempDir(), "murshid.backup")
	must(t, "backup", file, "--data", data)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the backup: %v, %v", info.Mode(), err)
	}
	if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), "mot très secret") {
		t.Errorf("the backup holds what was said in the clear (%v)", err)
	}
	if r := murshid(t, "backup", file, "--data", data); r.status != 1 || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("a backup over another: status %d, %s", r.status, r.stderr)
	}
	other := `{"id":"autre","lang":"fr","title":"Ancienne fiche"}`
	load(t, 0, "--data", old, writeFile(t, "old.jsonl", other))
	oldConversation := waitingConversation(t, old)
	refuseDamaged(t, old, file, oldConversation)
	for name, folder := range map[string]string{"a new folder": newData(t), "an old folder": old} {
		must(t, "restore", "--data", folder, file)
		if got, want := strings.Join(procedures(t, folder, "carte"), " "), "cantine minimal peche ruche"; got != want {
			t.Errorf("%s holds %s, want %s", name, got, want)
		}
		checkReadable(t, folder, conversation)
	}
}

// waitingConversation leaves a conversation that waits for a person.
func waitingConversation(t *testing.T, data string) string {
	t.Helper()
	s := serve(t, data)
	c := enter(t, s, "", 0)
	c.ask(t, "m1", "Combien coûte la carte de pêche ? mot très secret")
	c.ask(t, "m2", "je veux parler à un agent")
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return c.welcome.Conversation
}

// checkReadable opens a conversation at the desk of an installation.
func checkReadable(t *testing.T, data, conversation string) {
	t.Helper()
	name := fmt.Sprint("reader", time.Now().UnixNano()) // those who were there before may be gone
	must(t, "user", "--data", data, "add", name)
	content, err := os.ReadFile(filepath.Join(data, "first-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, password, _ := strings.Cut(strings.TrimSpace(lineWith(string(content), name)), " ")
	s := serve(t, data)
	defer func() {
		if err := s.stop(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	}()
	desk := newAgent(t, s)
	if path, _ := desk.post(t, "/desk/login", url.Values{"name": {name}, "password": {password}}); path != "/desk" {
		t.Fatalf("the desk does not open: at %s", path)
	}
	if page := desk.page(t, "/desk/conversations/"+conversation); !strings.Contains(page, "mot très secret") {
		t.Error("what was said cannot be read")
	}
}

// refuseDamaged restores backups that are damaged over an installation that has to stay as it is.
func refuseDamaged(t *testing.T, data, good, conversation string) {
	t.Helper()
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), content...)
	for i := len(flipped) / 4; i < len(flipped)/4+64; i++ {
		flipped[i] ^= 0x55
	}
	for i, wrong := range [][]byte{nil, []byte("no backup"), content[:700], content[:len(content)/2], content[:len(content)-20<<10], flipped} {
		file := writeFile(t, fmt.Sprint("damaged", i), string(wrong))
		r := murshid(t, "restore", "--data", data, file)
		if r.status != 1 || strings.Count(r.stderr, "\n") != 1 || machine.MatchString(r.stderr) {
			t.Errorf("damaged backup %d: status %d, %s", i, r.status, r.stderr)
		}
	}
	if got := strings.Join(procedures(t, data, "carte"), " "); got != "autre" {
		t.Errorf("after damaged backups the installation holds %s", got)
	}
	checkReadable(t, data, conversation)
}
