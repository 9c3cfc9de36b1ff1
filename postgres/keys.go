package postgres

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// KeysDir is the folder of the keys inside the data folder.
const KeysDir = "keys"

const keyExt = ".key"

// LoadKeys reads the keys DIR/keys/<n>.key and makes the first one where there is none. A key file holds 64
// hexadecimal digits and is readable by its owner only. Several processes may call it at once: all get the same
// keys.
func LoadKeys(dir string) ([]Key, error) {
	folder := filepath.Join(dir, KeysDir)
	keys, err := readKeys(folder)
	if err == nil && len(keys) == 0 {
		if err = makeKey(dir, filepath.Join(folder, "1"+keyExt)); err == nil {
			keys, err = readKeys(folder)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("load keys: %w", err)
	}
	return keys, nil
}

func readKeys(folder string) ([]Key, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var keys []Key
	for _, e := range entries {
		if filepath.Ext(e.Name()) != keyExt {
			continue
		}
		key, err := readKey(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func readKey(name string) (Key, error) {
	base := filepath.Base(name)
	id, err := strconv.ParseUint(strings.TrimSuffix(base, keyExt), 10, 8)
	if err != nil || id == 0 {
		return Key{}, fmt.Errorf("key file %s: its name is not a number from 1 to 255", base)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return Key{}, err
	}
	key := Key{ID: byte(id)}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != len(key.Secret) {
		return Key{}, fmt.Errorf("key file %s: it does not hold 64 hexadecimal digits", base)
	}
	copy(key.Secret[:], secret)
	return key, nil
}

// makeKey puts a new key in place in one step; where another process was first, its key stays.
func makeKey(dir, name string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	folder := filepath.Dir(name)
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	fresh, err := writeKey(folder)
	if err != nil {
		return err
	}
	defer os.Remove(fresh)
	if err := errors.Join(giveToOwner(dir, folder), giveToOwner(dir, fresh)); err != nil {
		return err
	}
	if err := os.Link(fresh, name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(folder)
}

// writeKey writes a random key to a file of its own, safe on disk.
func writeKey(folder string) (name string, err error) {
	f, err := os.CreateTemp(folder, "new-*") // readable by its owner only
	if err != nil {
		return "", err
	}
	var secret [len(Key{}.Secret)]byte
	_, _ = rand.Read(secret[:]) // never fails
	_, err = fmt.Fprintln(f, hex.EncodeToString(secret[:]))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// giveToOwner gives a path to the owner of the data folder: what root makes there the owner must be able to use.
func giveToOwner(dir, path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}

// syncFolder makes the names in a folder safe on disk.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
