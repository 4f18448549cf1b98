package apple

import (
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var ctByDays = time.Date(2021, 4, 21, 0, 0, 0, 0, time.UTC)

// neededSCTs is how many embedded SCTs a certificate needs: by lifetime in
// seconds since 2021-04-21 (apple: C-05), by whole calendar months before (C-06).
func neededSCTs(c *x509read.Certificate) int {
	if !c.NotBefore.Before(ctByDays) {
		switch d := chain.Between(c.NotBefore, c.NotAfter); {
		case d <= 180*chain.Day:
			return 2
		case d <= 825*chain.Day:
			return 3
		}
		return 4
	}
	switch m := wholeMonths(c.NotBefore, c.NotAfter); {
	case m < 15:
		return 2
	case m <= 27:
		return 3
	case m <= 39:
		return 4
	}
	return 5
}

// wholeMonths counts complete calendar months in UTC, truncated.
func wholeMonths(from, until time.Time) int {
	from, until = from.UTC(), until.UTC()
	m := (until.Year()-from.Year())*12 + int(until.Month()-from.Month())
	rest := func(t time.Time) time.Duration {
		return t.Sub(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
	}
	if rest(until) < rest(from) {
		m--
	}
	return m
}

// octets unwraps a DER OCTET STRING.
func octets(der []byte) ([]byte, bool) {
	s := cryptobyte.String(der)
	var inner cryptobyte.String
	if s.ReadASN1(&inner, asn1.OCTET_STRING) && s.Empty() {
		return inner, true
	}
	return nil, false
}
