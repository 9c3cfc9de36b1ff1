package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"murshid/desk"
)

// sessionCookie says who is logged in at the desk, until when. The session ends early when the agent's password
// changes or the agent is removed.
const sessionCookie = "murshid_desk"

// sessionLength is one working day.
const sessionLength = 10 * time.Hour

// Wrong passwords after which a name is locked for a while: from one address, and from all together.
const (
	triesByAddress = 5
	triesByName    = 50
	lockedFor      = 15 * time.Minute
)

// sign is the proof that we gave out a session. It covers the password's hash, so that it dies with it.
func (s *Server) sign(name, until, passwordHash string) string {
	mac := hmac.New(sha256.New, s.Key)
	for _, part := range []string{"desk session", name, until, passwordHash} {
		mac.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// startSession logs an agent in.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, name, passwordHash string) {
	until := strconv.FormatInt(time.Now().Add(sessionLength).Unix(), 10)
	value := base64.RawURLEncoding.EncodeToString([]byte(name)) + "." + until + "." + s.sign(name, until, passwordHash)
	s.setSession(w, r, value, int(sessionLength.Seconds()))
}

func (s *Server) setSession(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: value, Path: "/desk", MaxAge: maxAge, HttpOnly: true,
		Secure: s.overTLS(r), SameSite: http.SameSiteStrictMode})
}

// agent is who is logged in, empty for nobody.
func (s *Server) agent(r *http.Request) (string, error) {
	cookies := r.CookiesNamed(sessionCookie)
	if len(cookies) == 0 {
		return "", nil
	}
	parts := strings.Split(cookies[0].Value, ".")
	if len(parts) != 3 {
		return "", nil
	}
	name, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return "", nil //nolint:nilerr // a cookie that is not ours is no session
	}
	until, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || time.Now().Unix() > until {
		return "", nil //nolint:nilerr // as above
	}
	hash, err := s.Desk.Agent(r.Context(), string(name))
	if errors.Is(err, desk.ErrCredentials) {
		return "", nil
	}
	if err != nil || !hmac.Equal([]byte(parts[2]), []byte(s.sign(string(name), parts[1], hash))) {
		return "", err
	}
	return string(name), nil
}

// agents is the handler for logged-in agents only; others are sent to log in.
func (s *Server) agents(h func(w http.ResponseWriter, r *http.Request, agent string) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name, err := s.agent(r)
		switch {
		case err != nil:
			return err
		case name != "":
			w.Header().Set("Cache-Control", "no-store")
			return h(w, r, name)
		case r.Header.Get("X-Requested-With") != "": // a page's script, which can do nothing with a login page
			return desk.ErrCredentials
		}
		to := "/desk/login"
		if r.Method == http.MethodGet {
			to += "?next=" + url.QueryEscape(r.URL.Path)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}

// logins counts wrong passwords and bounds how many are looked at together, since each takes 19 MiB.
type logins struct {
	turns chan struct{}
	mu    sync.Mutex
	tries map[string]*tries
}

type tries struct {
	wrong int
	last  time.Time
}

func newLogins() *logins { return &logins{turns: make(chan struct{}, 2), tries: map[string]*tries{}} }

// locked reports whether a name may not be tried from an address now.
func (l *logins) locked(name, address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, t := range l.tries {
		if time.Since(t.last) > lockedFor {
			delete(l.tries, key)
		}
	}
	one, all := l.tries[name+"\x00"+address], l.tries[name]
	return (one != nil && one.wrong >= triesByAddress) || (all != nil && all.wrong >= triesByName)
}

// wrong counts a wrong password.
func (l *logins) wrong(name, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range []string{name + "\x00" + address, name} {
		if l.tries[key] == nil {
			l.tries[key] = &tries{}
		}
		l.tries[key].wrong++
		l.tries[key].last = time.Now()
	}
}

// right forgets the wrong passwords before.
func (l *logins) right(name, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tries, name+"\x00"+address)
}

// fits looks at a password when its turn has come.
func (l *logins) fits(password, hash string) bool {
	l.turns <- struct{}{}
	defer func() { <-l.turns }()
	return passwordFits(password, hash)
}
