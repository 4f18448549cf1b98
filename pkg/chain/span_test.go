package chain

import (
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestSpan(t *testing.T) {
	for _, x := range []struct {
		from, until string
		seconds     Span
		text, days  string
	}{
		{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 0, "less than a second", "0 days"},
		{"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01.4Z", 0, "less than a second", "0 days"},
		{"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01.5Z", 1, "1 second", "0 days and 1 s (1 s)"},
		{"2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", -1, "1 second", "0 days and -1 s (-1 s)"},
		{"2026-01-01T00:00:00Z", "2026-01-03T01:02:03Z", 2*Day + 3723, "2 days 1 hour", "2 days and 3723 s (176523 s)"},
		{"2026-01-01T00:00:00Z", "2026-01-03T00:02:03Z", 2*Day + 123, "2 days", "2 days and 123 s (172923 s)"},
		{"2026-01-01T00:00:00Z", "2028-04-05T00:00:00Z", 825 * Day, "825 days", "825 days"},
		{"2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 251635075199, "2912442 days 23 hours", "2912442 days and 86399 s (251635075199 s)"},
		{"9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", -315537897599, "3652058 days 23 hours", "-3652058 days and -86399 s (-315537897599 s)"},
	} {
		s := Between(instant(t, x.from), instant(t, x.until))
		if s != x.seconds || s.String() != x.text || s.Days() != x.days {
			t.Errorf("%s to %s: %d, %q, %q; want %d, %q, %q", x.from, x.until, s, s.String(), s.Days(), x.seconds, x.text, x.days)
		}
	}
}

func TestLifetime(t *testing.T) {
	for until, want := range map[string]string{
		"2027-01-01T00:00:00Z": "365 days",
		"9999-12-31T23:59:58Z": "2912442 days and 86398 s (251635075198 s)",
		"9999-12-31T23:59:59Z": "an unlimited time (notAfter in 9999 stands for no expiry date)",
	} {
		c := &x509read.Certificate{NotBefore: instant(t, "2026-01-01T00:00:00Z"), NotAfter: instant(t, until)}
		if got := LifetimeText(c); got != want {
			t.Errorf("until %s: %q, want %q", until, got, want)
		}
	}
	if _, ok := Lifetime(&x509read.Certificate{NotBefore: instant(t, "2026-01-01T00:00:00Z")}); ok {
		t.Error("a lifetime without notAfter")
	}
}
