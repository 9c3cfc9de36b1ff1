package embedding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	// maxAnswer is the most bytes read of an answer: 32 vectors of 4,096
	// components take some 4 MB.
	maxAnswer = 16 << 20
	backoff   = 250 * time.Millisecond
	// maxBackoff is the most that an endpoint's Retry-After is followed.
	maxBackoff = 3 * time.Second
)

// StatusError is the refusal of an endpoint. It is an ErrEndpoint. The answer's
// text is left out: it may repeat what a person wrote.
type StatusError struct{ Status int }

// Error names the HTTP status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%v: status %d %s", ErrEndpoint, e.Status, http.StatusText(e.Status))
}

// Unwrap makes it an ErrEndpoint.
func (e *StatusError) Unwrap() error { return ErrEndpoint }

// caller does the HTTP requests of the library: it turns every failure into a
// typed error, which the library lets through, and bounds what is read.
type caller struct {
	client  http.Client
	keyed   bool // send the Authorization header
	timeout time.Duration
}

func newCaller(keyed bool, timeout time.Duration) *caller {
	return &caller{keyed: keyed, timeout: timeout, client: http.Client{
		Timeout:   timeout,
		Transport: retrier{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // texts go to the address named, nowhere else
		},
	}}
}

// Do returns a whole, well-formed answer or an error.
func (c *caller) Do(req *http.Request) (*http.Response, error) {
	if !c.keyed {
		req.Header.Del("Authorization")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, c.failure(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &StatusError{Status: resp.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, c.failure(err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%w: an answer of more than %d bytes", ErrEndpoint, maxAnswer)
	}
	if err := checkOrder(body); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// failure makes a typed error. A timeout keeps no cause: the library would
// replace it, and what wraps it, by an error without a type.
func (c *caller) failure(err error) error {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%w: no answer within %v", ErrEndpoint, c.timeout)
	}
	return fmt.Errorf("%w: %w", ErrEndpoint, err)
}

// checkOrder refuses vectors in another order than the texts: the library takes
// them as they come. Servers that number all of them 0 are taken at their word.
func checkOrder(body []byte) error {
	var answer struct {
		Data []struct{ Index int } `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%w: %w", ErrEndpoint, err)
	}
	numbered := false
	for _, d := range answer.Data {
		numbered = numbered || d.Index != 0
	}
	for i, d := range answer.Data {
		if numbered && d.Index != i {
			return fmt.Errorf("%w: vector %d stands at %d", ErrEndpoint, d.Index, i)
		}
	}
	return nil
}

// retrier repeats a request once when the endpoint is busy or broken.
type retrier struct{ next http.RoundTripper }

// RoundTrip waits before it repeats: as long as the endpoint asks for, within
// bounds.
func (r retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil || !temporary(resp.StatusCode) || req.GetBody == nil {
		return resp, err
	}
	wait := retryAfter(resp)
	resp.Body.Close()
	select {
	case <-time.After(wait):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.Body = body
	return r.next.RoundTrip(again)
}

// temporary tells statuses that may be gone at the next try.
func temporary(status int) bool {
	return status == http.StatusTooManyRequests || status >= 500 && status != http.StatusNotImplemented
}

func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return backoff
	}
	return min(max(time.Duration(seconds)*time.Second, backoff), maxBackoff)
}
