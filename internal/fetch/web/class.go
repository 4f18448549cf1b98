package web

import (
	"fmt"
	"net/netip"
)

// A class is a kind of addresses that is asked together or not at all.
type class string

const (
	public     class = "public"
	private    class = "private"
	loopback   class = "loopback"
	linkLocal  class = "link-local"
	multicast  class = "multicast"
	unassigned class = "unspecified or reserved"
)

// The blocks that are no public ones beside those netip knows (IANA IPv4 and IPv6
// Special-Purpose Address Registries).
func special() []block {
	return []block{
		{netip.MustParsePrefix("0.0.0.0/8"), unassigned},
		{netip.MustParsePrefix("100.64.0.0/10"), private}, // carrier-grade NAT
		{netip.MustParsePrefix("192.0.0.0/24"), unassigned},
		{netip.MustParsePrefix("198.18.0.0/15"), private}, // benchmarks
		{netip.MustParsePrefix("240.0.0.0/4"), unassigned},
		{netip.MustParsePrefix("100::/64"), unassigned},
		{netip.MustParsePrefix("fec0::/10"), private}, // site-local of old
	}
}

type block struct {
	prefix netip.Prefix
	class  class
}

// The prefixes behind which an IPv4 address stands, and at which octet.
func translated() []translation {
	return []translation{
		{netip.MustParsePrefix("64:ff9b::/96"), 12},   // RFC 6052
		{netip.MustParsePrefix("64:ff9b:1::/48"), 12}, // RFC 8215
		{netip.MustParsePrefix("2002::/16"), 2},       // RFC 3056, 6to4
		{netip.MustParsePrefix("::/96"), 12},          // RFC 4291 section 2.5.5.1
	}
}

type translation struct {
	prefix netip.Prefix
	octet  int
}

func classOf(a netip.Addr) class {
	a = a.Unmap().WithZone("")
	switch {
	case a.IsLoopback():
		return loopback
	case a.IsUnspecified():
		return unassigned
	case a.IsMulticast():
		return multicast
	case a.IsLinkLocalUnicast():
		return linkLocal
	case a.IsPrivate():
		return private
	}
	for _, s := range special() {
		if s.prefix.Contains(a) {
			return s.class
		}
	}
	for _, t := range translated() {
		if b := a.As16(); a.Is6() && t.prefix.Contains(a) {
			return classOf(netip.AddrFrom4([4]byte(b[t.octet : t.octet+4])))
		}
	}
	return public
}

// permitted says why an address may not be asked; nil: it may. What a certificate
// of a stranger names must not make us speak to machines that only we can reach:
// loopback and private addresses are asked for servers of the same class alone,
// and link-local ones, such as the metadata service of a cloud, not even then.
func permitted(a, from netip.Addr, all bool) error {
	c := classOf(a)
	switch {
	case all || c == public:
		return nil
	case (c == loopback || c == private) && from.IsValid() && classOf(from) == c:
		return nil
	}
	return fmt.Errorf("not asked: %s is %s (--fetch-private asks such addresses, too)", a, c)
}
