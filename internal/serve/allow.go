package serve

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Allowed says which targets may be asked, and which addresses connected to.
// The zero value allows every name and every public address.
//
// A name is looked at as it was written, an address when it is connected to:
// whoever owns a name can point it at an address inside the house, so a name in
// the list does not open private addresses, and a prefix does.
type Allowed struct {
	names    []namePattern
	prefixes []netip.Prefix
	// Private allows private, link-local and loopback addresses of every target.
	Private bool
}

// A namePattern is a host name or "*.example.com", with a port or with every port.
type namePattern struct{ host, port string }

// ParseAllowed reads the items of --allow-targets: HOST, HOST:PORT, *.DOMAIN,
// an IP address or a prefix such as 10.1.0.0/16.
func ParseAllowed(items []string) (Allowed, error) {
	var a Allowed
	for _, item := range items {
		item = strings.TrimSpace(item)
		if p, err := netip.ParsePrefix(item); err == nil {
			a.prefixes = append(a.prefixes, p.Masked())
			continue
		}
		if ip, err := netip.ParseAddr(strings.Trim(item, "[]")); err == nil {
			ip = ip.Unmap().WithZone("")
			a.prefixes = append(a.prefixes, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		host, port := item, ""
		if h, p, err := net.SplitHostPort(item); err == nil {
			host, port = h, p
			if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
				return a, fmt.Errorf("%q is no port", port)
			}
		}
		if ip, err := netip.ParseAddr(host); err == nil {
			return a, fmt.Errorf("%q: an address is allowed on every port: write %s", item, ip)
		}
		bare := strings.TrimPrefix(host, "*.")
		if bare == "" || strings.ContainsAny(bare, "*/ :") || !strings.Contains(bare, ".") && strings.HasPrefix(host, "*.") {
			return a, fmt.Errorf("%q is no host, no *.DOMAIN, no address and no prefix such as 10.1.0.0/16", item)
		}
		a.names = append(a.names, namePattern{canonical(host), port})
	}
	return a, nil
}

func canonical(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

func (n namePattern) matches(host, port string) bool {
	if n.port != "" && n.port != port {
		return false
	}
	if domain, wild := strings.CutPrefix(n.host, "*."); wild {
		return strings.HasSuffix(host, "."+domain)
	}
	return host == n.host
}

// Target says whether a target may be asked, by its host as it was written.
func (a *Allowed) Target(host, port string) error {
	if ip, err := netip.ParseAddr(host); err == nil {
		if err := a.Address(context.Background(), ip); err != nil {
			return err
		}
		if a.listed(ip) || len(a.names)+len(a.prefixes) == 0 {
			return nil
		}
		return fmt.Errorf("%s is not among the targets of --allow-targets", host)
	}
	if len(a.names)+len(a.prefixes) == 0 {
		return nil
	}
	for _, n := range a.names {
		if n.matches(canonical(host), port) {
			return nil
		}
	}
	if len(a.names) == 0 { // prefixes alone: the address decides, when it is connected to
		return nil
	}
	return fmt.Errorf("%s:%s is not among the targets of --allow-targets", host, port)
}

func (a *Allowed) listed(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	for _, p := range a.prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// Address says whether an address may be connected to.
func (a *Allowed) Address(_ context.Context, ip netip.Addr) error {
	switch class := special(ip); {
	case a.listed(ip):
		return nil
	case class != "" && !a.Private:
		article := "a"
		if class == "unspecified" {
			article = "an"
		}
		return fmt.Errorf("%s is %s %s address, which is not allowed: give --allow-targets %s, or --allow-private", ip, article, class, ip)
	case len(a.names) == 0 && len(a.prefixes) > 0 && !(class != "" && a.Private):
		return fmt.Errorf("%s is not within the addresses of --allow-targets", ip)
	}
	return nil
}

// special names the class of an address that is not public; "" is public.
func special(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	within := func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(ip) }
	if within("64:ff9b::/96") { // RFC 6052: an IPv4 address stands behind it
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	switch {
	case ip.IsLoopback():
		return "loopback"
	case ip.IsLinkLocalUnicast():
		return "link-local"
	case ip.IsPrivate() || within("100.64.0.0/10"): // RFC 6598
		return "private"
	case ip.IsUnspecified() || within("0.0.0.0/8"): // RFC 1122 section 3.2.1.3
		return "unspecified"
	case ip.IsMulticast():
		return "multicast"
	}
	return ""
}
