// Package web is the HTTP server: the public API, the portal's pages and the desk of the agents.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"murshid/assistant"
	"murshid/desk"
	"murshid/language"
	"murshid/retrieval"
)

// Options are what a Server is made of. All but Proxies, EmbedOrigins, Unlimited,
// Metrics and Log are needed.
type Options struct {
	// Answer answers a question: (*assistant.Assistant).Answer.
	Answer func(ctx context.Context, q assistant.Question) (assistant.Answer, error)
	// Search ranks the k best procedures for a text.
	Search func(ctx context.Context, text string, k int) (SearchResult, error)
	// Messages reads a conversation's log after a place in it. Errors: assistant.ErrNoConversation.
	Messages func(ctx context.Context, conversation string, after int64) ([]assistant.Message, error)
	// Index holds the sheets; it gives nil before the first are loaded.
	Index func() *retrieval.Index
	// Language names the language of a text, in which errors about it are written.
	Language func(text string) language.Language
	// Ready reports why the service cannot answer yet, nil when it can.
	Ready func(ctx context.Context) error
	Desk  desk.Store
	Chat  http.Handler // serves the websocket
	// Key signs the sessions of the desk; at least 32 random bytes, the same on every server.
	Key     []byte
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	// EmbedOrigins are the sites whose pages may show the widget in a frame, such as https://www.example.ma.
	EmbedOrigins []string
	Unlimited    bool // no limit of requests per client address
	Metrics      *Metrics
	Log          *slog.Logger
}

// Server serves everything under one address. Its methods may be called at the same time.
type Server struct {
	Options
	mux      *http.ServeMux
	handler  http.Handler
	static   assets
	pages    pages
	zone     *time.Location // of the times on pages
	logins   *logins
	procs    procedureLists
	themes   themeLists
	waiting  waitingCache
	asks     *limiter // questions and searches
	connects *limiter // websockets
}

// Time limits of a connection, and of one request's work.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 90 * time.Second
	idleTimeout   = 2 * time.Minute
	workTimeout   = time.Minute
)

// New gives a Server.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	s := &Server{Options: o, mux: http.NewServeMux(), static: loadAssets(), zone: moroccanTime(), logins: newLogins(),
		asks: newLimiter(60, 20), connects: newLimiter(120, 60)}
	s.pages = loadPages(s.static)
	s.Metrics.gauge("murshid_waiting_conversations", "Conversations that wait for a person.", s.countWaiting)
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.observed(r))
	}
	s.handler = s.guarded(http.HandlerFunc(s.dispatch))
	return s
}

// ServeHTTP answers any request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// HTTP is the server with its time limits, to be started on a listener.
func (s *Server) HTTP() *http.Server {
	return &http.Server{Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug)}
}

// A handler writes an answer or returns an error, never both.
type handler func(w http.ResponseWriter, r *http.Request) error

// websocketRoute is the address of the chat's websocket.
const websocketRoute = "GET /ws"

// A route is one address of the server.
type route struct {
	pattern string
	handler handler
}

// routes are all addresses.
func (s *Server) routes() []route {
	return []route{
		{"GET /{$}", s.portal},
		{"POST /ask", s.sameOrigin(s.limited(s.asks, s.askPage))},
		{"GET /widget", s.widgetPage},
		{"GET /widget.js", s.widgetScript},
		{"GET /static/{name}", s.asset},
		{"GET /favicon.ico", s.favicon},

		{websocketRoute, s.limited(s.connects, s.chat)},
		{"POST /api/v1/ask", s.limited(s.asks, s.ask)},
		{"POST /api/v1/search", s.limited(s.asks, s.search)},
		{"POST /api/v1/messages", s.limited(s.asks, s.messages)},
		{"GET /api/v1/procedures", s.procedures},
		{"GET /api/v1/procedures/{id}", s.procedure},
		{"GET /api/openapi.json", s.openAPI},

		{"GET /healthz", s.health},
		{"GET /readyz", s.ready},
		{"GET /metrics", s.metrics},

		{"GET /desk", s.agents(s.deskList)},
		{"GET /desk/login", s.loginPage},
		{"POST /desk/login", s.sameOrigin(s.limited(s.asks, s.login))},
		{"POST /desk/logout", s.sameOrigin(s.logout)},
		{"GET /desk/waiting", s.agents(s.deskWaiting)},
		{"GET /desk/conversations/{id}", s.agents(s.deskConversation)},
		{"GET /desk/conversations/{id}/log", s.agents(s.deskLog)},
		{"POST /desk/conversations/{id}/reply", s.sameOrigin(s.agents(s.deskReply))},
		{"POST /desk/conversations/{id}/resolve", s.sameOrigin(s.agents(s.deskResolve))},
	}
}

// dispatch finds the request's route; what has none is an error like any other.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	said := &statusOnly{header: http.Header{}}
	h.ServeHTTP(said, r)
	if said.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", said.header.Get("Allow"))
		s.fail(w, r, errMethod)
		return
	}
	s.fail(w, r, errNotFound)
}

func (s *Server) chat(w http.ResponseWriter, r *http.Request) error {
	s.Chat.ServeHTTP(w, r)
	return nil
}

// statusOnly keeps what the router says about a request that it has no route for.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }

// moroccanTime is Morocco's time zone: one hour ahead of UTC where the system knows no better.
func moroccanTime() *time.Location {
	if zone, err := time.LoadLocation("Africa/Casablanca"); err == nil {
		return zone
	}
	return time.FixedZone("+01", 3600)
}
