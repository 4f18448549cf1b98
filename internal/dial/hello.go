package dial

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// An offer is one Hello as spoken on one connection: the random parts and the
// private keys. It lives as long as the handshake.
type offer struct {
	hello      *tlsname.Hello
	serverName string // "" for none
	alpn       bool
	random     [32]byte
	sessionID  []byte
	grease     [5]uint16 // suite, group, version, first and last extension
	shares     []tlswire.KeyShare
	sent       []tlsname.Extension // in the hello said last
	retried    bool
	cookie     []byte
}

func newOffer(h *tlsname.Hello, serverName string, alpn bool, random []byte) (*offer, error) {
	o := &offer{hello: h, serverName: sniName(serverName), alpn: alpn}
	copy(o.random[:], random)
	if h.Offers(tlsname.TLS13) {
		o.sessionID = slices.Clone(random[32:64]) // RFC 8446 appendix D.4, middlebox compatibility
	}
	for i := range o.grease {
		o.grease[i] = 0x0a0a + 0x1010*uint16(random[64+i]&15)
	}
	if o.grease[4] == o.grease[3] { // one extension type may not come twice
		o.grease[4] ^= 0x1010
	}
	if !h.Offers(tlsname.TLS13) {
		return o, nil
	}
	for _, g := range h.Shares {
		s, err := tlswire.NewKeyShare(g, o.shares)
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
	o.sent = nil
	b := cryptobyte.NewBuilder(make([]byte, 0, 2048))
	b.AddUint8(byte(tlsname.ClientHello))
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint16(uint16(min(h.MaxVersion(), tlsname.TLS12)))
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
				o.extend(b, tlsname.ExtCookie, func(b *cryptobyte.Builder) { addVector16(b, o.cookie) })
			}
		})
	})
	msg, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("hello %s: %w", h.Name, err)
	}
	return msg, nil
}

func (o *offer) addExtension(b *cryptobyte.Builder, ext tlsname.Extension) {
	h := o.hello
	switch ext {
	case tlsname.GreaseFirst:
		o.extend(b, tlsname.Extension(o.grease[3]), nil)
	case tlsname.GreaseLast:
		o.extend(b, tlsname.Extension(o.grease[4]), func(b *cryptobyte.Builder) { b.AddUint8(0) })
	case tlsname.ExtServerName:
		if o.serverName != "" {
			o.extend(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					b.AddUint8(0) // host_name
					addVector16(b, []byte(o.serverName))
				})
			})
		}
	case tlsname.ExtSupportedGroups:
		o.extend(b, ext, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				if h.Grease {
					b.AddUint16(o.grease[1])
				}
				addUint16s(b, h.Groups)
			})
		})
	case tlsname.ExtPointFormats:
		o.extend(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) }) // uncompressed
	case tlsname.ExtSignatureAlgorithms:
		if h.MaxVersion() >= tlsname.TLS12 {
			o.extend(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addUint16s(b, h.Signatures) })
			})
		}
	case tlsname.ExtALPN:
		if o.alpn && len(h.ALPN) > 0 {
			o.extend(b, ext, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					for _, p := range h.ALPN {
						b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(p)) })
					}
				})
			})
		}
	case tlsname.ExtStatusRequest:
		o.extend(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0, 0, 0, 0}) }) // ocsp, any responder
	case tlsname.ExtSCT, tlsname.ExtExtendedMasterSecret:
		o.extend(b, ext, nil)
	case tlsname.ExtRenegotiationInfo:
		o.extend(b, ext, func(b *cryptobyte.Builder) { b.AddUint8(0) })
	default:
		if h.Offers(tlsname.TLS13) {
			o.addTLS13Extension(b, ext)
		}
	}
}

func (o *offer) addTLS13Extension(b *cryptobyte.Builder, ext tlsname.Extension) {
	switch ext {
	case tlsname.ExtCompressCertificate:
		o.extend(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{2, 0, compressionZlib}) })
	case tlsname.ExtPSKModes:
		o.extend(b, ext, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 1}) }) // psk_dhe_ke
	case tlsname.ExtSupportedVersions:
		o.extend(b, ext, func(b *cryptobyte.Builder) {
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
				if o.hello.Grease {
					b.AddUint16(o.grease[2])
				}
				addUint16s(b, o.hello.Versions)
			})
		})
	case tlsname.ExtKeyShare:
		o.extend(b, ext, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				// RFC 8446 section 4.2.8: after a HelloRetryRequest the one share asked for, and nothing else.
				if o.hello.Grease && !o.retried {
					b.AddUint16(o.grease[1])
					b.AddBytes([]byte{0, 1, 0})
				}
				for _, s := range o.shares {
					b.AddUint16(uint16(s.Group))
					addVector16(b, s.Public)
				}
			})
		})
	}
}

// extend adds an extension, and notes that it was sent.
func (o *offer) extend(b *cryptobyte.Builder, ext tlsname.Extension, content func(*cryptobyte.Builder)) {
	o.sent = append(o.sent, ext)
	b.AddUint16(uint16(ext))
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		if content != nil {
			content(b)
		}
	})
}

func addUint16s[T ~uint16](b *cryptobyte.Builder, ids []T) {
	for _, id := range ids {
		b.AddUint16(uint16(id))
	}
}

func addVector16(b *cryptobyte.Builder, v []byte) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(v) })
}
