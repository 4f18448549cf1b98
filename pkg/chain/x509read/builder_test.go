package x509read

import (
	"bytes"
	"crypto/elliptic"
	"testing"
)

// tlv encodes one element in DER.
func tlv(id byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(header(id, len(body)), body...)
}

func seq(parts ...[]byte) []byte   { return tlv(idSequence, parts...) }
func oidTLV(o OID) []byte          { return tlv(idOID, []byte(o)) }
func str(id byte, s string) []byte { return tlv(id, []byte(s)) }
func ints(b ...byte) []byte        { return tlv(idInteger, b) }
func rdn(o OID, id byte, s string) []byte {
	return tlv(idSet, seq(oidTLV(o), str(id, s)))
}

// ext encodes an Extension; critical is nil or the BOOLEAN element.
func ext(o OID, critical []byte, value ...[]byte) []byte {
	return seq(oidTLV(o), critical, tlv(idOctetString, value...))
}

// parts are the elements of a certificate that is without fault; tests replace one.
type parts struct {
	version, serial, inner, issuer, validity, subject, spki, uniqueIDs []byte
	exts                                                               [][]byte
	extensions                                                         []byte // replaces the whole [3] element
	tail                                                               []byte // inside TBSCertificate
	outer, signature, outerTail, after                                 []byte
}

func goodParts(t testing.TB) *parts {
	alg := seq(oidTLV(OIDECDSAWithSHA256))
	point, err := ecdsaKey(t, elliptic.P256(), "parts").PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := seq(rdn(OIDCountry, TagPrintableString, "US"), rdn(OIDCommonName, TagUTF8String, "Example"))
	return &parts{
		version:   tlv(idContextCons, ints(2)),
		serial:    ints(0x12, 0x34),
		inner:     alg,
		issuer:    name,
		validity:  seq(str(idUTCTime, "260101000000Z"), str(idUTCTime, "270101000000Z")),
		subject:   name,
		spki:      spkiEC(oidTLV(OIDCurveP256), point),
		outer:     alg,
		signature: tlv(idBitString, []byte{0}, seq(ints(1), ints(1))),
	}
}

func spkiEC(params, point []byte) []byte {
	return seq(seq(oidTLV(OIDECPublicKey), params), tlv(idBitString, []byte{0}, point))
}

func (p *parts) tbs() []byte {
	extensions := p.extensions
	if extensions == nil && p.exts != nil {
		extensions = tlv(idContextCons|3, seq(p.exts...))
	}
	return seq(p.version, p.serial, p.inner, p.issuer, p.validity, p.subject, p.spki, p.uniqueIDs, extensions, p.tail)
}

func (p *parts) der() []byte {
	return append(seq(p.tbs(), p.outer, p.signature, p.outerTail), p.after...)
}

func TestGoodPartsHaveNoFault(t *testing.T) {
	c, err := Parse(goodParts(t).der())
	if err != nil || len(c.Faults) != 0 {
		t.Fatalf("%v, %v", err, c.Faults)
	}
	for _, kind := range []string{"ECDSA", "RSA", "Ed25519"} {
		c, err := Parse(leafDER(t, kind))
		if err != nil || len(c.Faults) != 0 {
			t.Errorf("%s: %v, %v", kind, err, c.Faults)
		}
	}
}
