package apple

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(date)

var date = &chain.Rule{
	ID:    "apple-date",
	Level: chain.LevelX509,
	Title: "a date in the years 50 to 69 of UTCTime",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c", Section: "X-11", Confidence: chain.ConfidenceSource},
	},
	Explain: "UTCTime has two digits for the year, and RFC 5280 reads 50 to 69 as 1950 to 1969. Apple platforms read such a date as 2001-01-01 without any error, so a notAfter of 2050 or later that was written in the wrong type makes the certificate expired. " +
		"Dates from 2050 on have to be GeneralizedTime.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with dates from 2050 on as GeneralizedTime, or with an earlier notAfter", Issue: &chain.Issuing{}}},
	Apple:  chain.AppleError{Class: chain.ClassExpired, Sec: -67818},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		for _, f := range it.Cert.Faults {
			if f.Code != x509read.FaultUTCTime1950 {
				continue
			}
			// The expiry itself is reported by its own rule: by either reading the date lies in the past.
			format := "%s is read as 2001-01-01 00:00 UTC"
			if strings.Contains(f.Field, "notAfter") {
				format = "%s is read as 2001-01-01 00:00 UTC, so the certificate counts as expired"
			}
			h := chain.Hit{Item: it, AtMost: chain.Note, Message: fmt.Sprintf(format, f.Field),
				Evidence: []chain.Evid{{Field: f.Field, Got: "UTCTime with a year from 50 to 69", Want: "GeneralizedTime"}}}
			hits = append(hits, h)
		}
		return hits
	}),
}
