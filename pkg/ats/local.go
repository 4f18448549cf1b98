package ats

import (
	"net/netip"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// locality says whether a host is "direct": on this device or this link, so that
// App Transport Security leaves it alone.
type locality int

const (
	remote  locality = iota
	perhaps          // closed code decides; what was measured differs
	local
)

// localityOf judges a host as it is written; nothing is resolved. With
// NSAllowsLocalNetworking = NO nothing is local (apple: ATS-30), with YES the
// private and link-local addresses are, and no other (testLocalNetworkingKeyOverrides
// AllowsArbitraryLoads asserts it of 203.0.113.1). Without the key they were
// before iOS 17 and macOS 14, with every other address; since then the classifier
// is closed code, and field reports differ (ATS-32, ATS-33).
func localityOf(settings *chain.AppSettings, host, platform string, clear bool) locality {
	d := dictionary(settings)
	if explicitlyNo(d, keyLocal) {
		return remote
	}
	a, ok := address(host)
	a = a.Unmap() // one of IPv4 mapped into IPv6 is that of IPv4
	switch {
	case !ok && localName(host):
		return local
	case !ok:
		return remote
	case a.IsLoopback() && clear && !yes(d, keyLocal): // one note of Apple's says that http://127.0.0.1 is refused (ATS-33)
		return perhaps
	case a.IsLoopback(), a.Is6() && a.IsLinkLocalUnicast():
		return local
	case yes(d, keyLocal) && ofLocalNetwork(a):
		return local
	case yes(d, keyLocal):
		return remote
	case !chain.PlatformAtLeast(platform, 17, 14):
		return local
	case ofLocalNetwork(a):
		return perhaps
	}
	return remote
}

// localName reports names without a dot and those under .local (apple: ATS-31).
func localName(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return name != "" && (!strings.Contains(name, ".") || strings.HasSuffix(name, ".local"))
}

// ofLocalNetwork reports 10/8, 172.16/12, 192.168/16, 169.254/16, fc00::/7 and
// fe80::/10. The shared addresses of carriers, 100.64/10, are none of them.
func ofLocalNetwork(a netip.Addr) bool { return a.IsPrivate() || a.IsLinkLocalUnicast() }

// kindOf names what an address is, for a message.
func kindOf(a netip.Addr) string {
	a = a.Unmap()
	switch {
	case a.IsLoopback():
		return "an address of this device"
	case a.IsLinkLocalUnicast():
		return "a link-local address"
	}
	return "a private address"
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
