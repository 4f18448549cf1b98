package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(timeEncoding)

var timeEncoding = &chain.Rule{
	ID:      "lint-time-encoding",
	Level:   chain.LevelX509,
	Title:   "a date is not written as the profile wants it",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.5"}},
	Explain: "Dates before 2050 are UTCTime, later ones GeneralizedTime, both in Greenwich time with seconds and without fractions. " +
		"Other forms can be read, but not everywhere to the same instant, so that two clients disagree about when a certificate of the chain expires.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with dates of the form YYMMDDHHMMSSZ, from 2050 on YYYYMMDDHHMMSSZ", Issue: &chain.Issuing{}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultTimeSyntax, x509read.FaultUTCTime1950, x509read.FaultGeneralizedBefore2050, x509read.FaultTimeOffset, x509read.FaultTimeNoZone, x509read.FaultTimeNoSeconds, x509read.FaultTimeFraction, x509read.FaultTimeSecond60)
	}),
}
