package chain

import (
	"fmt"
	"net/netip"
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
		return c.KeyUsage.String()
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

// NameText prints a general name as kind:value.
func NameText(n x509read.GeneralName) string {
	switch n.Tag {
	case x509read.TagDNS:
		return "dns:" + string(n.Value)
	case x509read.TagEmail:
		return "email:" + string(n.Value)
	case x509read.TagURI:
		return "uri:" + string(n.Value)
	case x509read.TagIP:
		if a, ok := netip.AddrFromSlice(n.Value); ok {
			return "ip:" + a.String()
		}
		return fmt.Sprintf("ip:%x", n.Value)
	case x509read.TagDirectoryName:
		if n.Name != nil {
			return "dirname:" + n.Name.String()
		}
	}
	return fmt.Sprintf("tag%d:%x", n.Tag, n.Value)
}
