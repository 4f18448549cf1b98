package ats

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

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
