package ats

import (
	"net/netip"
	"strings"
)

// Local reports whether a host is "direct": on this device or this link, so that
// App Transport Security leaves it alone (apple: ATS-31, ATS-32). Names count as
// they are written; nothing is resolved. addresses: every IP address is local
// too, as documented for NSAllowsLocalNetworking = YES and for releases before
// iOS 17 / macOS 14.
func Local(host string, addresses bool) bool {
	if a, ok := address(host); ok {
		return addresses || a.IsLoopback() || a.Is6() && a.IsLinkLocalUnicast()
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "" {
		return false
	}
	return !strings.Contains(name, ".") || strings.HasSuffix(name, ".local")
}

// address reads an IP address, with or without the brackets of a URL and with
// the zone of a scoped IPv6 address dropped.
func address(host string) (netip.Addr, bool) {
	h := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	a, err := netip.ParseAddr(h)
	if err != nil {
		return netip.Addr{}, false
	}
	return a.WithZone(""), true
}
