package apple

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(emptySubject)

var emptySubject = &chain.Rule{
	ID:    "apple-empty-subject",
	Level: chain.LevelX509,
	Title: "an empty subject where one is needed",
	Sources: []chain.Source{
		{Doc: "SecPolicyLeafCallbacks.c non-empty subject", Section: "X-16", Confidence: chain.ConfidenceSource},
	},
	Explain: "A CA certificate needs a subject, since it is found by that name, and one that is used as item 0 is no exception. " +
		"Another item 0 may leave the subject empty, but then its subjectAltName takes the subject's place and has to be marked critical. " +
		"The log on the device says that the certificate is not standards compliant.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with a subject, or with subjectAltName=critical,DNS:www.example.com in the openssl configuration"}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67655},
	InsteadOf: []string{"basic-name-chaining"},
	Reads:     x509read.FieldSubject | x509read.FieldSubjectAltName,
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		cert := it.Cert
		if !cert.Subject.Empty() {
			return nil
		}
		h := chain.Hit{Item: it, Evidence: []chain.Evid{{Field: "subject", Got: "empty", Want: "a name"}}}
		san := cert.Extension(x509read.OIDExtSubjectAltName)
		switch {
		case cert.IsCA():
			h.Message = "{item} is a CA's and has an empty subject"
		case !place.Leaf:
			h.Message = "{item} stands above item 0 and has an empty subject"
		case san == nil:
			h.Message = "{item} has an empty subject and no subjectAltName"
		case !san.Critical:
			h.Message = "{item} has an empty subject, and its subjectAltName is not critical"
			h.Evidence = append(h.Evidence, chain.Evid{Field: "extensions.subjectAltName", Got: "not critical", Want: "critical"})
		default:
			return nil
		}
		if place.Leaf && san != nil && !cert.IsCA() {
			h.Try(chain.RepairReissue(it, func(cert *x509read.Certificate) {
				cert.Extensions = slices.Clone(cert.Extensions)
				for i := range cert.Extensions {
					cert.Extensions[i].Critical = cert.Extensions[i].Critical || cert.Extensions[i].OID == x509read.OIDExtSubjectAltName
				}
			}), "")
		}
		return []chain.Hit{h}
	}),
}
