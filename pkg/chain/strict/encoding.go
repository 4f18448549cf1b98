package strict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(encoding)

var encoding = &chain.Rule{
	ID:       "strict-encoding",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "encoding that some clients fail to read",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "section 4"}, {Doc: "X.690", Section: "sections 10 and 11"}, {Doc: "crypto/x509", Section: "parser.go"}, {Doc: "BoringSSL pki", Section: "parse_certificate.cc"}},
	Explain:  "A reader of certificates forgives some departures from DER and from RFC 5280 and dies of others, and each client's reader forgives its own: Go of none in a name, Chrome of none in the booleans, OpenSSL of most. A certificate that cannot be read is refused whatever else is right, mostly with a message about its format.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again with software that encodes it right, as OpenSSL does", Issue: &chain.Issuing{Anew: true}}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		var seen []string
		say := func(kind, field, message string) {
			if !slices.Contains(seen, kind) && len(hits) < maxFaults {
				seen = append(seen, kind)
				hits = append(hits, one(it, fmt.Sprintf("{item} has an encoding that some clients refuse: %s", message), field, kind, "the encoding of RFC 5280 section 4", kind))
			}
		}
		for i := range it.Cert.Faults {
			if f := &it.Cert.Faults[i]; !hasOwnRule(f.Code) {
				say(faultKind(it.Cert, f), f.Field, f.Message)
			}
		}
		for _, n := range []struct {
			field string
			name  x509read.Name
		}{{"subject", it.Cert.Subject}, {"issuer", it.Cert.Issuer}} {
			for _, rdn := range n.name.RDNs {
				for _, a := range rdn {
					switch a.Tag {
					case x509read.TagUniversalString:
						say("text-universal", n.field, "a name is written as UniversalString")
					case x509read.TagVisibleString:
						say("text-visible", n.field, "a name is written as VisibleString")
					}
				}
			}
		}
		if x := it.Cert.Extension(x509read.OIDExtNetscapeCertType); x != nil && (len(x.Value) < 3 || x.Value[0] != 0x03) {
			say("netscape-syntax", "extensions.netscapeCertType", "the Netscape certificate type is no BIT STRING")
		}
		return hits
	}),
}

// faultKind names a fault; of those of one code that readers treat differently, by
// what it is about.
func faultKind(c *x509read.Certificate, f *x509read.Fault) string {
	switch f.Code {
	case x509read.FaultPrintableString:
		return string(f.Code) + surplus(c.Subject, c.Issuer)
	case x509read.FaultAlgorithmParameters:
		if c.Signature.SignatureKey() == x509read.ECDSA {
			return string(f.Code) + "-ecdsa"
		}
	case x509read.FaultNameEmptyRDN:
		return string(f.Code) + "-" + f.Field
	case x509read.FaultExtensionsVersion:
		if c.Version > 3 {
			return string(x509read.FaultVersionUnknown)
		}
	case x509read.FaultTimeNoSeconds:
		if f.Offset < len(c.Raw) && c.Raw[f.Offset] == 0x18 {
			return "time-no-seconds-generalized"
		}
	}
	kind := string(f.Code)
	switch f.Code {
	case x509read.FaultAltNameSyntax, x509read.FaultTrailingExtension, x509read.FaultBooleanNotDER, x509read.FaultLengthNotMinimal, x509read.FaultLengthIndefinite:
		if f.OID != "" {
			kind += "-" + f.OID.Name()
		}
	}
	if x := c.Extension(f.OID); x != nil && len(x.Value) == 0 {
		kind += "-empty"
	}
	return kind
}

// surplus names what PrintableStrings of names have too much, where it is one
// character that some readers let stand.
func surplus(names ...x509read.Name) string {
	left := ""
	for _, n := range names {
		for _, rdn := range n.RDNs {
			for _, a := range rdn {
				if a.Tag == x509read.TagPrintableString {
					left += strings.Trim(string(a.Value), printable)
				}
			}
		}
	}
	switch {
	case strings.Trim(left, "*") == "":
		return "-asterisk"
	case strings.Trim(left, "&") == "":
		return "-ampersand"
	}
	return ""
}

const printable = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"

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
