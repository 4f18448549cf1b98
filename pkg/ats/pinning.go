package ats

import (
	"encoding/base64"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// pinning is what NSPinnedDomains demands of one host: nil lists demand nothing,
// empty ones cannot be met (apple: PIN-04).
type pinning struct {
	entries  []string // keys of NSPinnedDomains that apply, united (PIN-03)
	leaf, ca [][]byte // SHA-256 of SubjectPublicKeyInfo
}

// pinsFor reads NSPinnedDomains for a host. One trailing dot is dropped, case is
// ignored; of the parents only the immediate one counts, and only where
// NSIncludesSubdomains is a real true (apple: PIN-01). With
// SecTrustPinningRequired in Info.plist the pins are discarded (PIN-04).
func pinsFor(s *chain.AppSettings, host string) (p pinning) {
	domains, _ := dictionary(s)[keyPinnedDomains].(map[string]any)
	if len(domains) == 0 || host == "" {
		return p
	}
	if _, discarded := s.Root[keyPinningRequired]; discarded {
		return p
	}
	name := pinName(host)
	_, parent, _ := strings.Cut(name, ".")
	for _, key := range sortedKeys(domains) {
		entry, ok := domains[key].(map[string]any)
		if !ok {
			continue
		}
		exact := pinName(key) == name
		if !exact && (parent == "" || pinName(key) != parent || entry[keySubdomains] != true) {
			continue
		}
		p.entries = append(p.entries, key)
		p.leaf = unite(p.leaf, entry, keyPinnedLeaf)
		p.ca = unite(p.ca, entry, keyPinnedCA)
	}
	return p
}

func pinName(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }

// unite adds the pins of one key. A value that is not Base64 is dropped; one
// that is not 32 bytes stays and never matches (apple: PIN-06).
func unite(list [][]byte, entry map[string]any, key string) [][]byte {
	v, there := entry[key]
	if !there {
		return list
	}
	if list == nil {
		list = [][]byte{}
	}
	values, _ := v.([]any)
	for _, x := range values {
		d, _ := x.(map[string]any)
		text, _ := d[keyPin].(string)
		if sum, err := base64.StdEncoding.DecodeString(text); err == nil && text != "" {
			list = append(list, sum)
		}
	}
	return list
}

// pinned reports whether one of the items has a pinned key.
func pinned(items []*chain.Item, pins [][]byte) bool {
	for _, it := range items {
		for _, p := range pins {
			if string(p) == string(it.Cert.PublicKey.SHA256[:]) {
				return true
			}
		}
	}
	return false
}

func pinText(it *chain.Item) string {
	return base64.StdEncoding.EncodeToString(it.Cert.PublicKey.SHA256[:])
}
