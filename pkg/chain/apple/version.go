package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(versionRule)

var versionRule = &chain.Rule{
	ID:    "apple-version",
	Level: chain.LevelX509,
	Title: "the version field makes the certificate unusable",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c", Section: "X-09", Confidence: chain.ConfidenceSource},
		{Doc: "SecCertificate.c", Section: "X-31", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple platforms read a certificate only if its version is absent (meaning 1), 2 or 3. DER leaves the default out, so a version 1 that is written down is an error, and so is a number beyond 3. " +
		"No certificate object comes into being; in a handshake the connection ends before any trust evaluation.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again as X.509 version 3: with an extension OpenSSL writes version 3", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassTLS, Sec: -26275, SSL: -9808},
	InsteadOf: []string{"basic-unreadable"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		message := ""
		switch {
		case it.Cert.HasFault(x509read.FaultVersionExplicitV1):
			message = "version 1 is written out where DER leaves it away"
		case it.Cert.HasFault(x509read.FaultVersionUnknown):
			message = fmt.Sprintf("{item} is of version %d, want 1, 2 or 3", it.Cert.Version)
		case it.Cert.HasFault(x509read.FaultVersionSyntax):
			message = "the version field does not decode"
		default:
			return nil
		}
		return []chain.Hit{{Item: it, Advice: []chain.Advice{{Repair: reissueWell(it)}}, Message: message,
			Evidence: []chain.Evid{{Field: "version", Got: fmt.Sprint(it.Cert.Version), Want: "3"}}}}
	}),
}
