package strict

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(chaining)

var chaining = &chain.Rule{
	ID:       "strict-chaining",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "issuer found only by a forgiving comparison",
	Sources:  []chain.Source{{Doc: "RFC 5280", Section: "sections 4.2.1.1 and 7.1"}, {Doc: "crypto/x509", Section: "CertPool.findPotentialParents"}, {Doc: "X509_check_issued(3)", Section: ""}},
	Explain: "A certificate names its issuer, and RFC 5280 compares such names without regard to string type, case and blanks. Go and Firefox compare the octets, GnuTLS forgives the string type only, and OpenSSL also wants serial number and issuer in the authority key identifier to be those of the certificate above. " +
		"Where they find no issuer they say that it is unknown.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the issuer's subject copied octet by octet, and an authorityKeyIdentifier of the keyid form only", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	Reads:  x509read.FieldIssuer | x509read.FieldSubject,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		var hits []chain.Hit
		child, issuer := l.Child.Cert, l.Issuer.Cert
		if child.Issuer.Empty() {
			kind := "empty"
			if l.Child.Index == 0 {
				kind = "empty-leaf" // clients that read the issuer of item 0 alone miss a name there only
			}
			hits = append(hits, one(l.Child, "{item} names an issuer without a name", "issuer", "empty", "the subject of a CA", kind))
		} else if !bytes.Equal(child.Issuer.Raw, issuer.Subject.Raw) && child.Issuer.Equal5280(issuer.Subject) {
			kind := "spelling"
			if texts(child.Issuer) == texts(issuer.Subject) {
				kind = "string-type" + rareString(child.Issuer, issuer.Subject)
			}
			hits = append(hits, one(l.Child, fmt.Sprintf("{item} writes the name of its issuer in another way than %s", l.Issuer.Label()), "issuer", child.Issuer.String(), issuer.Subject.String(), kind))
		}
		if kind := otherCertificate(child.AuthorityKeyID, issuer); kind != "" {
			hits = append(hits, one(l.Child, fmt.Sprintf("{item} names another certificate of its issuer than %s", l.Issuer.Label()), "authorityKeyIdentifier", "issuer and serial of another certificate", "those of "+l.Issuer.Label(), kind))
		}
		return hits
	}),
}

// rareString names the string type, of those in which two names of one text differ,
// that fewer clients compare with others: "-ia5", "-teletex"; "" for UTF8String
// and PrintableString.
func rareString(a, b x509read.Name) string {
	if len(a.RDNs) != len(b.RDNs) {
		return ""
	}
	for i, rdn := range a.RDNs {
		for k := range min(len(rdn), len(b.RDNs[i])) {
			x, y := rdn[k].Tag, b.RDNs[i][k].Tag
			if x == y {
				continue
			}
			for _, tag := range [...]int{x, y} {
				switch tag {
				case x509read.TagIA5String:
					return "-ia5"
				case x509read.TagTeletexString:
					return "-teletex"
				}
			}
		}
	}
	return ""
}

// texts is what a name says, without the types of its strings.
func texts(n x509read.Name) string {
	var b strings.Builder
	for _, rdn := range n.RDNs {
		b.WriteByte(0)
		for _, a := range rdn {
			b.WriteString(string(a.OID) + "=" + a.Text + "\x00")
		}
	}
	return b.String()
}

// otherCertificate says what of an authority key identifier is another
// certificate's: "aki-serial", its serial number; "aki-issuer", the name of its
// issuer alone; "" where each that is there is this one's (OpenSSL X509_check_akid).
func otherCertificate(aki *x509read.AuthorityKeyID, c *x509read.Certificate) string {
	if aki == nil {
		return ""
	}
	switch name := aki.DirectoryName(); {
	case aki.Serial != nil && !bytes.Equal(aki.Serial, c.Serial):
		return "aki-serial"
	case name != nil && !name.Equal5280(c.Issuer):
		return "aki-issuer"
	}
	return ""
}
