package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// purgeEvery is how often conversations past their time are deleted.
const purgeEvery = time.Hour

// retentionDays reads how many days a conversation is kept after its last message.
func retentionDays(c *Config, v string) error {
	const most = 3650
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		return fmt.Errorf("want a number of days from 1 to %d, not %q", most, v)
	}
	c.Retention = time.Duration(n) * 24 * time.Hour
	return nil
}

// purge deletes conversations past their time, at the start and every hour after.
func (s *service) purge(ctx context.Context) error {
	for {
		purged, err := s.db.Purge(ctx, s.Retention)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.Error("old conversations cannot be deleted", "error", err)
		case purged.Unused+purged.Expired > 0:
			s.log.Info("deleted old conversations", "unused", purged.Unused, "expired", purged.Expired)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(purgeEvery):
		}
	}
}
