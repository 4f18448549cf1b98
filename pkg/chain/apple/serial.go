package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const maxSerial = 37 // content octets

var _ = rules.Add(serial)

var serial = &chain.Rule{
	ID:    "apple-serial",
	Level: chain.LevelX509,
	Title: "the serial number is longer than 37 octets",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c", Section: "X-10", Confidence: chain.ConfidenceSource},
	},
	Explain: "RFC 5280 allows serial numbers of up to 20 octets; Apple platforms are more patient and read up to 37, zero and negative numbers included. " +
		"A longer one makes the certificate unreadable, so that a handshake ends before any trust evaluation.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with a random serial number of 16 octets: OpenSSL takes one by itself, without -set_serial", Issue: &chain.Issuing{}}},
	Apple:  chain.AppleError{Class: chain.ClassTLS, Sec: -26275, SSL: -9808},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		n := len(it.Cert.Serial)
		if n <= maxSerial {
			return nil
		}
		return []chain.Hit{{Item: it, Message: fmt.Sprintf("{item} has a serial number of %d octets, at most %d can be read", n, maxSerial),
			Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) { cert.Serial = cert.Serial[:16] })}},
			Evidence: []chain.Evid{{Field: "serialNumber", Got: fmt.Sprintf("%d octets", n), Want: fmt.Sprintf("at most %d", maxSerial)}}}}
	}),
}
