package ats

import (
	"fmt"
	"math"
	"net/netip"
	"sort"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Keys of Info.plist that this package reads.
const (
	keyATS             = "NSAppTransportSecurity"
	keyArbitraryLoads  = "NSAllowsArbitraryLoads"
	keyWebContent      = "NSAllowsArbitraryLoadsInWebContent"
	keyMedia           = "NSAllowsArbitraryLoadsForMedia"
	keyLocal           = "NSAllowsLocalNetworking"
	keyNIAP            = "NSRequiresNIAPTLSPackageVersion"
	keyDomains         = "NSExceptionDomains"
	keySubdomains      = "NSIncludesSubdomains"
	keyInsecureHTTP    = "NSExceptionAllowsInsecureHTTPLoads"
	keyMinimumTLS      = "NSExceptionMinimumTLSVersion"
	keyForwardSecrecy  = "NSExceptionRequiresForwardSecrecy"
	keyExceptionNIAP   = "NSExceptionRequiresNIAPTLSPackageVersion"
	keyCT              = "NSRequiresCertificateTransparency"
	keyPinnedDomains   = "NSPinnedDomains"
	keyPinnedLeaf      = "NSPinnedLeafIdentities"
	keyPinnedCA        = "NSPinnedCAIdentities"
	keyPin             = "SPKI-SHA256-BASE64"
	keyPinningRequired = "SecTrustPinningRequired"
)

// keyPath writes the way to a value in Info.plist.
func keyPath(keys ...string) string { return strings.Join(keys, " > ") }

// dictionary is the app's NSAppTransportSecurity; nil when absent or no dictionary.
func dictionary(s *chain.AppSettings) map[string]any {
	if s == nil {
		return nil
	}
	d, _ := s.Root[keyATS].(map[string]any)
	return d
}

// number reads a value the way NSNumber compares with YES: true and 1 are YES,
// every other number is NO, and what is no number is absent (apple: ATS-21).
func number(v any) (yes, present bool) {
	switch n := v.(type) {
	case bool:
		return n, true
	case int64:
		return n == 1, true
	case uint64:
		return n == 1, true
	case int:
		return n == 1, true
	case float64:
		return n == 1 && !math.IsNaN(n), true
	}
	return false, false
}

// explicitlyNo reports whether the key is present with the value NO.
func explicitlyNo(d map[string]any, key string) bool {
	yes, present := number(d[key])
	return present && !yes
}

// yes reports whether the key is present with the value YES.
func yes(d map[string]any, key string) bool {
	v, _ := number(d[key])
	return v
}

// present reports whether the key is there as a number, whatever its value.
func present(d map[string]any, key string) bool {
	_, ok := number(d[key])
	return ok
}

// entries is NSExceptionDomains as the app has it; nil when absent. A value that
// is not a dictionary loses all of them (apple: ATS-21).
func entries(s *chain.AppSettings) map[string]any {
	d, _ := dictionary(s)[keyDomains].(map[string]any)
	return d
}

// entryOf is the exception under exactly this key: the app's own, else a
// built-in one. An entry that is not a dictionary is skipped alone.
func entryOf(app map[string]any, key string) (map[string]any, bool) {
	if e, ok := app[key].(map[string]any); ok {
		return e, true
	}
	return builtin(key)
}

// builtin are the exceptions of the platform for Apple's own services; app
// entries override them (apple: ATS-26). Where the facts leave the floor open
// between TLS 1.0 and 1.2 it is TLS 1.0 here.
func builtin(key string) (map[string]any, bool) {
	switch key {
	case "apple.com", "ls.apple.com", "gs.apple.com", "geo.apple.com", "is.autonavi.com", "apple-mapkit.com", "setup.icloud.com":
		return map[string]any{keySubdomains: true, keyInsecureHTTP: true, keyForwardSecrecy: false, keyMinimumTLS: "TLSv1.0"}, true
	}
	return nil, false
}

// lookUp finds the exception that applies to a host: the exact key, then the
// first parent that includes its sub-domains, at any depth. For an address: the
// literal, then the longest matching range. Names never match addresses, nor
// the other way round (apple: ATS-40, ATS-41, ATS-46).
func lookUp(app map[string]any, host, platform string) (key string, entry map[string]any) {
	if a, ok := address(host); ok {
		if !chain.PlatformAtLeast(platform, 17, 14) {
			return "", nil
		}
		literal := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
		if e, ok := entryOf(app, literal); ok {
			return literal, e
		}
		best := -1
		for _, k := range sortedKeys(app) {
			e, ok := app[k].(map[string]any)
			p, isRange, fault := prefix(k)
			if ok && isRange && fault == "" && p.Contains(a) && p.Bits() > best {
				best, key, entry = p.Bits(), k, e
			}
		}
		return key, entry
	}
	name := strings.ToLower(host) // the URL loading system lower-cases a host
	if e, ok := entryOf(app, name); ok {
		return name, e
	}
	for rest := name; ; {
		_, parent, ok := strings.Cut(rest, ".")
		if !ok || parent == "" {
			return "", nil
		}
		if e, ok := entryOf(app, parent); ok && yes(e, keySubdomains) {
			return parent, e
		}
		rest = parent
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Most characters the platform's parser takes before the slash (apple: ATS-46).
const (
	maxIPv4Text       = 13
	maxIPv6Text       = 37
	maxIPv6TextPadded = 35 // without "::" and with fewer than seven colons
)

// prefix reads a key of NSExceptionDomains that is an address range. isRange
// says that the key is meant as one; fault why it can never match, or "".
// Nothing after the slash is /0; IPv4 may omit trailing octets (apple: ATS-46).
func prefix(key string) (p netip.Prefix, isRange bool, fault string) {
	text, bits, ok := strings.Cut(key, "/")
	if !ok || text == "" {
		return netip.Prefix{}, false, ""
	}
	six := strings.Contains(text, ":")
	letters := "0123456789."
	if six {
		letters = "0123456789abcdefABCDEF:."
	}
	if zoneless, _, _ := strings.Cut(text, "%"); strings.Trim(zoneless, letters) != "" {
		return netip.Prefix{}, false, ""
	}
	limit := maxIPv4Text
	switch {
	case six && !strings.Contains(text, "::") && strings.Count(text, ":") < 7:
		limit = maxIPv6TextPadded
	case six:
		limit = maxIPv6Text
	}
	if len(text) > limit {
		return netip.Prefix{}, true, fmt.Sprintf("the text before the slash has %d characters, the platform reads at most %d", len(text), limit)
	}
	size := 32
	if six {
		size = 128
	}
	n := 0
	if bits != "" {
		v, err := strconv.Atoi(bits)
		if err != nil || v < 0 || v > size {
			return netip.Prefix{}, true, fmt.Sprintf("the prefix length %q is not a number from 0 to %d", bits, size)
		}
		n = v
	}
	a, err := netip.ParseAddr(completed(text, six))
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, true, fmt.Sprintf("%q is not an IP address", text)
	}
	return netip.PrefixFrom(a, n).Masked(), true, ""
}

// completed appends the octets or groups that a short range leaves out.
func completed(text string, six bool) string {
	if !six {
		text = strings.TrimSuffix(text, ".")
		return text + strings.Repeat(".0", max(0, 3-strings.Count(text, ".")))
	}
	if !strings.Contains(text, "::") && strings.Count(text, ":") < 7 {
		return strings.TrimSuffix(text, ":") + "::"
	}
	return text
}

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
