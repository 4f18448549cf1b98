package dial

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

// A Hello is a ClientHello as data: what is offered, and in which order. It
// holds nothing that differs from one connection to the next.
type Hello struct {
	Name       string   // as recorded in chain.Observation.Hello
	Versions   []uint16 // highest first
	Suites     []uint16 // in the order offered, without GREASE
	Groups     []uint16 // supported_groups, without GREASE
	Shares     []uint16 // groups a key share is sent for (TLS 1.3)
	Signatures []uint16 // signature_algorithms, in the order offered; repeated ones are kept
	ALPN       []string // offered to HTTPS targets only
	Extensions []uint16 // extension types in the order sent; those without content for this connection are left out
	Grease     bool     // RFC 8701: random reserved values first among suites, groups, shares, versions, and two extensions
}

// Extension types (IANA TLS ExtensionType Values).
const (
	extServerName           uint16 = 0
	extStatusRequest        uint16 = 5
	extSupportedGroups      uint16 = 10
	extPointFormats         uint16 = 11
	extSignatureAlgorithms  uint16 = 13
	extALPN                 uint16 = 16
	extSCT                  uint16 = 18
	extExtendedMasterSecret uint16 = 23
	extCompressCertificate  uint16 = 27
	extSupportedVersions    uint16 = 43
	extCookie               uint16 = 44
	extPSKModes             uint16 = 45
	extAuthorities          uint16 = 47
	extKeyShare             uint16 = 51
	extRenegotiationInfo    uint16 = 0xff01

	// Places of the two GREASE extensions in Hello.Extensions; the values sent are random.
	extGreaseFirst uint16 = 0x0a0a
	extGreaseLast  uint16 = 0x1a1a
)

const compressionZlib = 1 // RFC 8879 section 7.3

func (h *Hello) maxVersion() uint16 {
	if len(h.Versions) == 0 {
		return tls12
	}
	return slices.Max(h.Versions)
}

func (h *Hello) offersTLS13() bool { return slices.Contains(h.Versions, tls13) }

// WithoutALPN is the same hello with no application protocol; servers that
// know none of those offered answer alert 120 before they send a certificate.
func (h Hello) WithoutALPN() Hello {
	h.ALPN = nil
	h.Name += "-no-alpn"
	return h
}

// Small is the same hello without ML-KEM: it fits one packet. The entry
// apple-small of the table is Small of apple-ats.
func (h Hello) Small() Hello {
	hybrid := func(id uint16) bool { return id == groupX25519MLKEM768 }
	if h.Name == HelloSmall || !h.offersTLS13() || !slices.ContainsFunc(h.Shares, hybrid) {
		return h
	}
	h.Groups, h.Shares = slices.DeleteFunc(slices.Clone(h.Groups), hybrid), slices.DeleteFunc(slices.Clone(h.Shares), hybrid)
	h.Name += "-small"
	return h
}

// An offer is one Hello as spoken on one connection: the random parts and the
// private keys. It lives as long as the handshake.
type offer struct {
	hello      *Hello
	serverName string // "" for none
	alpn       bool
	random     [32]byte
	sessionID  []byte
	grease     [5]uint16 // suite, group, version, first and last extension
	shares     []keyShare
	retried    bool
	cookie     []byte
}

func newOffer(h *Hello, serverName string, alpn bool, random []byte) (*offer, error) {
	o := &offer{hello: h, serverName: sniName(serverName), alpn: alpn}
	copy(o.random[:], random)
	if h.offersTLS13() {
		o.sessionID = slices.Clone(random[32:64]) // RFC 8446 appendix D.4, middlebox compatibility
	}
	for i := range o.grease {
		o.grease[i] = 0x0a0a + 0x1010*uint16(random[64+i]&15)
	}
	if o.grease[4] == o.grease[3] { // one extension type may not come twice
		o.grease[4] ^= 0x1010
	}
	if !h.offersTLS13() {
		return o, nil
	}
	for _, g := range h.Shares {
		s, err := newKeyShare(g, o.shares)
		if err != nil {
			return nil, err
		}
		o.shares = append(o.shares, s)
	}
	return o, nil
}

// offerRandom is how many random bytes newOffer takes.
const offerRandom = 69

// sniName is the host_name for server_name: RFC 6066 section 3 allows neither
// addresses nor a trailing dot.
func sniName(name string) string {
	name = strings.TrimSuffix(name, ".")
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil || len(name) > 0xff00 {
		return ""
	}
	return name
}

// marshal gives the ClientHello message, handshake header included
// (RFC 8446 section 4.1.2; RFC 5246 section 7.4.1.2).
func (o *offer) marshal() ([]byte, error) {
	h := o.hello
	b := cryptobyte.NewBuilder(make([]byte, 0, 2048))
	b.AddUint8(msgClientHello)
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint16(min(h.maxVersion(), tls12))
		b.AddBytes(o.random[:])
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(o.sessionID) })
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			if h.Grease {
				b.AddUint16(o.grease[0])
			}
			addUint16s(b, h.Suites)
		})
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint8(0) }) // no compression
		if len(h.Extensions) == 0 {
			return // SSL 3.0 knows none
		}
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, e := range h.Extensions {
				o.addExtension(b, e)
			}
			if len(o.cookie) > 0 {
				addExtension(b, extCookie, func(b *cryptobyte.Builder) { addVector16(b, o.cookie) })
			}
		})
	})
	msg, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("hello %s: %w", h.Name, err)
	}
	return msg, nil
}

func (o *offer) addExtension(b *cryptobyte.Builder, ext uint16) {
	h := o.hello
	switch ext {
	case extGreaseFirst:
		addExtension(b, o.grease[3], nil)
	case extGreaseLast:
		addExtension(b, o.grease[4], func(b *cryptobyte.Builder) { b.AddUint8(0) })
	case extServerName:
		if o.serverName != "" {
			addExtension(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					b.AddUint8(0) // host_name
					addVector16(b, []byte(o.serverName))
				})
			})
		}
	case extSupportedGroups:
		addExtension(b, ext, func(b *cryptobyte.Builder) { o.addList16(b, o.grease[1], h.Groups) })
	case extPointFormats:
		addExtension(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) }) // uncompressed
	case extSignatureAlgorithms:
		if h.maxVersion() >= tls12 {
			addExtension(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addUint16s(b, h.Signatures) })
			})
		}
	case extALPN:
		if o.alpn && len(h.ALPN) > 0 {
			addExtension(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					for _, p := range h.ALPN {
						b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(p)) })
					}
				})
			})
		}
	case extStatusRequest:
		addExtension(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0, 0, 0, 0}) }) // ocsp, any responder
	case extSCT, extExtendedMasterSecret:
		addExtension(b, ext, nil)
	case extRenegotiationInfo:
		addExtension(b, ext, func(b *cryptobyte.Builder) { b.AddUint8(0) })
	default:
		if h.offersTLS13() {
			o.addTLS13Extension(b, ext)
		}
	}
}

func (o *offer) addTLS13Extension(b *cryptobyte.Builder, ext uint16) {
	switch ext {
	case extCompressCertificate:
		addExtension(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{2, 0, compressionZlib}) })
	case extPSKModes:
		addExtension(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 1}) }) // psk_dhe_ke
	case extSupportedVersions:
		addExtension(b, ext, func(b *cryptobyte.Builder) {
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
				if o.hello.Grease {
					b.AddUint16(o.grease[2])
				}
				addUint16s(b, o.hello.Versions)
			})
		})
	case extKeyShare:
		addExtension(b, ext, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				// RFC 8446 section 4.2.8: after a HelloRetryRequest the one share asked for, and nothing else.
				if o.hello.Grease && !o.retried {
					b.AddUint16(o.grease[1])
					b.AddBytes([]byte{0, 1, 0})
				}
				for _, s := range o.shares {
					b.AddUint16(s.group)
					addVector16(b, s.public)
				}
			})
		})
	}
}

func addExtension(b *cryptobyte.Builder, ext uint16, content func(*cryptobyte.Builder)) {
	b.AddUint16(ext)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		if content != nil {
			content(b)
		}
	})
}

func (o *offer) addList16(b *cryptobyte.Builder, grease uint16, ids []uint16) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		if o.hello.Grease {
			b.AddUint16(grease)
		}
		addUint16s(b, ids)
	})
}

func addUint16s(b *cryptobyte.Builder, ids []uint16) {
	for _, id := range ids {
		b.AddUint16(id)
	}
}

func addVector16(b *cryptobyte.Builder, v []byte) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(v) })
}
