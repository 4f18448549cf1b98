package hostname

import (
	"bytes"
	"net/netip"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// ParseIP reads an IP address as a reference name: four decimal numbers, or the
// text forms of RFC 4291 section 2.2, without zone. The result has 4 or 16
// octets; an IPv4-mapped address keeps its 16.
func ParseIP(text string) ([]byte, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return nil, false
	}
	return a.AsSlice(), true
}

// MatchIP compares an iPAddress of a certificate octet by octet (RFC 9525
// section 6.5): an IPv4 address never matches its IPv4-mapped form.
func MatchIP(presented, reference []byte) bool {
	return (len(presented) == 4 || len(presented) == 16) && bytes.Equal(presented, reference)
}

// ipText prints the content of an iPAddress.
func ipText(octets []byte) string {
	if a, ok := netip.AddrFromSlice(octets); ok {
		return a.String()
	}
	return quote(string(octets))
}

// nameText prints a name of subjectAltName as the user would write it.
func nameText(g x509read.GeneralName) string {
	switch g.Tag {
	case x509read.TagIP:
		return ipText(g.Value)
	case x509read.TagDNS, x509read.TagEmail, x509read.TagURI:
		return quote(g.Text())
	case x509read.TagDirectoryName:
		if g.Name != nil {
			return g.Name.String()
		}
	}
	return g.Kind()
}
