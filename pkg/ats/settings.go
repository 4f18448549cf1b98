package ats

import (
	"math"
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
