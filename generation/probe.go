package generation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What is found by asking an endpoint for its models.
var (
	ErrUnlisted = errors.New("the endpoint does not list the model")
	ErrNoList   = errors.New("the endpoint lists no models") // it is reached; many servers have no such list
)

// Probe asks the endpoint for its list of models and looks for ours there. It writes nothing, spends nothing of the
// budget and does not count for the breaker.
//
// Errors: ErrEndpoint, as *StatusError where the endpoint refuses; ErrUnlisted; ErrNoList; and the context's.
func (c *Composer) Probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("%w: no answer within %v", ErrEndpoint, c.timeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.url, "/")+"/models", http.NoBody)
	if err != nil {
		return fmt.Errorf("%w: the address is not a URL", ErrOptions)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	resp, err := c.calls.Do(req)
	var refused *StatusError
	switch {
	case errors.As(err, &refused) && slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, refused.Status):
		return ErrNoList
	case err != nil:
		return err
	}
	defer resp.Body.Close()
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list.Data) == 0 {
		return ErrNoList
	}
	for _, m := range list.Data {
		if m.ID == c.name || strings.HasPrefix(m.ID, c.name+":") { // some servers add ":latest"
			return nil
		}
	}
	return fmt.Errorf("%w %q", ErrUnlisted, c.name)
}
