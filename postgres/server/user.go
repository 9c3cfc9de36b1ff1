//go:build linux

package server

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// account is a user that a process of the cluster runs as.
type account struct {
	uid, gid int
	other    bool // not ourselves: root becomes this user
}

// first of the numbers that root tries for the server's user. The user needs
// no entry in /etc/passwd and must not have one: a user of its own cannot
// meet the processes or files of anybody else.
const firstUID = 64777

// credential is what a child needs to become the account; nil when we are it.
func (a account) credential() *syscall.Credential {
	if !a.other {
		return nil
	}
	c := &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid), Groups: []uint32{}}
	if b, err := os.ReadFile("/proc/self/setgroups"); err == nil && strings.TrimSpace(string(b)) == "deny" {
		c.NoSetGroups = true
	}
	return c
}

// serverAccount says who runs the server: ourselves, or as root the owner of
// the cluster, else the owner of the data folder, else a number of its own.
func serverAccount(f *folder) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{uid: uid, gid: os.Getegid()}, nil
	}
	if info, err := f.root.Stat(clusterDir); err == nil {
		if uid, gid := owner(info); uid != 0 {
			return account{uid, groupOf(uid, gid), true}, nil
		}
	}
	if f.uid != 0 {
		return account{f.uid, groupOf(f.uid, f.gid), true}, nil
	}
	users, ids := passwd(), idMap("/proc/self/uid_map")
	for uid := firstUID; uid > firstUID-100; uid-- {
		if _, known := users[uid]; !known && ids.holds(uid) {
			return account{uid, uid, true}, nil
		}
	}
	return nobody(users, ids)
}

// initdbAccount says who runs initdb, which wants an entry in /etc/passwd.
func initdbAccount(server account) (account, error) {
	users := passwd()
	if _, known := users[server.uid]; known || !server.other {
		return server, nil
	}
	return nobody(users, idMap("/proc/self/uid_map"))
}

// nobody picks a user of /etc/passwd that owns nothing of value.
func nobody(users map[int]entry, ids idRanges) (account, error) {
	for uid, e := range users {
		if e.name == "nobody" && uid != 0 && ids.holds(uid) {
			return account{uid, groupOf(uid, e.gid), true}, nil
		}
	}
	for uid, e := range users {
		if uid != 0 && ids.holds(uid) {
			return account{uid, groupOf(uid, e.gid), true}, nil
		}
	}
	return account{}, ErrNoUser
}

// groupOf never runs the server in the group of root.
func groupOf(uid, gid int) int {
	if gid == 0 {
		return uid
	}
	return gid
}

// entry is a line of /etc/passwd.
type entry struct {
	name string
	gid  int
}

// passwd reads the local users. Users known elsewhere (LDAP) do not matter
// here: only root asks, and initdb itself looks up an ordinary user.
func passwd() map[int]entry {
	users := map[int]entry{}
	b, err := os.ReadFile("/etc/passwd")
	if err != nil {
		return users
	}
	for line := range strings.Lines(string(b)) {
		field := strings.Split(strings.TrimSpace(line), ":")
		if len(field) < 4 {
			continue
		}
		uid, errUID := strconv.Atoi(field[2])
		gid, errGID := strconv.Atoi(field[3])
		if errUID == nil && errGID == nil {
			users[uid] = entry{field[0], gid}
		}
	}
	return users
}

// idRanges are the user numbers that exist in our user namespace.
type idRanges [][2]int

// idMap reads a map of user numbers; without one every number exists.
func idMap(path string) idRanges {
	f, err := os.Open(path)
	if err != nil {
		return idRanges{{0, 1 << 32}}
	}
	defer f.Close()
	var ids idRanges
	for in := bufio.NewScanner(f); in.Scan(); {
		var inside, outside, count int
		if _, err := fmt.Sscan(in.Text(), &inside, &outside, &count); err == nil {
			ids = append(ids, [2]int{inside, inside + count})
		}
	}
	return ids
}

func (r idRanges) holds(id int) bool {
	for _, span := range r {
		if id >= span[0] && id < span[1] {
			return true
		}
	}
	return false
}
