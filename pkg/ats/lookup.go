package ats

import (
	"sort"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

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
