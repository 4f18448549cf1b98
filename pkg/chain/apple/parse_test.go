package apple

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func fault(code x509read.FaultCode, oid x509read.OID, field string) edit {
	return func(c *x509read.Certificate) {
		c.Faults = append(c.Faults, x509read.Fault{Code: code, OID: oid, Field: field, Message: "as found"})
	}
}

func extension(dotted string, critical bool) edit {
	oid, ok := x509read.ParseOID(dotted)
	if !ok {
		panic(dotted)
	}
	return func(c *x509read.Certificate) {
		c.Extensions = append(c.Extensions, x509read.Extension{OID: oid, Critical: critical})
	}
}

func root(kind chain.AnchorKind, edits ...edit) *chain.Case {
	return asked(kind, leaf(), authority("CA", "Root"), authority("Root", "Root", edits...))
}

func middle(kind chain.AnchorKind, edits ...edit) *chain.Case {
	return asked(kind, leaf(), authority("CA", "Root", edits...), authority("Root", "Root"))
}

func TestParsing(t *testing.T) {
	const bad = "apple-unparseable-extension"
	san, aia, crl := x509read.OIDExtSubjectAltName, x509read.OIDExtAuthorityInfoAccess, x509read.OIDExtCRLDistributionPoints
	qc := func(platform string) *chain.Case {
		c := under(chain.Installed, fault(x509read.FaultQCStatementsSyntax, x509read.OIDExtQCStatements, "x"))
		c.Question.Platform = platform
		return c
	}
	many := func(n int) edit {
		return func(c *x509read.Certificate) { c.Extensions = make([]x509read.Extension, n) }
	}
	policies := func(n int) edit {
		return func(c *x509read.Certificate) { c.Policies = make([]x509read.Policy, n) }
	}
	tell(t, []story{
		{"explicit version 1", "apple-version", under(chain.Installed, fault(x509read.FaultVersionExplicitV1, "", "version")), "error"},
		{"version 4", "apple-version", under(chain.Installed, fault(x509read.FaultVersionUnknown, "", "version")), "error"},
		{"version 3", "apple-version", under(chain.Installed), ""},
		{"year 55 of UTCTime", "apple-date", under(chain.Installed, fault(x509read.FaultUTCTime1950, "", "validity.notAfter")), "note"},
		{"GeneralizedTime too early", "apple-date", under(chain.Installed, fault(x509read.FaultGeneralizedBefore2050, "", "validity.notAfter")), ""},
		{"empty list of extensions", "apple-extensions", under(chain.Installed, fault(x509read.FaultExtensionsEmpty, "", "extensions")), "error"},
		{"9999 extensions", "apple-extensions", under(chain.Installed, many(9999)), ""},
		{"10000 extensions", "apple-extensions", under(chain.Installed, many(10000)), "error"},

		{"no name in subjectAltName", bad, under(chain.Installed, fault(x509read.FaultAltNameEmpty, san, "x")), "error"},
		{"no name in issuerAltName", bad, under(chain.Installed, fault(x509read.FaultAltNameEmpty, x509read.OIDExtIssuerAltName, "x")), ""},
		{"OCSP location is no URI", bad, under(chain.Installed, fault(x509read.FaultAuthorityInfoLocation, aia, "x")), "error"},
		{"of the root", bad, root(chain.Installed, fault(x509read.FaultAuthorityInfoLocation, aia, "x")), "error"},
		{"key identifier's half", bad, middle(chain.Installed, fault(x509read.FaultAuthorityKeyIDPair, x509read.OIDExtAuthorityKeyID, "x")), "error"},
		{"distribution point without target", bad, under(chain.Installed, fault(x509read.FaultDistributionNoTarget, crl, "x")), "error"},
		{"freshestCRL is not known", bad, under(chain.Installed, fault(x509read.FaultDistributionNoTarget, x509read.OIDExtFreshestCRL, "x")), ""},
		{"subtree minimum", bad, middle(chain.Installed, fault(x509read.FaultSubtreeMinimum, x509read.OIDExtNameConstraints, "x")), "error"},
		{"empty DNS name", bad, under(chain.Installed, fault(x509read.FaultGeneralNameEmpty, san, "x")), ""},
		{"1023 policies", bad, under(chain.Installed, policies(1023)), ""},
		{"1024 policies", bad, under(chain.Installed, policies(1024)), "error"},
		{"qcStatements before the parser", bad, qc("ios17"), ""},
		{"qcStatements", bad, qc("ios26"), "error"},

		{"extension twice", "apple-duplicate-extension", under(chain.Installed, fault(x509read.FaultExtensionDuplicate, san, "x")), "error"},
		{"extension of the root twice", "apple-duplicate-extension", root(chain.Installed, fault(x509read.FaultExtensionDuplicate, san, "x")), "error"},
		{"once", "apple-duplicate-extension", under(chain.Installed), ""},
	})
}

func TestCriticalExtensions(t *testing.T) {
	const id = "apple-critical-extension"
	for dotted, known := range map[string]bool{
		"2.5.29.15": true, "2.5.29.17": true, "2.5.29.16": true, "2.16.840.1.113730.1.1": true,
		"1.2.840.113635.100.6.1": true, "1.2.840.113635.100.15.2": true, "1.2.840.113635.100.7.1": false, "1.2.840.113635.100.6": false,
		"1.3.6.1.4.1.41577.5.1": true, "1.3.6.1.4.1.41577.6": false, "2.23.146.2.1.4": true, "2.23.146.2.2": false,
		"2.23.148.1.1": true, "2.23.148.1.2": true, "2.23.148.1.3": false, "1.3.6.1.4.1.311.21.10": true,
		"1.3.6.1.5.5.7.1.24": false, "1.3.6.1.4.1.11129.2.4.3": false, "2.5.29.46": false, "1.2.3": false,
	} {
		want := "error"
		if known {
			want = ""
		}
		tell(t, []story{
			{dotted, id, under(chain.Installed, extension(dotted, true)), want},
			{dotted + " not critical", id, under(chain.Installed, extension(dotted, false)), ""},
			{dotted + " of the anchor", id, root(chain.Installed, extension(dotted, true)), ""},
			{dotted + " of an untrusted top", id, root("", extension(dotted, true)), want},
			{dotted + " of an anchored leaf", id, asked(chain.App, leaf(extension(dotted, true))), ""},
		})
	}
}

func TestShape(t *testing.T) {
	nameless := func(c *x509read.Certificate) { c.Subject = distinguished("") }
	ca := func(is bool) edit {
		return func(c *x509read.Certificate) {
			c.BasicConstraints = &x509read.BasicConstraints{CA: is, PathLen: -1}
		}
	}
	no := func(c *x509read.Certificate) { c.BasicConstraints = nil }
	v1 := func(c *x509read.Certificate) { c.BasicConstraints, c.KeyUsage, c.Version = nil, nil, 1 }
	ku := func(bits uint16, critical bool) edit {
		return func(c *x509read.Certificate) {
			c.KeyUsage = &x509read.KeyUsage{Bits: bits, Critical: critical, Empty: bits == 0}
		}
	}
	length := func(n int) edit {
		return func(c *x509read.Certificate) { c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: n} }
	}
	aki := func(id string) edit {
		return func(c *x509read.Certificate) { c.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: []byte(id)} }
	}
	linked := func(child, issuer string) *chain.Case {
		return asked(chain.App, leaf(aki(child)), authority("CA", "Root", func(c *x509read.Certificate) {
			if issuer != "" {
				c.SubjectKeyID = []byte(issuer)
			}
		}), authority("Root", "Root"))
	}
	deep := func(n int, selfIssued bool) *chain.Case {
		second := authority("CA", "Middle")
		if selfIssued {
			second = authority("Middle", "Middle")
		}
		return asked(chain.App, leaf(), second, authority("Middle", "Root"), authority("Root", "Root", length(n)))
	}
	depth := func(n int) *chain.Case {
		c := deep(-1, false)
		c.Question.MaxDepth = n
		return c
	}
	const subject, bc, usage, path = "apple-empty-subject", "apple-basic-constraints", "apple-key-usage", "apple-path-length"
	tell(t, []story{
		{"leaf with critical SAN", subject, under(chain.App, nameless, extension("2.5.29.17", true)), ""},
		{"leaf with SAN", subject, under(chain.App, nameless, extension("2.5.29.17", false)), "error"},
		{"leaf without SAN", subject, under(chain.App, nameless), "error"},
		{"CA as leaf", subject, asked(chain.App, leaf(nameless, extension("2.5.29.17", true), ca(true))), "error"},
		{"intermediate", subject, middle(chain.App, nameless, extension("2.5.29.17", true)), "error"},
		{"named", subject, under(chain.App), ""},

		{"root without", bc, root(chain.App, no), "error"},
		{"root CA:FALSE", bc, root(chain.App, ca(false)), "error"},
		{"intermediate without", bc, middle(chain.App, no), "error"},
		{"root of version 1", bc, root(chain.App, v1), ""},
		{"intermediate of version 1", bc, middle(chain.App, v1), "error"},
		{"both of version 1", bc, asked(chain.App, leaf(), authority("CA", "Root", v1), authority("Root", "Root", v1)), ""},
		{"leaf without", bc, asked(chain.App, leaf()), ""},

		{"root without keyCertSign", usage, root(chain.App, ku(x509read.DigitalSignature, true)), "error"},
		{"keyCertSign", usage, root(chain.App, ku(x509read.KeyCertSign, false)), ""},
		{"critical and empty", usage, middle(chain.App, ku(0, true)), "error"},
		{"empty, not critical", usage, middle(chain.App, ku(0, false)), ""},
		{"leaf", usage, under(chain.App, ku(x509read.DigitalSignature, true)), ""},

		{"two below, one allowed", path, deep(1, false), "error"},
		{"two below, two allowed", path, deep(2, false), ""},
		{"self-issued does not count", path, deep(1, true), ""},
		{"depth asked for", path, depth(2), ""},
		{"one less", path, depth(1), "error"},

		{"key identifiers differ", "apple-key-identifier", linked("a", "b"), "error"},
		{"key identifiers agree", "apple-key-identifier", linked("a", "a"), ""},
		{"issuer has none", "apple-key-identifier", linked("a", ""), ""},
	})
}

func TestNameChaining(t *testing.T) {
	typed := func(tag int, text string) x509read.Name {
		n := distinguished("CA")
		n.RDNs = [][]x509read.Attribute{{{OID: x509read.OIDCommonName, Tag: tag, Value: []byte(text), Text: text}}}
		return n
	}
	c := func(issuer, subject x509read.Name) *chain.Case {
		return asked(chain.App, leaf(func(c *x509read.Certificate) { c.Issuer = issuer }),
			authority("CA", "CA", func(c *x509read.Certificate) { c.Subject, c.Issuer = subject, subject }))
	}
	const id = "apple-name-chaining"
	tell(t, []story{
		{"PrintableString, case and blanks", id, c(typed(19, " acme  ca"), typed(19, "Acme CA")), ""},
		{"UTF8String, case", id, c(typed(12, "acme CA"), typed(12, "Acme CA")), "error"},
		{"UTF8String, equal", id, c(typed(12, "Acme CA"), typed(12, "Acme CA")), ""},
		{"two string types", id, c(typed(19, "Acme CA"), typed(12, "Acme CA")), "error"},
	})
}
