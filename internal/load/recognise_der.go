package load

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// derFile tells what a binary file that begins with a SEQUENCE is.
func derFile(data []byte) Kind {
	der := data
	if _, _, ok := element(data); !ok {
		ber, err := pfx.ToDER(data)
		if err != nil {
			if pfx.IsPFX(data) {
				return PKCS12
			}
			if LooksLikeKey(data) {
				return PrivateKey
			}
			return CutDER
		}
		der = ber
	}
	if k := noCertificate(der); k != "" {
		return k
	}
	s := cryptobyte.String(der)
	var body, tbs cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return OtherDER
	}
	if derKind(tbs) == "crl" {
		return CRL
	}
	return Certificate
}

// noCertificate names DER that begins as other things than a certificate or a
// CRL do; "" where it may be one of these, damaged or not.
func noCertificate(der []byte) Kind {
	s := cryptobyte.String(der)
	var in, first cryptobyte.String
	if !s.ReadASN1(&in, cbasn1.SEQUENCE) {
		return ""
	}
	switch {
	case in.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER): // ContentInfo (RFC 5652 section 3)
		return signedKind(in)
	case in.PeekASN1Tag(cbasn1.ENUM): // RFC 6960 section 4.2.1
		return OCSP
	case in.PeekASN1Tag(cbasn1.INTEGER):
		var version int
		if v := in; v.ReadASN1Integer(&version) && version == 3 && v.PeekASN1Tag(cbasn1.SEQUENCE) { // RFC 7292 section 4
			return PKCS12
		}
		numbers, rest := 0, in
		for rest.SkipASN1(cbasn1.INTEGER) {
			numbers++
		}
		if numbers == 2 && rest.Empty() { // RFC 8017 appendix A.1.1
			return PublicKey
		}
		return PrivateKey
	}
	if !in.ReadASN1(&first, cbasn1.SEQUENCE) {
		return ""
	}
	if first.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) { // an algorithm, then a key: RFC 5280 section 4.1, RFC 5958 section 3
		if in.PeekASN1Tag(cbasn1.BIT_STRING) {
			return PublicKey
		}
		return PrivateKey
	}
	// ObjectStore of BCFKS: the encrypted store is an algorithm and its octets.
	if inner := first; inner.PeekASN1Tag(cbasn1.SEQUENCE) {
		var algorithm cryptobyte.String
		if inner.ReadASN1(&algorithm, cbasn1.SEQUENCE) && algorithm.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) && inner.PeekASN1Tag(cbasn1.OCTET_STRING) {
			return BCFKS
		}
	}
	// CertificationRequestInfo (RFC 2986 section 4.1): a version, a name, and
	// where a certificate has a second name or a time, the key.
	if inner := first; inner.SkipASN1(cbasn1.INTEGER) {
		var name, key cryptobyte.String
		if inner.ReadASN1(&name, cbasn1.SEQUENCE) && (name.Empty() || name.PeekASN1Tag(cbasn1.SET)) &&
			inner.ReadASN1(&key, cbasn1.SEQUENCE) && key.PeekASN1Tag(cbasn1.SEQUENCE) {
			return CSR
		}
	}
	return ""
}

// signedKind tells a list of certificates from a signed configuration profile
// and from other messages; in is a ContentInfo's content.
func signedKind(in cryptobyte.String) Kind {
	var oid cryptobyte.String
	if !in.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) || !bytes.Equal(oid, []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")) { // 1.2.840.113549.1.7.2
		return CMS
	}
	if head := in[:min(len(in), 1<<16)]; bytes.Contains(head, []byte("<plist")) || bytes.Contains(head, []byte("bplist00")) {
		return Mobileconfig
	}
	return PKCS7
}
