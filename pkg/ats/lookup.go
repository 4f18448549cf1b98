package ats

import (
	"sort"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// exceptions is NSExceptionDomains: the app's own entries over the built-in
// ones. An entry that is not a dictionary is skipped alone; a value that is not
// a dictionary of entries loses all of them (apple: ATS-21, ATS-26).
func exceptions(s *chain.AppSettings) map[string]map[string]any {
	out := builtin()
	domains, _ := dictionary(s)[keyDomains].(map[string]any)
	for k, v := range domains {
		if d, ok := v.(map[string]any); ok {
			out[k] = d
		}
	}
	return out
}

// builtin are the exceptions of the platform for Apple's own services; app
// entries override them (apple: ATS-26). Where the facts leave the floor open
// between TLS 1.0 and 1.2 it is TLS 1.0 here.
func builtin() map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, name := range []string{"apple.com", "ls.apple.com", "gs.apple.com", "geo.apple.com",
		"is.autonavi.com", "apple-mapkit.com", "setup.icloud.com"} {
		out[name] = map[string]any{keySubdomains: true, keyInsecureHTTP: true,
			keyForwardSecrecy: false, keyMinimumTLS: "TLSv1.0"}
	}
	return out
}

// lookUp finds the exception that applies to a host: the exact key, then the
// first parent that includes its sub-domains, at any depth. For an address: the
// literal, then the longest matching range. Names never match addresses, nor
// the other way round (apple: ATS-40, ATS-41, ATS-46).
func lookUp(all map[string]map[string]any, host, platform string) (key string, entry map[string]any) {
	if a, ok := address(host); ok {
		if !atLeast(platform, 17, 14) {
			return "", nil
		}
		literal := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
		if e, ok := all[literal]; ok {
			return literal, e
		}
		best := -1
		for _, k := range sortedKeys(all) {
			p, isRange, fault := prefix(k)
			if isRange && fault == "" && p.Contains(a) && p.Bits() > best {
				best, key, entry = p.Bits(), k, all[k]
			}
		}
		return key, entry
	}
	name := strings.ToLower(host) // the URL loading system lower-cases a host
	if e, ok := all[name]; ok {
		return name, e
	}
	for rest := name; ; {
		_, parent, ok := strings.Cut(rest, ".")
		if !ok || parent == "" {
			return "", nil
		}
		if e, ok := all[parent]; ok && yes(e, keySubdomains) {
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
