package ats

import "strings"

// offer is what one hello of the probing engine puts on the table: the versions
// it spans and its cipher suites before TLS 1.3 and in it; nil: everything known.
type offer struct {
	low, high uint16
	old       []uint16
	any       bool // everything a server may know
	apple     bool // a hello an Apple platform sends
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
		return name
	}
	return strings.TrimSuffix(name, markSmall)
}

// byApple reports whether an Apple platform sends the hello as it is; they all
// send application protocols.
func byApple(name string) bool {
	f, ok := offered(name)
	return ok && f.apple && !strings.HasSuffix(name, markNoALPN)
}

// offered describes a hello by its name in an observation. Unknown names give
// no evidence about what a server lacks.
func offered(name string) (offer, bool) {
	ats := CipherSuites()
	switch baseHello(name) {
	case "apple-ats", "apple-small":
		return offer{low: tls12, high: tls13, old: ats, apple: true}, true
	case "apple-rsa":
		return offer{low: tls12, high: tls13, old: append(ats, staticRSASuites()...), apple: true}, true
	case "apple-tls10":
		return offer{low: tls10, high: tls13, old: ats, apple: true}, true
	case "apple-default":
		return offer{low: tls10, high: tls13, old: defaultSuites(), apple: true}, true
	case "apple-only-tls13":
		return offer{low: tls13, high: tls13, old: ats, apple: true}, true
	case "apple-only-tls12":
		return offer{low: tls12, high: tls12, old: ats, apple: true}, true
	case "apple-only-tls11":
		return offer{low: tls11, high: tls11, old: ats, apple: true}, true
	case "apple-only-tls10":
		return offer{low: tls10, high: tls10, old: ats, apple: true}, true
	case "apple-static-rsa":
		return offer{low: tls10, high: tls12, old: staticRSASuites(), apple: true}, true
	case "wide-tls12":
		return offer{low: tls10, high: tls12, any: true}, true
	case "wide-tls13":
		return offer{low: tls13, high: tls13, any: true}, true
	}
	return offer{}, false
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
