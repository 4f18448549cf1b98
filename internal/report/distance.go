package report

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// instant is how texts show a point in time.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// distance tells in words how far t is from now: "in 128 days", "3 hours ago".
// Whole units, rounded down: what is left, never more than is left.
func distance(now, t time.Time) string {
	if x509read.NoExpiry(t) {
		return "the date that stands for no expiry"
	}
	d := chain.Between(now, t)
	past := d < 0
	if past {
		d = -d
	}
	var s string
	switch {
	case d < 60:
		return "now"
	case d < 3600:
		s = count(int(d/60), "minute")
	case d < 2*chain.Day:
		s = count(int(d/3600), "hour")
	case d < 730*chain.Day:
		s = count(int(d/chain.Day), "day")
	default:
		s = count(int(d/(365*chain.Day)), "year")
	}
	if past {
		return s + " ago"
	}
	return "in " + s
}

// noExpiry explains the notAfter date of a certificate that is not meant to expire.
func noExpiry(notAfter string) string {
	if t, err := time.Parse(time.RFC3339, notAfter); err == nil && x509read.NoExpiry(t) {
		return " (no expiry date)"
	}
	return ""
}

// count is "1 day", "2 days".
func count(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
