package strict

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(purposeRule)

var purposeRule = &chain.Rule{
	ID:       "strict-purpose",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "purpose that some clients do not take for a TLS server's",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.12"}, {Doc: "X509_check_purpose(3)", Section: "check_purpose_ssl_server"}, {Doc: "mozilla::pkix", Section: "CheckExtendedKeyUsage"}},
	Explain: "RFC 5280 lets anyExtendedKeyUsage stand for every purpose, and lets purposes be mixed. OpenSSL and Firefox want serverAuth by name, Firefox refuses a server's certificate that may also sign OCSP responses, and OpenSSL and Java still heed the certificate type Netscape invented. " +
		"So a certificate that browsers take can fail in curl, or the other way round.",
	Advice:  []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth (and clientAuth where it is needed) and nothing else", Issue: &chain.Issuing{With: []string{"extendedKeyUsage=serverAuth"}}}},
	Applies: &chain.Applies{NotFor: chain.PurposeClient},
	Reads:   x509read.FieldExtKeyUsage,
	Check: chain.PerCertificate(func(it *chain.Item, place chain.Place) []chain.Hit {
		var hits []chain.Hit
		have := it.Cert.ExtKeyUsage
		server := slices.Contains(have, x509read.OIDServerAuth)
		if !server && slices.Contains(have, x509read.OIDAnyExtKeyUsage) {
			hits = append(hits, one(it, "{item} has anyExtendedKeyUsage and not serverAuth", "extendedKeyUsage", "anyExtendedKeyUsage", "serverAuth", "any"))
		}
		if place.Leaf && server && slices.Contains(have, x509read.OIDOCSPSigning) {
			hits = append(hits, one(it, "{item} may serve TLS and sign OCSP responses", "extendedKeyUsage", "serverAuth, OCSPSigning", "serverAuth", "ocsp-signing"))
		}
		if t, ok := netscapeType(it.Cert); ok && place.Leaf && t&0x40 == 0 {
			hits = append(hits, one(it, "{item} has a Netscape certificate type that is no TLS server's", "nsCertType", t.text(), "server", "netscape"))
		}
		return hits
	}),
}

// netscape is the content of the Netscape certificate type: bit 0 (the highest) is
// an SSL client's, 1 an SSL server's. Nobody looks at it in a CA that has basicConstraints.
type netscape byte

func netscapeType(c *x509read.Certificate) (netscape, bool) {
	x := c.Extension(x509read.OIDExtNetscapeCertType)
	if x == nil || len(x.Value) != 4 || x.Value[0] != 0x03 {
		return 0, false
	}
	return netscape(x.Value[3]), true
}

func (n netscape) text() string {
	text := ""
	for i, name := range [...]string{"client", "server", "email", "objsign", "reserved", "sslCA", "emailCA", "objCA"} {
		if n&(0x80>>i) != 0 {
			text += ", " + name
		}
	}
	if text == "" {
		return "none"
	}
	return text[2:]
}
