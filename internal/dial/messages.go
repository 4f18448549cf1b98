package dial

import (
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// Handshake message types (IANA TLS HandshakeType).
const (
	msgHelloRequest          = 0
	msgClientHello           = 1
	msgServerHello           = 2
	msgNewSessionTicket      = 4
	msgEncryptedExtensions   = 8
	msgCertificate           = 11
	msgServerKeyExchange     = 12
	msgCertificateRequest    = 13
	msgServerHelloDone       = 14
	msgCertificateVerify     = 15
	msgFinished              = 20
	msgCertificateStatus     = 22
	msgCompressedCertificate = 25
	msgMessageHash           = 254
)

const statusOCSP = 1 // CertificateStatusType, RFC 6066 section 8

// retryRandom marks a HelloRetryRequest (RFC 8446 section 4.1.3).
const retryRandom = "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91" +
	"\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C"

// A serverHello is ServerHello or HelloRetryRequest as parsed.
type serverHello struct {
	version tlsname.Version // as negotiated: supported_versions where it is there
	random  []byte
	suite   tlsname.Suite
	retry   bool
	group   tlsname.Group // key_share
	share   []byte
	cookie  []byte
	ems     bool
	alpn    string
	scts    [][]byte
}

func malformed(what string) error { return errProtocol("sent a malformed " + what) }

// readExtensions calls f for each extension; it tells whether the list is well formed.
func readExtensions(s *cryptobyte.String, f func(typ tlsname.Extension, body cryptobyte.String) bool) bool {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var typ tlsname.Extension
		var body cryptobyte.String
		if !list.ReadUint16((*uint16)(&typ)) || !list.ReadUint16LengthPrefixed(&body) || !f(typ, body) {
			return false
		}
	}
	return true
}

// parseServerHello reads the body of a server_hello (RFC 8446 section 4.1.3,
// RFC 5246 section 7.4.1.3).
func parseServerHello(body []byte) (*serverHello, error) {
	s := cryptobyte.String(body)
	var sh serverHello
	var session cryptobyte.String
	var compression uint8
	if !s.ReadUint16((*uint16)(&sh.version)) || !s.ReadBytes(&sh.random, 32) ||
		!s.ReadUint8LengthPrefixed(&session) || len(session) > 32 ||
		!s.ReadUint16((*uint16)(&sh.suite)) || !s.ReadUint8(&compression) {
		return nil, malformed("server_hello")
	}
	sh.retry = string(sh.random) == retryRandom
	if s.Empty() {
		return &sh, nil // before TLS 1.3 the list may be left out
	}
	ok := readExtensions(&s, func(typ tlsname.Extension, body cryptobyte.String) bool {
		switch typ {
		case tlsname.ExtSupportedVersions:
			return body.ReadUint16((*uint16)(&sh.version)) && body.Empty()
		case tlsname.ExtKeyShare:
			if !body.ReadUint16((*uint16)(&sh.group)) {
				return false
			}
			return body.Empty() || (readVector16(&body, &sh.share) && body.Empty())
		case tlsname.ExtCookie:
			return readVector16(&body, &sh.cookie) && body.Empty()
		case tlsname.ExtExtendedMasterSecret:
			sh.ems = true
		case tlsname.ExtALPN:
			return readALPN(body, &sh.alpn)
		case tlsname.ExtSCT:
			return readSCTs(body, &sh.scts)
		}
		return true
	})
	if !ok {
		return nil, malformed("server_hello")
	}
	return &sh, nil
}

func readVector16(s *cryptobyte.String, out *[]byte) bool {
	var v cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&v) {
		return false
	}
	*out = slices.Clone([]byte(v))
	return true
}

func readALPN(body cryptobyte.String, out *string) bool {
	var list, name cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&list) || !list.ReadUint8LengthPrefixed(&name) {
		return false
	}
	*out = string(name)
	return true
}

// readSCTs reads a SignedCertificateTimestampList (RFC 6962 section 3.3).
func readSCTs(body cryptobyte.String, out *[][]byte) bool {
	var list cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&list) {
		return false
	}
	var scts [][]byte
	for !list.Empty() {
		var sct []byte
		if !readVector16(&list, &sct) {
			return false
		}
		scts = append(scts, sct)
	}
	*out = scts
	return true
}

// readOCSP reads a CertificateStatus (RFC 6066 section 8).
func readOCSP(body cryptobyte.String) ([]byte, bool) {
	var typ uint8
	var response cryptobyte.String
	if !body.ReadUint8(&typ) || typ != statusOCSP || !body.ReadUint24LengthPrefixed(&response) {
		return nil, false
	}
	return slices.Clone([]byte(response)), true
}

// A certificateList is the content of a Certificate message.
type certificateList struct {
	certs     [][]byte
	staples   map[int][]byte
	scts      [][]byte
	truncated int // how many there were, if more than maxCertificate
}

// parseCertificate reads the body of a Certificate message; entries have
// extensions in TLS 1.3 only (RFC 8446 section 4.4.2).
func parseCertificate(body []byte, version tlsname.Version) (*certificateList, error) {
	s := cryptobyte.String(body)
	var context, list cryptobyte.String
	if version >= tlsname.TLS13 && !s.ReadUint8LengthPrefixed(&context) {
		return nil, malformed("certificate message")
	}
	if !s.ReadUint24LengthPrefixed(&list) || !s.Empty() {
		return nil, malformed("certificate message")
	}
	var out certificateList
	for n := 0; !list.Empty(); n++ {
		var der cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&der) {
			return &out, malformed("certificate message")
		}
		if n < maxCertificate {
			out.certs = append(out.certs, slices.Clone([]byte(der)))
		} else {
			out.truncated = n + 1
		}
		if version >= tlsname.TLS13 && !readExtensions(&list, out.entryExtension(n)) {
			return &out, malformed("certificate message")
		}
	}
	return &out, nil
}

func (l *certificateList) entryExtension(item int) func(tlsname.Extension, cryptobyte.String) bool {
	return func(typ tlsname.Extension, body cryptobyte.String) bool {
		switch {
		case typ == tlsname.ExtStatusRequest && item < maxCertificate:
			if response, ok := readOCSP(body); ok {
				if l.staples == nil {
					l.staples = make(map[int][]byte)
				}
				l.staples[item] = response
			}
		case typ == tlsname.ExtSCT && item == 0:
			return readSCTs(body, &l.scts)
		}
		return true
	}
}

// parseCertificateRequest reads what the server demands of a client
// (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4, RFC 4346 section 7.4.4).
func parseCertificateRequest(body []byte, version tlsname.Version) (*chain.ClientAuthDemand, []byte, error) {
	s := cryptobyte.String(body)
	d := &chain.ClientAuthDemand{Mode: chain.ClientAuthUnknown, Authorities: [][]byte{}, Schemes: []tlsname.Scheme{}, Types: []byte{}}
	wrong := malformed("certificate_request")
	var part cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&part) {
		return nil, nil, wrong
	}
	if version >= tlsname.TLS13 {
		context := slices.Clone([]byte(part))
		ok := readExtensions(&s, func(typ tlsname.Extension, body cryptobyte.String) bool {
			switch typ {
			case tlsname.ExtSignatureAlgorithms:
				return readUint16List(&body, &d.Schemes)
			case tlsname.ExtAuthorities:
				return readNames(&body, &d.Authorities)
			}
			return true
		})
		if !ok {
			return nil, nil, wrong
		}
		return d, context, nil
	}
	d.Types = append(d.Types, part...)
	if version == tlsname.TLS12 && !readUint16List(&s, &d.Schemes) {
		return nil, nil, wrong
	}
	if !readNames(&s, &d.Authorities) {
		return nil, nil, wrong
	}
	return d, nil, nil
}

func readUint16List[T ~uint16](s *cryptobyte.String, out *[]T) bool {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var id uint16
		if !list.ReadUint16(&id) {
			return false
		}
		*out = append(*out, T(id))
	}
	return true
}

func readNames(s *cryptobyte.String, out *[][]byte) bool {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var name []byte
		if !readVector16(&list, &name) {
			return false
		}
		*out = append(*out, name)
	}
	return true
}
