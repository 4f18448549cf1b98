package dial

import (
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A place is a list of extensions in the server's flight, by its message.
type place byte

// The places.
const (
	inServerHello12 place = iota
	inServerHello13
	inRetryRequest
	inEncryptedExtensions
	inCertificateEntry
	inCertificateRequest
)

// String is the message, as errors name it.
func (p place) String() string {
	switch p {
	case inRetryRequest:
		return "hello_retry_request"
	case inEncryptedExtensions:
		return tlsname.EncryptedExtensions.String()
	case inCertificateEntry:
		return tlsname.Certificate.String()
	case inCertificateRequest:
		return tlsname.CertificateRequest.String()
	}
	return tlsname.ServerHello.String()
}

// allowed lists the extensions that may stand at the place (the table of RFC 8446
// section 4.2; up to TLS 1.2 the RFCs of the extensions).
func (p place) allowed() []tlsname.Extension {
	switch p {
	case inServerHello12:
		// Some servers send supported_groups, which BoringSSL lets pass.
		return []tlsname.Extension{tlsname.ExtServerName, tlsname.ExtStatusRequest, tlsname.ExtSupportedGroups, tlsname.ExtPointFormats,
			tlsname.ExtALPN, tlsname.ExtSCT, tlsname.ExtExtendedMasterSecret, tlsname.ExtRenegotiationInfo}
	case inServerHello13:
		return []tlsname.Extension{tlsname.ExtKeyShare, tlsname.ExtSupportedVersions}
	case inRetryRequest:
		return []tlsname.Extension{tlsname.ExtKeyShare, tlsname.ExtSupportedVersions, tlsname.ExtCookie}
	case inEncryptedExtensions:
		return []tlsname.Extension{tlsname.ExtServerName, tlsname.ExtSupportedGroups, tlsname.ExtALPN}
	case inCertificateEntry:
		return []tlsname.Extension{tlsname.ExtStatusRequest, tlsname.ExtSCT}
	}
	return nil
}

// foreignInRequest are extensions of other messages; what a CertificateRequest
// holds that a client does not know it passes over (RFC 8446 section 4.3.2).
func foreignInRequest(e tlsname.Extension) bool {
	return slices.Contains([]tlsname.Extension{tlsname.ExtServerName, tlsname.ExtSupportedGroups, tlsname.ExtPointFormats, tlsname.ExtALPN,
		tlsname.ExtExtendedMasterSecret, tlsname.ExtPreSharedKey, tlsname.ExtSupportedVersions, tlsname.ExtCookie, tlsname.ExtPSKModes,
		tlsname.ExtKeyShare, tlsname.ExtRenegotiationInfo}, e)
}

// knows: what a CertificateRequest holds that nobody knows may stand there twice.
func (p place) knows(e tlsname.Extension) bool {
	return p != inCertificateRequest || e == tlsname.ExtSignatureAlgorithms || e == tlsname.ExtAuthorities
}

// permit says whether an extension may stand at the place: one that was asked
// for, where it belongs (RFC 8446 section 4.2). Without an offer, as in a
// recording, what was asked for is not known.
func (p place) permit(e tlsname.Extension, o *offer) error {
	if p == inCertificateRequest {
		if foreignInRequest(e) {
			return breaks(tlsname.IllegalParameter, "sent the extension %s in its %s, where it does not belong", e, p)
		}
		return nil
	}
	if o == nil || e == tlsname.ExtCookie && p == inRetryRequest {
		return nil
	}
	if !slices.Contains(o.sent, e) {
		return breaks(tlsname.UnsupportedExtension, "sent the extension %s in its %s, which was not offered", e, p)
	}
	if !slices.Contains(p.allowed(), e) {
		return breaks(tlsname.IllegalParameter, "sent the extension %s in its %s, where it does not belong", e, p)
	}
	return nil
}

// extensions reads the list at the end of what is left of a message, and calls
// take for the body of each; take says whether that is well formed.
func (p place) extensions(s *cryptobyte.String, o *offer, take func(e tlsname.Extension, body *cryptobyte.String) (bool, error)) error {
	var list cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) {
		return malformed(p)
	}
	var seen []tlsname.Extension
	for !list.Empty() {
		var e tlsname.Extension
		var body cryptobyte.String
		if !list.ReadUint16((*uint16)(&e)) || !list.ReadUint16LengthPrefixed(&body) {
			return malformed(p)
		}
		if slices.Contains(seen, e) && p.knows(e) {
			return breaks(tlsname.IllegalParameter, "sent the extension %s twice in its %s", e, p)
		}
		seen = append(seen, e)
		if err := p.permit(e, o); err != nil {
			return err
		}
		ok, err := take(e, &body)
		if err != nil {
			return err
		}
		if !ok {
			return breaks(tlsname.DecodeError, "sent a malformed extension %s in its %s", e, p)
		}
	}
	return nil
}

// readALPN reads the one protocol a server picks (RFC 7301 section 3.1).
func readALPN(body *cryptobyte.String, o *offer, out *string) (bool, error) {
	var list, name cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&list) || !body.Empty() || !list.ReadUint8LengthPrefixed(&name) || len(name) == 0 || !list.Empty() {
		return false, nil
	}
	*out = string(name)
	if o != nil && !slices.Contains(o.hello.ALPN, *out) {
		return false, breaks(tlsname.IllegalParameter, "picked the application protocol %s, which was not offered", quote([]byte(name)))
	}
	return true, nil
}

// readSCTs reads a SignedCertificateTimestampList (RFC 6962 section 3.3), of
// which neither the list nor an entry may be empty.
func readSCTs(body *cryptobyte.String, out *[][]byte) bool {
	var list cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&list) || !body.Empty() || list.Empty() {
		return false
	}
	var scts [][]byte
	for !list.Empty() {
		var sct []byte
		if !readVector16(&list, &sct) || len(sct) == 0 {
			return false
		}
		scts = append(scts, sct)
	}
	*out = scts
	return true
}

// readOCSP reads a CertificateStatus (RFC 6066 section 8).
func readOCSP(body *cryptobyte.String) ([]byte, bool) {
	const statusOCSP = 1
	var typ uint8
	var response cryptobyte.String
	if !body.ReadUint8(&typ) || typ != statusOCSP || !body.ReadUint24LengthPrefixed(&response) || response.Empty() || !body.Empty() {
		return nil, false
	}
	return slices.Clone([]byte(response)), true
}
