package ats

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// offer is what one hello of the probing engine puts on the table: the versions
// it spans and its cipher suites before TLS 1.3; nil: everything known.
type offer struct {
	low, high uint16
	old       []uint16
	any       bool // everything a server may know
	apple     bool // one a platform sends: up to TLS 1.3, with application protocols
	small     bool // without ML-KEM
}

// Marks the probing engine puts behind the name of a hello it had to change.
const (
	markNoALPN = "-no-alpn" // without application protocols
	markSmall  = "-small"   // without ML-KEM
)

// baseHello is the name of the hello as it stands in the engine's table.
func baseHello(name string) string {
	name = strings.TrimSuffix(name, markNoALPN)
	if name == "apple-small" {
		return "apple-ats"
	}
	return strings.TrimSuffix(name, markSmall)
}

// offered describes a hello by its name in an observation. Unknown names give
// no evidence.
func offered(name string) (offer, bool) {
	f, ok := inTable(baseHello(name))
	f.apple = ok && !f.any && f.high == tls13 && !strings.HasSuffix(name, markNoALPN)
	f.small = strings.HasSuffix(strings.TrimSuffix(name, markNoALPN), markSmall)
	return f, ok
}

func inTable(name string) (offer, bool) {
	ats := CipherSuites()
	switch name {
	case "apple-ats":
		return offer{low: tls12, high: tls13, old: ats}, true
	case "apple-rsa":
		return offer{low: tls12, high: tls13, old: append(ats, staticRSASuites()...)}, true
	case "apple-tls10":
		return offer{low: tls10, high: tls13, old: ats}, true
	case "apple-default":
		return offer{low: tls10, high: tls13, old: defaultSuites()}, true
	case "apple-only-tls13":
		return offer{low: tls13, high: tls13, old: ats}, true
	case "apple-only-tls12":
		return offer{low: tls12, high: tls12, old: ats}, true
	case "apple-only-tls11":
		return offer{low: tls11, high: tls11, old: ats}, true
	case "apple-only-tls10":
		return offer{low: tls10, high: tls10, old: ats}, true
	case "apple-static-rsa":
		return offer{low: tls10, high: tls12, old: staticRSASuites()}, true
	case "wide-tls12":
		return offer{low: tls10, high: tls12, any: true}, true
	case "wide-ecdhe":
		return offer{low: tls10, high: tls12, old: ats}, true
	case "wide-tls13":
		return offer{low: tls13, high: tls13, any: true}, true
	}
	return offer{}, false
}

// tells reports whether a handshake with this hello says what becomes of one
// that the platform starts: a platform that offers ML-KEM learns nothing from a
// hello without it, an older one may take a hello with one group more.
func (f offer) tells(platform string) bool {
	return f.apple && !(f.small && chain.OffersMLKEM(platform))
}

// exactly reports whether the platform sends this very hello under the decision.
func (f offer) exactly(d Decision, platform string) bool {
	return f.apple && f.low == d.Floor && f.high == tls13 && f.small != chain.OffersMLKEM(platform) &&
		len(f.old) == len(d.Suites) && f.covers(d.Floor, d.Suites)
}

// spans reports whether the hello offers this version.
func (f offer) spans(version uint16) bool { return version >= f.low && version <= f.high }

// covers reports whether the hello offers this version with every one of the suites.
func (f offer) covers(version uint16, suites []uint16) bool {
	if !f.spans(version) {
		return false
	}
	if f.any || version == tls13 {
		return true
	}
	for _, id := range suites {
		if !isTLS13Suite(id) && !has(f.old, id) {
			return false
		}
	}
	return true
}
