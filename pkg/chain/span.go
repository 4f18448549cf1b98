package chain

import (
	"fmt"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Span is a distance in time in whole seconds. Certificates may run to the year
// 9999 (RFC 5280 section 4.1.2.5), and a time.Duration ends at 292 years.
type Span int64

// Day is the day all limits on lifetimes are counted in: 86,400 s.
const Day Span = 86400

// Between is the distance from one instant to another, rounded down; negative
// where until is the earlier one.
func Between(from, until time.Time) Span {
	s := Span(until.Unix() - from.Unix())
	if until.Nanosecond() < from.Nanosecond() {
		s--
	}
	return s
}

// Instant is a date with its time as messages and reports write it, to the
// minute: the second is in the evidence. Where the day alone decides it is
// time.DateOnly, the same without the time.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Stamp is a date for programs and for evidence (RFC 3339); "" for the zero time.
func Stamp(t time.Time) string {
	return string(appendStamp(nil, t))
}

func appendStamp(to []byte, t time.Time) []byte {
	if t.IsZero() {
		return to
	}
	return t.UTC().AppendFormat(to, time.RFC3339)
}

// Lifetime is notAfter − notBefore, without the last second, which is valid too;
// false where a date could not be read.
func Lifetime(c *x509read.Certificate) (Span, bool) {
	if c.NotBefore.IsZero() || c.NotAfter.IsZero() {
		return 0, false
	}
	return Between(c.NotBefore, c.NotAfter), true
}

// LifetimeText is a certificate's lifetime as findings write it after "valid
// for": "398 days and 1 s (34387201 s)".
func LifetimeText(c *x509read.Certificate) string {
	if x509read.NoExpiry(c.NotAfter) {
		return "an unlimited time (notAfter in 9999 stands for no expiry date)"
	}
	d, _ := Lifetime(c)
	return d.Days()
}

// Days writes whole days and the seconds beyond.
func (s Span) Days() string {
	days, rest := s/Day, s%Day
	if rest == 0 {
		return fmt.Sprintf("%d days", days)
	}
	return fmt.Sprintf("%d days and %d s (%d s)", days, rest, s)
}

// String writes the distance, whatever its direction, in its two largest units.
func (s Span) String() string {
	if s < 0 {
		s = -s
	}
	var parts []string
	for _, u := range [...]struct {
		name string
		size Span
	}{{"day", Day}, {"hour", 3600}, {"minute", 60}, {"second", 1}} {
		n := s / u.size
		s -= n * u.size
		if n == 0 && len(parts) == 0 {
			continue
		}
		if n == 1 {
			parts = append(parts, "1 "+u.name)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, u.name))
		}
		if len(parts) == 2 || n == 0 {
			break
		}
	}
	if len(parts) == 0 {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}
