package web

import (
	"errors"
	"net/http"
	"strings"

	"murshid/desk"
)

// loginBody is what the login page shows again.
type loginBody struct{ Name, Next string }

// loginPage answers GET /desk/login.
func (s *Server) loginPage(w http.ResponseWriter, r *http.Request) error {
	return s.showLogin(w, r, loginBody{Next: r.URL.Query().Get("next")}, nil)
}

// login answers POST /desk/login.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		return errBadField
	}
	body := loginBody{Name: strings.TrimSpace(r.PostForm.Get("name")), Next: r.PostForm.Get("next")}
	address := s.client(r).String()
	if !plausible(body.Name) {
		return s.showLogin(w, r, loginBody{}, desk.ErrCredentials)
	}
	if s.logins.locked(body.Name, address) {
		return s.showLogin(w, r, body, errLockedOut)
	}
	hash, err := s.Desk.Agent(r.Context(), body.Name)
	known := err == nil
	if !known {
		if !errors.Is(err, desk.ErrCredentials) {
			return err
		}
		hash = noPassword
	}
	if !s.logins.fits(r.PostForm.Get("password"), hash) || !known {
		s.logins.wrong(body.Name, address)
		s.Log.InfoContext(r.Context(), "wrong password at the desk")
		return s.showLogin(w, r, body, desk.ErrCredentials)
	}
	s.logins.right(body.Name, address)
	s.startSession(w, r, body.Name, hash)
	http.Redirect(w, r, deskPath(body.Next), http.StatusSeeOther)
	return nil
}

// logout answers POST /desk/logout.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	s.setSession(w, r, "", -1)
	http.Redirect(w, r, "/desk/login", http.StatusSeeOther)
	return nil
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request, body loginBody, why error) error {
	p := s.page(w, r, "login.title")
	p.Path, p.Body = "/desk/login", body
	status := http.StatusOK
	if why != nil {
		k := kindOf(why)
		status, p.Error = k.status, errorText(p.Lang, k.code)
	}
	return s.render(w, r, status, "login.html", p)
}

// deskPath is where a login leads: only to pages of the desk, never to another site.
func deskPath(next string) string {
	if next == "/desk" || strings.HasPrefix(next, "/desk/conversations/") {
		return next
	}
	return "/desk"
}
