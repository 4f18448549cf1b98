package dial

import (
	"cmp"
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/internal/tlswire"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A serverHello is ServerHello or HelloRetryRequest as parsed.
type serverHello struct {
	legacy    tlsname.Version // legacy_version
	version   tlsname.Version // as negotiated: supported_versions where it is there
	selected  bool            // by supported_versions
	random    []byte
	sessionID []byte
	suite     tlsname.Suite
	method    uint8 // compression
	retry     bool
	extended  []byte // the list of extensions with its length, unread; nil: none

	group  tlsname.Group // key_share
	share  []byte
	cookie []byte
	ems    bool
	staple bool // status_request: a CertificateStatus may follow
	alpn   string
	scts   [][]byte
}

// place is where its extensions stand.
func (sh *serverHello) place() place {
	switch {
	case sh.retry:
		return inRetryRequest
	case sh.version >= tlsname.TLS13:
		return inServerHello13
	}
	return inServerHello12
}

// parseServerHello reads the body of a server_hello as far as every version has
// it, and the version (RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3).
func parseServerHello(body []byte) (*serverHello, error) {
	s := cryptobyte.String(body)
	var sh serverHello
	var session cryptobyte.String
	if !s.ReadUint16((*uint16)(&sh.legacy)) || !s.ReadBytes(&sh.random, 32) ||
		!s.ReadUint8LengthPrefixed(&session) || len(session) > 32 ||
		!s.ReadUint16((*uint16)(&sh.suite)) || !s.ReadUint8(&sh.method) {
		return nil, malformed(tlsname.ServerHello)
	}
	sh.sessionID = slices.Clone([]byte(session))
	sh.version = sh.legacy
	sh.retry = string(sh.random) == tlswire.RetryRandom
	if s.Empty() {
		return &sh, nil // before TLS 1.3 the list may be left out
	}
	sh.extended = s
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) || !s.Empty() {
		return nil, malformed(tlsname.ServerHello)
	}
	for !list.Empty() {
		var e tlsname.Extension
		var body cryptobyte.String
		if !list.ReadUint16((*uint16)(&e)) || !list.ReadUint16LengthPrefixed(&body) {
			return nil, malformed(tlsname.ServerHello)
		}
		if e == tlsname.ExtSupportedVersions {
			if sh.selected = true; !body.ReadUint16((*uint16)(&sh.version)) || !body.Empty() {
				return nil, malformed(tlsname.ServerHello)
			}
		}
	}
	return &sh, nil
}

// readExtensions reads them once the version is known, which says what may be there.
func (sh *serverHello) readExtensions(o *offer) error {
	if sh.extended == nil {
		return nil
	}
	s := cryptobyte.String(sh.extended)
	return sh.place().extensions(&s, o, func(e tlsname.Extension, body *cryptobyte.String) (bool, error) {
		switch e {
		case tlsname.ExtKeyShare:
			if !body.ReadUint16((*uint16)(&sh.group)) {
				return false, nil
			}
			return body.Empty() == sh.retry && (sh.retry || readVector16(body, &sh.share) && body.Empty()), nil
		case tlsname.ExtCookie:
			return readVector16(body, &sh.cookie) && len(sh.cookie) > 0 && body.Empty(), nil
		case tlsname.ExtExtendedMasterSecret:
			sh.ems = true
			return body.Empty(), nil
		case tlsname.ExtStatusRequest:
			sh.staple = true
			return body.Empty(), nil
		case tlsname.ExtServerName:
			return body.Empty(), nil
		case tlsname.ExtRenegotiationInfo:
			return readRenegotiation(body)
		case tlsname.ExtPointFormats:
			return readPointFormats(body)
		case tlsname.ExtALPN:
			return readALPN(body, o, &sh.alpn)
		case tlsname.ExtSCT:
			return readSCTs(body, &sh.scts), nil
		}
		return true, nil
	})
}

// readRenegotiation: in the first handshake there is nothing to refer to (RFC
// 5746 section 3.4).
func readRenegotiation(body *cryptobyte.String) (bool, error) {
	var before cryptobyte.String
	if !body.ReadUint8LengthPrefixed(&before) || !body.Empty() {
		return false, nil
	}
	if len(before) > 0 {
		return false, breaks(tlsname.HandshakeFailure, "sent a renegotiation_info that is not empty in the first handshake")
	}
	return true, nil
}

// readPointFormats: uncompressed is among them (RFC 8422 section 5.2).
func readPointFormats(body *cryptobyte.String) (bool, error) {
	const uncompressed = 0
	var formats cryptobyte.String
	if !body.ReadUint8LengthPrefixed(&formats) || !body.Empty() || formats.Empty() {
		return false, nil
	}
	if !slices.Contains(formats, uncompressed) {
		return false, breaks(tlsname.IllegalParameter, "sent ec_point_formats without the uncompressed one")
	}
	return true, nil
}

func readVector16(s *cryptobyte.String, out *[]byte) bool {
	var v cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&v) {
		return false
	}
	*out = slices.Clone([]byte(v))
	return true
}

// A certificateList is the content of a Certificate message.
type certificateList struct {
	certs   [][]byte
	staples map[int][]byte
	scts    [][]byte
	more    int // how many there were, if more than maxCertificate
}

// parseCertificate reads the body of a Certificate message; entries have
// extensions in TLS 1.3 only (RFC 8446 section 4.4.2). What could be read of a
// malformed one comes back with the error.
func parseCertificate(body []byte, version tlsname.Version, o *offer) (*certificateList, error) {
	s := cryptobyte.String(body)
	var context, list cryptobyte.String
	if version >= tlsname.TLS13 && !s.ReadUint8LengthPrefixed(&context) {
		return nil, malformed(tlsname.Certificate)
	}
	if !s.ReadUint24LengthPrefixed(&list) {
		return nil, malformed(tlsname.Certificate)
	}
	var out certificateList
	var first error
	switch {
	case !s.Empty():
		first = malformed(tlsname.Certificate)
	case len(context) > 0:
		first = breaks(tlsname.IllegalParameter, "sent a certificate with a certificate_request_context, which only a client's has")
	}
	for n := 0; !list.Empty(); n++ {
		var der cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&der) || der.Empty() {
			return &out, malformed(tlsname.Certificate)
		}
		if n < maxCertificate {
			out.certs = append(out.certs, slices.Clone([]byte(der)))
		} else {
			out.more = n + 1
		}
		if version >= tlsname.TLS13 {
			err := inCertificateEntry.extensions(&list, o, out.entry(n))
			if b, ok := err.(*breach); ok && b.alert == tlsname.DecodeError {
				return &out, err // where the next entry begins is not known
			}
			first = cmp.Or(first, err)
		}
	}
	return &out, first
}

func (l *certificateList) entry(item int) func(tlsname.Extension, *cryptobyte.String) (bool, error) {
	return func(e tlsname.Extension, body *cryptobyte.String) (bool, error) {
		switch e {
		case tlsname.ExtStatusRequest:
			response, ok := readOCSP(body)
			if ok && item < maxCertificate {
				if l.staples == nil {
					l.staples = make(map[int][]byte)
				}
				l.staples[item] = response
			}
			return ok, nil
		case tlsname.ExtSCT:
			var scts [][]byte
			ok := readSCTs(body, &scts)
			if item == 0 {
				l.scts = scts
			}
			return ok, nil
		}
		return true, nil
	}
}

// parseCertificateRequest reads what the server demands of a client
// (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4, RFC 4346 section 7.4.4).
func parseCertificateRequest(body []byte, version tlsname.Version) (*chain.ClientAuthDemand, error) {
	s := cryptobyte.String(body)
	d := &chain.ClientAuthDemand{Mode: chain.ClientAuthUnknown, Authorities: [][]byte{}, Schemes: []tlsname.Scheme{}, Types: []byte{}}
	wrong := malformed(tlsname.CertificateRequest)
	var part cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&part) {
		return nil, wrong
	}
	if version < tlsname.TLS13 {
		d.Types = append(d.Types, part...)
		if version == tlsname.TLS12 && (!readUint16List(&s, &d.Schemes) || len(d.Schemes) == 0) || !readNames(&s, &d.Authorities) || !s.Empty() {
			return nil, wrong
		}
		return d, nil
	}
	err := inCertificateRequest.extensions(&s, nil, func(e tlsname.Extension, body *cryptobyte.String) (bool, error) {
		switch e {
		case tlsname.ExtSignatureAlgorithms:
			return readUint16List(body, &d.Schemes) && len(d.Schemes) > 0 && body.Empty(), nil
		case tlsname.ExtAuthorities:
			return readNames(body, &d.Authorities) && len(d.Authorities) > 0 && body.Empty(), nil
		}
		return true, nil
	})
	switch {
	case err != nil:
		return nil, err
	case !s.Empty():
		return nil, wrong
	case len(part) > 0:
		return d, breaks(tlsname.IllegalParameter, "sent a certificate_request with a context, which only one after the handshake has")
	case len(d.Schemes) == 0:
		return d, breaks(tlsname.MissingExtension, "sent a certificate_request without signature_algorithms")
	}
	return d, nil
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

// readNames reads a list of DER names, none of which is empty (RFC 8446 section 4.2.4).
func readNames(s *cryptobyte.String, out *[][]byte) bool {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		var name []byte
		if !readVector16(&list, &name) || len(name) == 0 {
			return false
		}
		*out = append(*out, name)
	}
	return true
}
