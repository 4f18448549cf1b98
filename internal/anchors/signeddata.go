package anchors

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// signedData walks a CMS ContentInfo of type signedData (RFC 5652 section 5.1):
// the content that was signed and the certificates beside it. Neither the
// signature nor the certificates are looked into, so that a signer certificate
// nobody can parse does not lose the content.
func signedData(der []byte) (content []byte, certs [][]byte, ok bool) {
	const oidSignedData x509read.OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" // 1.2.840.113549.1.7.2
	body, ok := contentInfo(der, oidSignedData)
	if !ok {
		return nil, nil, false
	}
	var sd, digests, encap cryptobyte.String
	if !body.ReadASN1(&sd, asn1.SEQUENCE) || !sd.SkipASN1(asn1.INTEGER) ||
		!sd.ReadASN1(&digests, asn1.SET) || !sd.ReadASN1(&encap, asn1.SEQUENCE) || !encap.SkipASN1(asn1.OBJECT_IDENTIFIER) {
		return nil, nil, false
	}
	context0 := asn1.Tag(0).ContextSpecific().Constructed()
	if encap.PeekASN1Tag(context0) {
		var wrapped, octets cryptobyte.String
		if !encap.ReadASN1(&wrapped, context0) || !wrapped.ReadASN1(&octets, asn1.OCTET_STRING) {
			return nil, nil, false
		}
		content = octets
	}
	if sd.PeekASN1Tag(context0) {
		var list cryptobyte.String
		if !sd.ReadASN1(&list, context0) {
			return nil, nil, false
		}
		for !list.Empty() {
			var one cryptobyte.String
			var tag asn1.Tag
			if !list.ReadAnyASN1Element(&one, &tag) {
				return content, certs, len(content) > 0
			}
			if tag == asn1.SEQUENCE {
				certs = append(certs, one)
			}
		}
	}
	return content, certs, true
}

// contentInfo returns what stands in the [0] of a ContentInfo of the type.
func contentInfo(der []byte, want x509read.OID) (cryptobyte.String, bool) {
	s := cryptobyte.String(der)
	var info, oid, body cryptobyte.String
	ok := s.ReadASN1(&info, asn1.SEQUENCE) && info.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) &&
		x509read.OID(oid) == want && info.ReadASN1(&body, asn1.Tag(0).ContextSpecific().Constructed())
	return body, ok
}

// looksLikePKCS12 knows a PFX (RFC 7292 section 4) by its version and ContentInfo.
func looksLikePKCS12(der []byte) bool {
	s := cryptobyte.String(der)
	var pfx, info cryptobyte.String
	var version int
	return s.ReadASN1(&pfx, asn1.SEQUENCE) && pfx.ReadASN1Integer(&version) && version == 3 &&
		pfx.ReadASN1(&info, asn1.SEQUENCE) && info.PeekASN1Tag(asn1.OBJECT_IDENTIFIER)
}
