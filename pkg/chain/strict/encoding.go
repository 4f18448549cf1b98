package strict

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(&chain.Rule{
	ID:       "strict-encoding",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "encoding that some clients fail to read",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 4"}, {Doc: "X.690", Section: "sections 10 and 11"}, {Doc: "crypto/x509", Section: "parser.go"}, {Doc: "BoringSSL pki", Section: "parse_certificate.cc"}},
	Explain:  "A reader of certificates forgives some departures from DER and from RFC 5280 and dies of others, and each client's reader forgives its own: Go of none in a name, Chrome of none in the booleans, OpenSSL of most. A certificate that cannot be read is refused whatever else is right, mostly with a message about its format.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again with software that encodes it right"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		var seen []x509read.FaultCode
		for _, f := range it.Cert.Faults {
			if slices.Contains(seen, f.Code) || hasOwnRule(f.Code) || len(hits) == maxFaults {
				continue
			}
			seen = append(seen, f.Code)
			hits = append(hits, one(it, fmt.Sprintf("{item} has an encoding that some clients refuse: %s", f.Message), f.Field, string(f.Code), "the encoding of RFC 5280 section 4", string(f.Code)))
		}
		return hits
	}),
})

// maxFaults bounds what is said of one certificate; hostile ones have thousands.
const maxFaults = 16

// hasOwnRule lists the faults that are no matter of reading, or that other rules
// tell apart better.
func hasOwnRule(code x509read.FaultCode) bool {
	switch code {
	case x509read.FaultExtensionDuplicate, x509read.FaultECPointCompressed, x509read.FaultECExplicit, x509read.FaultKeyUsageEmpty,
		x509read.FaultExtKeyUsageEmpty, x509read.FaultAlgorithmMismatch, x509read.FaultParametersMismatch, x509read.FaultNameConstraintsEmpty,
		x509read.FaultPathLenWithoutCA:
		return true
	}
	return false
}
