package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

const maxExtensions = 10_000

var _ = rules.Add(extensionsRule)

var extensionsRule = &chain.Rule{
	ID:    "apple-extensions",
	Level: chain.LevelX509,
	Title: "the list of extensions is empty or endless",
	Sources: []chain.Source{
		{Doc: "SecCertificate.c", Section: "X-12", Confidence: chain.ConfidenceSource},
	},
	Explain: "A certificate without extensions leaves the field out; an empty list in its place, or one of 10,000 and more entries, makes Apple platforms refuse to read the certificate. " +
		"It never gets as far as trust evaluation, and an app sees a failed TLS connection without a word about trust.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the extensions a TLS certificate needs (subjectAltName, extendedKeyUsage, keyUsage)", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassTLS, Sec: -26275, SSL: -9808},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		n := len(it.Cert.Extensions)
		if n < maxExtensions && !it.Cert.HasFault(x509read.FaultExtensionsEmpty) {
			return nil
		}
		return []chain.Hit{{Item: it, Advice: []chain.Advice{{Repair: reissueWell(it)}}, Message: fmt.Sprintf("{item} has a list of %d extensions, want 1 to %d or none at all", n, maxExtensions-1),
			Evidence: []chain.Evid{{Field: "extensions", Got: fmt.Sprint(n), Want: fmt.Sprintf("1 to %d", maxExtensions-1)}}}}
	}),
}
