package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type cert = x509read.Certificate

func names(tag int, values ...string) (out []x509read.GeneralName) {
	for _, v := range values {
		out = append(out, x509read.GeneralName{Tag: tag, Value: []byte(v)})
	}
	return out
}

func subjectOf(t *testing.T, cns ...string) x509read.Name {
	t.Helper()
	n := x509read.Name{RDNs: [][]x509read.Attribute{}}
	for _, cn := range cns {
		n.RDNs = append(n.RDNs, []x509read.Attribute{{OID: x509read.OIDCommonName, Tag: x509read.TagUTF8String, Value: []byte(cn), Text: cn}})
	}
	return n
}

// subtree is a permitted subtree, marked critical.
func subtree(tag int, base string) *x509read.NameConstraints {
	return &x509read.NameConstraints{Critical: true, Permitted: []x509read.Subtree{{Base: names(tag, base)[0], Maximum: -1}}}
}

// TestRules changes one thing in a certificate nothing is wrong with. Rules that
// only warn have a "~" before their ID.
func TestRules(t *testing.T) {
	const leaf, root = false, true
	for _, tt := range []struct {
		label  string
		onRoot bool
		change func(*cert)
		want   string
	}{
		{"nothing, leaf", leaf, func(*cert) {}, ""},
		{"nothing, root", root, func(*cert) {}, ""},

		{"issuer empty", leaf, func(c *cert) { c.Issuer = subjectOf(t) }, "lint-issuer-empty"},
		{"subject empty, extension not critical", leaf, func(c *cert) { c.Subject = subjectOf(t) }, "lint-san-not-critical"},
		{"subject empty, extension critical", leaf, func(c *cert) {
			c.Subject = subjectOf(t)
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtSubjectAltName, true)
		}, ""},
		{"subject there, extension critical", leaf, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtSubjectAltName, true) },
			"lint-br-san-critical"},
		{"CA subject empty", root, func(c *cert) { c.Subject, c.Issuer = subjectOf(t), subjectOf(t) }, "lint-ca-subject-empty lint-issuer-empty"},

		{"underscore", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "a_b.example.com")...)
		}, "lint-san-underscore"},
		{"address as dNSName", leaf, func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "192.0.2.1")...) },
			"lint-san-ip-as-dns"},
		{"address", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagIP, "\xc0\x00\x02\x01")...)
		}, ""},
		{"leading dot", leaf, func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, ".example.com")...) }, "lint-san-dns-name"},
		{"wildcard", leaf, func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "*.example.com")...) }, ""},
		{"wildcard inside", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "a.*.example.com")...)
		}, "lint-san-dns-name"},
		{"label of 63", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, strings.Repeat("a", 63)+".com")...)
		}, ""},
		{"label of 64", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, strings.Repeat("a", 64)+".com")...)
		}, "lint-san-dns-name"},
		{"mailbox", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagEmail, "me@example.com")...)
		}, ""},
		{"two @", leaf, func(c *cert) {
			c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagEmail, "a@b@example.com")...)
		}, "lint-san-email"},

		{"no AKI, leaf", leaf, func(c *cert) {
			c.AuthorityKeyID, c.Extensions = nil, without(c.Extensions, x509read.OIDExtAuthorityKeyID)
		}, "lint-aki-missing"},
		{"no AKI, self-signed", root, func(c *cert) {
			c.AuthorityKeyID, c.Extensions = nil, without(c.Extensions, x509read.OIDExtAuthorityKeyID)
		}, ""},
		{"AKI critical", leaf, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtAuthorityKeyID, true) }, "lint-aki-critical"},
		{"AKI with serial number", leaf, func(c *cert) {
			c.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: []byte{1}, Serial: []byte{1}}
		}, "lint-br-aki-shape"},
		{"AKI with issuer", leaf, func(c *cert) {
			c.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: []byte{1}, Issuer: names(x509read.TagDNS, "a")}
		}, "lint-br-aki-shape"},
		{"AKI of the root is another", root, func(c *cert) { c.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: []byte{1}} }, "lint-br-root-aki"},
		{"AKI of the root is its own", root, func(c *cert) { c.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: c.SubjectKeyID} }, ""},
		{"no SKI, CA", root, func(c *cert) {
			c.SubjectKeyID, c.Extensions = nil, without(c.Extensions, x509read.OIDExtSubjectKeyID)
		}, "lint-ski-missing"},
		{"no SKI, leaf", leaf, func(c *cert) {
			c.SubjectKeyID, c.Extensions = nil, without(c.Extensions, x509read.OIDExtSubjectKeyID)
		}, ""},
		{"SKI critical", root, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtSubjectKeyID, true) }, "lint-ski-critical"},

		{"anchor without basicConstraints", root, func(c *cert) { c.BasicConstraints, c.KeyUsage = nil, nil }, "lint-ca-basic-constraints"},
		{"anchor of version 1", root, func(c *cert) { c.BasicConstraints, c.KeyUsage, c.Version = nil, nil, 1 }, "lint-br-version"},
		{"basicConstraints not critical", root, func(c *cert) { c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: -1} },
			"lint-basic-constraints-critical"},
		{"pathlen without CA", leaf, func(c *cert) { c.BasicConstraints = &x509read.BasicConstraints{PathLen: 0} }, "lint-path-len"},
		{"pathlen without keyCertSign", root, func(c *cert) {
			c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: 0, Critical: true}
			c.KeyUsage = &x509read.KeyUsage{Bits: x509read.CRLSign}
		}, "lint-path-len"},
		{"pathlen", root, func(c *cert) {
			c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: 0, Critical: true}
		}, ""},
		{"keyCertSign without CA", leaf, func(c *cert) { c.KeyUsage = &x509read.KeyUsage{Bits: x509read.KeyCertSign} }, "lint-cert-sign-without-ca"},
		{"CA without keyUsage", root, func(c *cert) {
			c.KeyUsage, c.Extensions = nil, without(c.Extensions, x509read.OIDExtKeyUsage)
		}, "~lint-ca-key-usage"},
		{"leaf is a CA", leaf, func(c *cert) {
			c.BasicConstraints = &x509read.BasicConstraints{CA: true, PathLen: -1, Critical: true}
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtSubjectKeyID, false)
		}, "lint-br-leaf-ca"},

		{"nameConstraints in a leaf", leaf, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtNameConstraints, true) },
			"lint-name-constraints-leaf"},
		{"nameConstraints", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagDNS, "example.com") }, ""},
		{"nameConstraints not critical", root, func(c *cert) {
			c.NameConstraints = subtree(x509read.TagDNS, "example.com")
			c.NameConstraints.Critical = false
		}, "~lint-name-constraints-critical"},
		{"subtree with leading dot", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagDNS, ".example.com") }, "lint-name-constraints-subtree"},
		{"subtree of every name", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagDNS, "") }, ""},
		{"subtree with wildcard", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagDNS, "*.example.com") }, "lint-name-constraints-subtree"},
		{"subtree of mailboxes", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagEmail, ".example.com") }, ""},
		{"subtree of no mailbox", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagEmail, "a@b@example.com") }, "lint-name-constraints-subtree"},
		{"subtree of URIs", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagURI, ".example.com") }, ""},
		{"subtree that is a URI", root, func(c *cert) { c.NameConstraints = subtree(x509read.TagURI, "https://example.com") }, "lint-name-constraints-subtree"},
		{"policyConstraints not critical", root, func(c *cert) {
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtPolicyConstraints, false)
		}, "lint-policy-constraints-critical"},
		{"policyConstraints critical", root, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtPolicyConstraints, true) }, ""},
		{"inhibitAnyPolicy not critical", root, func(c *cert) {
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtInhibitAnyPolicy, false)
		}, "lint-inhibit-any-policy-critical"},
		{"authorityInfoAccess critical", leaf, func(c *cert) {
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtAuthorityInfoAccess, true)
		}, "lint-never-critical"},
		{"authorityInfoAccess", leaf, func(c *cert) {
			c.Extensions = withExtension(c.Extensions, x509read.OIDExtAuthorityInfoAccess, false)
		}, ""},

		{"no EKU", leaf, func(c *cert) {
			c.ExtKeyUsage, c.Extensions = nil, without(c.Extensions, x509read.OIDExtExtKeyUsage)
		}, "lint-br-eku-missing"},
		{"EKU critical", leaf, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtExtKeyUsage, true) }, "lint-br-eku-critical"},
		{"any EKU", leaf, func(c *cert) { c.ExtKeyUsage = []x509read.OID{x509read.OIDServerAuth, x509read.OIDAnyExtKeyUsage} }, "lint-br-eku-any"},
		{"EKU in the root", root, func(c *cert) { c.Extensions = withExtension(c.Extensions, x509read.OIDExtExtKeyUsage, false) }, "lint-br-root-eku"},
		{"no SAN", leaf, func(c *cert) {
			c.SubjectAltName, c.Extensions = nil, without(c.Extensions, x509read.OIDExtSubjectAltName)
		}, "lint-br-san-missing"},
		{"CN elsewhere", leaf, func(c *cert) { c.Subject = subjectOf(t, "mail.example.com") }, "lint-br-cn-in-san"},
		{"CN in other case", leaf, func(c *cert) { c.Subject = subjectOf(t, "WWW.example.com") }, "lint-br-cn-in-san"},
		{"no CN", leaf, func(c *cert) {
			c.Subject.RDNs = [][]x509read.Attribute{{{OID: x509read.OIDOrganization, Text: "Example"}}}
		}, ""},
		{"CN is the domain", leaf, func(c *cert) {
			c.Subject, c.SubjectAltName = subjectOf(t, "example.com"), names(x509read.TagDNS, "*.example.com")
		}, "~lint-br-cn-in-san"},
		{"CN beside an address", leaf, func(c *cert) { c.SubjectAltName = names(x509read.TagIP, "\xc0\x00\x02\x01") }, "~lint-br-cn-in-san"},
		{"CN is the address", leaf, func(c *cert) {
			c.Subject, c.SubjectAltName = subjectOf(t, "192.0.2.1"), names(x509read.TagIP, "\xc0\x00\x02\x01")
		}, ""},
		{"CN is the address with zeros", leaf, func(c *cert) {
			c.Subject, c.SubjectAltName = subjectOf(t, "192.0.02.1"), names(x509read.TagIP, "\xc0\x00\x02\x01")
		}, "lint-br-cn-in-san"},
		{"two CNs", leaf, func(c *cert) { c.Subject = subjectOf(t, "www.example.com", "example.com") }, "lint-br-cn-multiple"},
		{"wildcard under a suffix", leaf, func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "*.co.uk")...) },
			"lint-br-wildcard-suffix"},
		{"wildcard under a private suffix", leaf, func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, "*.github.io")...) }, ""},
		{"RSA 2048", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.RSA, Bits: 2048} }, ""},
		{"RSA 2040", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.RSA, Bits: 2040} }, "lint-br-rsa-size"},
		{"RSA 2049", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.RSA, Bits: 2049} }, "lint-br-rsa-multiple"},
		{"P-192", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-192", Bits: 192} }, "lint-br-key-type"},
		{"P-521", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.ECDSA, Curve: "P-521", Bits: 521} }, ""},
		{"DSA", leaf, func(c *cert) { c.PublicKey = x509read.PublicKey{Type: x509read.DSA, Bits: 2048} }, "lint-br-key-type"},
		{"SHA-1", leaf, func(c *cert) { c.Signature.OID = x509read.OIDSHA1WithRSA }, "lint-br-signature-hash"},
		{"SHA-1, root", root, func(c *cert) { c.Signature.OID = x509read.OIDSHA1WithRSA }, ""},
		{"SHA-384", leaf, func(c *cert) { c.Signature.OID = x509read.OIDSHA384WithRSA }, ""},
		{"SHA-224", leaf, func(c *cert) { c.Signature.OID = x509read.OIDECDSAWithSHA224 }, "lint-br-signature-hash"},
		{"Ed25519", leaf, func(c *cert) { c.Signature.OID = x509read.OIDEd25519 }, ""},
		{"version 2", leaf, func(c *cert) { c.Version = 2 }, "lint-br-version"},
		{"serial zero", leaf, func(c *cert) { c.Faults = []x509read.Fault{fault(x509read.FaultSerialZero)} }, "lint-serial"},
		{"serial zero, anchor", root, func(c *cert) { c.Faults = []x509read.Fault{fault(x509read.FaultSerialZero)} }, "~lint-serial"},
	} {
		if got := say(t, tt.onRoot, chain.PurposeServer, "www.example.com", tt.change); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.label, got, tt.want)
		}
	}
}

// say lists what fires on the changed item: errors, then warnings.
func say(t *testing.T, onRoot bool, purpose chain.Purpose, name string, change func(*cert)) string {
	t.Helper()
	c := scene(t, purpose, name)
	p := c.Paths[0]
	it := *p.Items[0]
	if onRoot {
		it = *p.Last()
	}
	changed := *it.Cert
	it.Reissued = true
	changed.SubjectAltName = slices.Clone(changed.SubjectAltName)
	change(&changed)
	it.Cert = &changed
	var ids []string
	for _, r := range Rules() {
		check := ofItem(r)
		if r.Applies != nil && r.Applies.NotFor == purpose || check == nil {
			continue
		}
		for _, h := range check(c, &it, chain.Place{Leaf: !onRoot, Anchor: onRoot}) {
			if h.Message == "" || h.Item != &it || len(h.Evidence) == 0 {
				t.Errorf("%s: incomplete hit %+v", r.ID, h)
			}
			id := r.ID
			if h.AtMost != "" {
				id = "~" + id
			}
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// ofItem is the check of a rule that looks at single certificates; nil: it does not.
func ofItem(r *chain.Rule) chain.PerItem {
	switch check := r.Check.(type) {
	case chain.PerItem:
		return check
	case chain.PerCertificate:
		return func(_ *chain.Case, it *chain.Item, at chain.Place) []chain.Hit { return check(it, at) }
	}
	return nil
}

func TestPrivateSuffixCountsWhereTheNameRestsOnIt(t *testing.T) {
	add := func(extra ...string) func(*cert) {
		return func(c *cert) { c.SubjectAltName = append(c.SubjectAltName, names(x509read.TagDNS, extra...)...) }
	}
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{[]string{"*.github.io"}, "lint-br-wildcard-suffix"},
		{[]string{"*.github.io", "me.github.io"}, ""},
	} {
		if got := say(t, false, chain.PurposeServer, "me.github.io", add(tt.names...)); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.names, got, tt.want)
		}
	}
}

// TestFaultRules gives the reader's faults one by one: each is exactly one
// rule's, but for those that level 1 judges itself.
func TestFaultRules(t *testing.T) {
	elsewhere := map[x509read.FaultCode]string{
		x509read.FaultTruncated:          "basic-unreadable",
		x509read.FaultStructure:          "basic-unreadable",
		x509read.FaultTrailingData:       "clients ignore octets after the certificate",
		x509read.FaultECCurveUnknown:     "lint-br-key-type, by the curve",
		x509read.FaultECPointCompressed:  "RFC 5480 allows it",
		x509read.FaultDSAInherited:       "RFC 3279 allows it",
		x509read.FaultPathLenWithoutCA:   "lint-path-len, by the field",
		x509read.FaultQCStatementsSyntax: "no client reads them",
	}
	for _, code := range allFaults {
		got := say(t, false, chain.PurposeServer, "", func(c *cert) { c.Faults = []x509read.Fault{fault(code)} })
		_, other := elsewhere[code]
		if other == (got != "") || strings.Contains(got, " ") {
			t.Errorf("%s: %q", code, got)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen, ids := map[string]string{}, map[string]bool{}
	for _, r := range Rules() {
		if r.Level != chain.LevelX509 || r.Title == "" || len(r.Title) > 60 || len(r.Sources) == 0 || r.Explain == "" || len(r.Advice) == 0 ||
			r.Check == nil || ids[r.ID] {
			t.Errorf("%s is incomplete or there twice", r.ID)
		}
		ids[r.ID] = true
		if other, ok := seen[r.Explain]; ok {
			t.Errorf("%s and %s share an explanation", r.ID, other)
		}
		seen[r.Explain] = r.ID
	}
}
