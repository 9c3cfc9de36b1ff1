package web

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limiter bounds requests by client address.
type limiter struct {
	each  rate.Limit
	burst int

	mu     sync.Mutex
	sweeps time.Time
	seen   map[netip.Prefix]*visitor
}

type visitor struct {
	bucket *rate.Limiter
	last   time.Time
}

// forgetAfter is how long an address is remembered that makes no requests; by then its bucket is full again.
const forgetAfter = 3 * time.Minute

func newLimiter(perMinute float64, burst int) *limiter {
	return &limiter{each: rate.Limit(perMinute / 60), burst: burst, seen: map[netip.Prefix]*visitor{}}
}

// allow takes one request from an address, or says how long it must wait.
func (l *limiter) allow(client netip.Prefix, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.sweeps) > forgetAfter {
		for p, v := range l.seen {
			if now.Sub(v.last) > forgetAfter {
				delete(l.seen, p)
			}
		}
		l.sweeps = now
	}
	v := l.seen[client]
	if v == nil {
		v = &visitor{bucket: rate.NewLimiter(l.each, l.burst)}
		l.seen[client] = v
	}
	v.last = now
	turn := v.bucket.ReserveN(now, 1)
	if wait = turn.DelayFrom(now); wait > 0 {
		turn.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// limited is the handler for as many requests of one address as the limiter lets through.
func (s *Server) limited(l *limiter, h handler) handler {
	if s.Unlimited {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		if wait, ok := l.allow(s.client(r), time.Now()); !ok {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			return errLimited
		}
		return h(w, r)
	}
}

// client is the address a request comes from. An IPv6 client has a whole /64 to choose its address from.
func (s *Server) client(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, _ := netip.ParseAddr(host)
	addr = addr.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	client, _ := addr.WithZone("").Prefix(bits)
	return client
}

// trusted reports whether an address is one of our proxies.
func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
