package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(serial)

var serial = &chain.Rule{
	ID:      "lint-serial",
	Level:   chain.LevelX509,
	Title:   "the serial number is not a positive number of 20 octets",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.1.2.2"}},
	Explain: "Issuer and serial number together name a certificate, above all in lists of revoked ones. " +
		"The number has to be positive, not zero, and at most 20 octets long, or some readers refuse the certificate and others file it under another number.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with a random serial number of 16 octets: OpenSSL takes one by itself, without -set_serial", Issue: &chain.Issuing{}}},
	Check:  chain.PerCertificate(checkSerial),
}

func checkSerial(it *chain.Item, at chain.Place) []chain.Hit {
	hits := ofFaults(it, x509read.FaultSerialEmpty, x509read.FaultSerialNegative, x509read.FaultSerialZero, x509read.FaultSerialTooLong, x509read.FaultSerialNotMinimal)
	if at.Anchor && !at.Leaf { // no list of revoked certificates is about an anchor; roots of public CAs have zero
		for i := range hits {
			hits[i].AtMost = chain.Warning
		}
	}
	return hits
}
