package main

import (
	"testing"
	"time"
)

func TestRetentionDays(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"1": 24 * time.Hour, "90": 90 * 24 * time.Hour, "0": 0, "-3": 0,
		"never": 0, "3651": 0} {
		c, _, err := readConfig([]string{"--retention-days", value}, nil)
		if (err == nil) != (want > 0) {
			t.Errorf("%s: %v", value, err)
		}
		if err == nil && c.Retention != want {
			t.Errorf("%s: %v, want %v", value, c.Retention, want)
		}
	}
	if c, _, err := readConfig(nil, nil); err != nil || c.Retention != 90*24*time.Hour {
		t.Errorf("without a setting: %v, %v", c.Retention, err)
	}
}
