package chain

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// extensionLines prints a certificate's extensions, a line each:
// "basicConstraints (critical): CA".
func extensionLines(c *x509read.Certificate) []string {
	var out []string
	for _, e := range c.Extensions {
		line := e.OID.Name()
		if e.Critical {
			line += " (critical)"
		}
		if text := extensionText(c, e); text != "" {
			line += ": " + text
		}
		out = append(out, line)
	}
	return out
}

func extensionText(c *x509read.Certificate, e x509read.Extension) string {
	switch e.OID {
	case x509read.OIDExtBasicConstraints:
		if b := c.BasicConstraints; b != nil && b.CA {
			if b.PathLen >= 0 {
				return fmt.Sprintf("CA, path length %d", b.PathLen)
			}
			return "CA"
		}
		return "not a CA"
	case x509read.OIDExtKeyUsage:
		if c.KeyUsage == nil {
			return ""
		}
		names := []string{"digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
		var set []string
		for i, n := range names {
			if c.KeyUsage.Bits&(1<<i) != 0 {
				set = append(set, n)
			}
		}
		return strings.Join(set, ", ")
	case x509read.OIDExtExtKeyUsage:
		var set []string
		for _, o := range c.ExtKeyUsage {
			set = append(set, o.Name())
		}
		return strings.Join(set, ", ")
	case x509read.OIDExtSubjectAltName:
		var set []string
		for _, n := range c.SubjectAltName {
			set = append(set, NameText(n))
		}
		return strings.Join(set, ", ")
	case x509read.OIDExtSubjectKeyID:
		return fmt.Sprintf("%x", c.SubjectKeyID)
	case x509read.OIDExtAuthorityKeyID:
		if c.AuthorityKeyID != nil {
			return fmt.Sprintf("%x", c.AuthorityKeyID.KeyID)
		}
	case x509read.OIDExtCertificatePolicies:
		var set []string
		for _, p := range c.Policies {
			set = append(set, p.OID.Name())
		}
		return strings.Join(set, ", ")
	}
	return ""
}
