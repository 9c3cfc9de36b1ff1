package web

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"murshid/assistant"
)

// Metrics counts what happens, without anything personal. Its methods may be called at the same time.
type Metrics struct {
	registry *prometheus.Registry
	turns    *prometheus.CounterVec
	failures prometheus.Counter
	duration *prometheus.HistogramVec
	requests *prometheus.HistogramVec
}

// NewMetrics gives Metrics of their own, apart from those of any other server in the process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		turns: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "murshid_turns_total",
			Help: "Turns by how they ended, the language of the person and the channel."},
			[]string{"status", "language", "channel"}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{Name: "murshid_turns_failed_total",
			Help: "Turns that could not be stored or answered at all."}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "murshid_turn_seconds",
			Help:    "Duration of a turn and of its parts.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"part"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "murshid_http_request_seconds",
			Help: "Duration of HTTP requests by route and status.", Buckets: []float64{.001, .005, .025, .1, .5, 2.5, 10}},
			[]string{"route", "status"}),
	}
	m.registry.MustRegister(m.turns, m.failures, m.duration, m.requests, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

type answerer = func(context.Context, assistant.Question) (assistant.Answer, error)

// Observed is the answerer with each of its turns counted; turns of commands are not.
func (m *Metrics) Observed(answer answerer) answerer {
	return func(ctx context.Context, q assistant.Question) (assistant.Answer, error) {
		a, err := answer(ctx, q)
		switch {
		case q.Test:
		case err != nil:
			if kindOf(err).status >= http.StatusInternalServerError {
				m.failures.Inc()
			}
		default:
			m.turns.WithLabelValues(string(a.Status), string(a.Language), string(q.Channel)).Inc()
			m.duration.WithLabelValues("total").Observe(a.Ms.Total / 1000)
			m.duration.WithLabelValues("embed").Observe(a.Ms.Embed / 1000)
			m.duration.WithLabelValues("search").Observe(a.Ms.Search / 1000)
		}
		return a, err
	}
}

// Connections adds how many websockets are open, read from count.
func (m *Metrics) Connections(count func() int) {
	m.gauge("murshid_websocket_connections", "Open websockets.", func() float64 { return float64(count()) })
}

func (m *Metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// metrics answers GET /metrics.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) error {
	promhttp.HandlerFor(s.Metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	return nil
}

// observed is the route as a handler whose requests are measured.
func (s *Server) observed(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, kept := time.Now(), &statusKeeper{ResponseWriter: w, status: http.StatusOK}
		if rt.pattern == websocketRoute { // takes the connection over, and lasts as long as the conversation
			if err := rt.handler(w, r); err != nil {
				s.fail(w, r, err)
			}
			return
		}
		if err := rt.handler(kept, r); err != nil {
			s.fail(kept, r, err)
		}
		s.Metrics.requests.WithLabelValues(rt.pattern, strconv.Itoa(kept.status)).Observe(time.Since(start).Seconds())
	})
}

// statusKeeper remembers the status of an answer.
type statusKeeper struct {
	http.ResponseWriter
	status int
}

func (k *statusKeeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (k *statusKeeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// waitingCache spares the database a count at every look at the figures.
type waitingCache struct {
	sync.Mutex
	at    time.Time
	count float64
}

// waitingAge is how old the count of waiting conversations may be.
const waitingAge = 10 * time.Second

func (s *Server) countWaiting() float64 {
	s.waiting.Lock()
	defer s.waiting.Unlock()
	if time.Since(s.waiting.at) < waitingAge {
		return s.waiting.count
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	s.waiting.at = time.Now()
	if list, err := s.Desk.Waiting(ctx); err == nil {
		s.waiting.count = float64(len(list))
	}
	return s.waiting.count
}
