package lab

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A ClientHello is what a client said first, without GREASE (RFC 8701).
type ClientHello struct {
	Bytes      int    // with its record headers
	ServerName string // "": none was sent
	Versions   []tlsname.Version
	Suites     []tlsname.Suite
	Groups     []tlsname.Group
	Shares     []tlsname.Group
	Signatures []tlsname.Scheme
	Extensions []tlsname.Extension
	ALPN       []string
}

// maxHello bounds a ClientHello; those with two post-quantum key shares have about 3 kB.
const maxHello = 64 << 10

var errNoHello = errors.New("no TLS ClientHello")

// parseHello reads the ClientHello that the bytes of a connection begin with
// (RFC 8446 sections 4.1.2 and 5.1).
func parseHello(data []byte) (*ClientHello, error) {
	message := cryptobyte.String{}
	h := &ClientHello{ALPN: []string{}}
	for s := cryptobyte.String(data); ; {
		var typ uint8
		var version uint16
		var body cryptobyte.String
		if !s.ReadUint8(&typ) || typ != 22 || !s.ReadUint16(&version) || !s.ReadUint16LengthPrefixed(&body) || len(body) == 0 {
			return nil, errNoHello
		}
		h.Bytes += 5 + len(body)
		message = append(message, body...)
		if len(message) >= 4 && len(message) >= 4+int(message[1])<<16+int(message[2])<<8+int(message[3]) {
			break
		}
	}
	var typ uint8
	var body, session, suites, compression cryptobyte.String
	var version uint16
	if !message.ReadUint8(&typ) || typ != 1 || !message.ReadUint24LengthPrefixed(&body) ||
		!body.ReadUint16(&version) || !body.Skip(32) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16LengthPrefixed(&suites) || !body.ReadUint8LengthPrefixed(&compression) {
		return nil, errNoHello
	}
	h.Suites = list16[tlsname.Suite](suites)
	h.Versions = []tlsname.Version{tlsname.Version(version)}
	if body.Empty() {
		return h, nil
	}
	var extensions cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&extensions) {
		return nil, errNoHello
	}
	for !extensions.Empty() {
		var id uint16
		var content cryptobyte.String
		if !extensions.ReadUint16(&id) || !extensions.ReadUint16LengthPrefixed(&content) {
			return nil, errNoHello
		}
		if !grease(id) {
			h.Extensions = append(h.Extensions, tlsname.Extension(id))
			h.extension(tlsname.Extension(id), content)
		}
	}
	return h, nil
}

// grease tells the reserved values of RFC 8701.
func grease(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// list16 reads numbers of two octets, without GREASE.
func list16[T ~uint16](s cryptobyte.String) []T {
	var out []T
	var v uint16
	for s.ReadUint16(&v) {
		if !grease(v) {
			out = append(out, T(v))
		}
	}
	return out
}

// extension reads the content of those that say something here.
func (h *ClientHello) extension(id tlsname.Extension, s cryptobyte.String) {
	var list cryptobyte.String
	switch id {
	case tlsname.ExtServerName:
		var typ uint8
		var name cryptobyte.String
		if s.ReadUint16LengthPrefixed(&list) && list.ReadUint8(&typ) && typ == 0 && list.ReadUint16LengthPrefixed(&name) {
			h.ServerName = string(name)
		}
	case tlsname.ExtSupportedGroups:
		if s.ReadUint16LengthPrefixed(&list) {
			h.Groups = list16[tlsname.Group](list)
		}
	case tlsname.ExtSignatureAlgorithms:
		if s.ReadUint16LengthPrefixed(&list) {
			h.Signatures = list16[tlsname.Scheme](list)
		}
	case tlsname.ExtSupportedVersions:
		if s.ReadUint8LengthPrefixed(&list) {
			h.Versions = list16[tlsname.Version](list)
		}
	case tlsname.ExtALPN:
		var name cryptobyte.String
		for s.ReadUint16LengthPrefixed(&list); list.ReadUint8LengthPrefixed(&name); {
			h.ALPN = append(h.ALPN, string(name))
		}
	case tlsname.ExtKeyShare:
		var group uint16
		var share cryptobyte.String
		for s.ReadUint16LengthPrefixed(&list); list.ReadUint16(&group) && list.ReadUint16LengthPrefixed(&share); {
			if !grease(group) {
				h.Shares = append(h.Shares, tlsname.Group(group))
			}
		}
	}
}

// looksLike names the hello of the table that this one is like, and whose it is;
// "" where it is like none.
func (h *ClientHello) looksLike() (name, whose string) {
	for _, name := range tlsname.Hellos() {
		known, _ := tlsname.HelloNamed(name)
		if known.Sender == tlsname.Library && slices.Equal(h.Versions, []tlsname.Version{tlsname.TLS13}) {
			known.Signatures = slices.DeleteFunc(slices.Clone(known.Signatures), func(s tlsname.Scheme) bool { return !s.InTLS13() })
		}
		if !slices.Equal(h.Signatures, known.Signatures) {
			continue
		}
		if known.Sender == tlsname.Library { // its groups change from release to release
			return name, "Go's crypto/tls"
		}
		if slices.Equal(h.Groups, known.Groups) && slices.Equal(h.Suites, known.Suites) && slices.Equal(h.Versions, known.Versions) {
			return name, senders()[name]
		}
	}
	return "", ""
}

// senders says who says the hellos of the table that are not this program's own.
func senders() map[string]string {
	return map[string]string{
		tlsname.HelloATS:     "URLSession under App Transport Security, iOS 26 and macOS 26",
		tlsname.HelloSmall:   "URLSession under App Transport Security, before iOS 26 and macOS 26",
		tlsname.HelloRSA:     "an app with NSExceptionRequiresForwardSecrecy = NO",
		tlsname.HelloTLS10:   "an app with NSExceptionMinimumTLSVersion = TLSv1.0",
		tlsname.HelloDefault: "an Apple platform where App Transport Security is off",
		tlsname.HelloOnly13:  "an app with NSExceptionMinimumTLSVersion = TLSv1.3",
	}
}

// ja4 is the fingerprint by which clients are looked up (FoxIO, JA4: TLS client).
func (h *ClientHello) ja4() string {
	versions := map[tlsname.Version]string{tlsname.TLS13: "13", tlsname.TLS12: "12", tlsname.TLS11: "11", tlsname.TLS10: "10", tlsname.SSL30: "s3"}
	sni, alpn := "i", "00"
	if slices.Contains(h.Extensions, tlsname.ExtServerName) {
		sni = "d"
	}
	if len(h.ALPN) > 0 && h.ALPN[0] != "" {
		first := h.ALPN[0]
		alpn = string(first[0]) + string(first[len(first)-1])
	}
	rest := slices.DeleteFunc(slices.Clone(h.Extensions), func(e tlsname.Extension) bool { return e == tlsname.ExtServerName || e == tlsname.ExtALPN })
	b := short(hex4(h.Suites, true))
	c := hex4(rest, true)
	if len(h.Signatures) > 0 {
		c += "_" + hex4(h.Signatures, false)
	}
	return fmt.Sprintf("t%s%s%02d%02d%s_%s_%s", cmp.Or(versions[slices.Max(append(h.Versions, 0))], "00"), sni, min(len(h.Suites), 99), min(len(h.Extensions), 99), alpn, b, short(c))
}

func hex4[T ~uint16](list []T, sorted bool) string {
	if sorted {
		list = slices.Sorted(slices.Values(list))
	}
	var words []string
	for _, v := range list {
		words = append(words, fmt.Sprintf("%04x", uint16(v)))
	}
	return strings.Join(words, ",")
}

func short(text string) string {
	if text == "" {
		return "000000000000"
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
