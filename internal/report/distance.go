package report

import (
	"fmt"
	"time"
)

// instant is how texts show a point in time.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// distance tells in words how far t is from now: "in 128 days", "3 hours ago".
// Whole units, rounded down: what is left, never more than is left.
func distance(now, t time.Time) string {
	d := t.Sub(now)
	past := d < 0
	if past {
		d = -d
	}
	var s string
	switch day := 24 * time.Hour; {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		s = count(int(d/time.Minute), "minute")
	case d < 2*day:
		s = count(int(d/time.Hour), "hour")
	case d < 730*day:
		s = count(int(d/day), "day")
	default:
		s = count(int(d/(365*day)), "year")
	}
	if past {
		return s + " ago"
	}
	return "in " + s
}

// count is "1 day", "2 days".
func count(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
