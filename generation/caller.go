package generation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	// maxBody is the most bytes read of an answer.
	maxBody = 256 << 10
	// backoff is the least wait before a retry; as much again is added by chance, so that instances do not retry
	// together.
	backoff = 150 * time.Millisecond
	// maxBackoff is the longest Retry-After that is waited for. A longer one ends the call and rests the endpoint.
	maxBackoff = 2 * time.Second
	// maxRest is the longest Retry-After that is believed.
	maxRest = 10 * time.Minute
)

// StatusError is the refusal of an endpoint. It is an ErrEndpoint. The answer's text is left out: it may repeat what a
// person wrote.
type StatusError struct {
	Status int
	After  time.Duration // how long the endpoint asks to be left alone; 0 where it does not say
}

// Error names the HTTP status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%v: status %d %s", ErrEndpoint, e.Status, http.StatusText(e.Status))
}

// Unwrap makes it an ErrEndpoint.
func (e *StatusError) Unwrap() error { return ErrEndpoint }

// waitOf is how long an endpoint asked to be left alone.
func waitOf(err error) time.Duration {
	var status *StatusError
	if errors.As(err, &status) && status.After > maxBackoff {
		return min(status.After, maxRest)
	}
	return 0
}

// caller does the HTTP requests of the library: it retries once, turns every failure into a typed error, which the
// library lets through, and bounds what is read.
type caller struct {
	client http.Client
	keyed  bool // send the Authorization header
}

func newCaller(keyed bool) *caller {
	return &caller{keyed: keyed, client: http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // questions go to the address named, nowhere else
		},
	}}
}

type attemptsKey struct{}

// countAttempts gives a context in which the caller counts its requests.
func countAttempts(ctx context.Context, attempts *int) context.Context {
	return context.WithValue(ctx, attemptsKey{}, attempts)
}

// Do returns a whole, well-formed answer or an error.
func (c *caller) Do(req *http.Request) (*http.Response, error) {
	if !c.keyed {
		req.Header.Del("Authorization")
	}
	resp, err := c.once(req)
	wait, again := retryIn(err)
	if !again || req.GetBody == nil || req.Context().Err() != nil {
		return resp, err
	}
	select {
	case <-time.After(wait):
	case <-req.Context().Done():
		return nil, err
	}
	body, bodyErr := req.GetBody()
	if bodyErr != nil {
		return nil, err
	}
	second := req.Clone(req.Context())
	second.Body = body
	return c.once(second)
}

// once makes one request.
func (c *caller) once(req *http.Request) (*http.Response, error) {
	if attempts, ok := req.Context().Value(attemptsKey{}).(*int); ok {
		*attempts++
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, connection(req.Context(), err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &StatusError{Status: resp.StatusCode, After: retryAfter(resp)}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, connection(req.Context(), err)
	case len(body) > maxBody:
		return nil, fmt.Errorf("%w: an answer of more than %d bytes", ErrEndpoint, maxBody)
	case !json.Valid(body):
		return nil, fmt.Errorf("%w: the answer is not JSON", ErrEndpoint)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// errConnection is a connection that could not be made or broke.
var errConnection = errors.New("connection failed")

// connection makes a typed error. It keeps no cause: its text holds the address, and a timeout inside it would make
// the library replace it by an error without a type.
func connection(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		if cause := context.Cause(ctx); errors.Is(cause, ErrEndpoint) {
			return fmt.Errorf("%w: too slow", ErrEndpoint)
		}
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w: %T", ErrEndpoint, errConnection, err)
}

// retryIn says whether a failure may be gone at a second try, and when to try.
func retryIn(err error) (time.Duration, bool) {
	wait := backoff + rand.N(backoff)
	var status *StatusError
	switch {
	case errors.Is(err, errConnection):
		return wait, true
	case !errors.As(err, &status) || !temporary(status.Status) || status.After > maxBackoff:
		return 0, false
	}
	return max(wait, status.After), true
}

// temporary tells statuses that may be gone at the next try.
func temporary(status int) bool {
	return status == http.StatusTooManyRequests || status >= 500 && status != http.StatusNotImplemented
}

func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
