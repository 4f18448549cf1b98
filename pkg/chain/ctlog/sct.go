package ctlog

import (
	"errors"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// SCT is a signed certificate timestamp of version 1 (RFC 6962 section 3.2).
type SCT struct {
	Version    uint8 // 0 is version 1
	LogID      [32]byte
	Time       time.Time // to the millisecond, UTC
	Extensions []byte
	Hash, Sign uint8 // HashAlgorithm and SignatureAlgorithm of TLS 1.2
	Signature  []byte
	Millis     uint64 // Time, as it stands
}

// parseSCTList reads a SignedCertificateTimestampList (RFC 6962 section 3.3).
// SCTs of another version are left out; the error says that the list itself is
// damaged, and what could be read before is returned with it.
func parseSCTList(list []byte) ([]SCT, error) {
	s := cryptobyte.String(list)
	var body cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&body) || !s.Empty() {
		return nil, errors.New("the length of the SCT list does not fit it")
	}
	var scts []SCT
	for !body.Empty() {
		var one cryptobyte.String
		if !body.ReadUint16LengthPrefixed(&one) {
			return scts, errors.New("an SCT goes beyond the list")
		}
		sct, err := parseSCT(one)
		if err != nil {
			return scts, err
		}
		if sct.Version == 0 {
			scts = append(scts, sct)
		}
	}
	return scts, nil
}

// parseSCT reads one serialised SCT. Of another version only Version is filled in.
func parseSCT(b []byte) (SCT, error) {
	s := cryptobyte.String(b)
	var sct SCT
	damaged := errors.New("an SCT does not decode")
	if !s.ReadUint8(&sct.Version) {
		return sct, damaged
	}
	if sct.Version != 0 {
		return sct, nil
	}
	var extensions, signature cryptobyte.String
	if !s.CopyBytes(sct.LogID[:]) || !s.ReadUint64(&sct.Millis) || !s.ReadUint16LengthPrefixed(&extensions) ||
		!s.ReadUint8(&sct.Hash) || !s.ReadUint8(&sct.Sign) || !s.ReadUint16LengthPrefixed(&signature) || !s.Empty() {
		return sct, damaged
	}
	// A time beyond every calendar stays in the future of every question.
	const lastMillis = 253402300799999 // 9999-12-31T23:59:59.999Z
	sct.Time = time.UnixMilli(int64(min(sct.Millis, lastMillis))).UTC()
	sct.Extensions, sct.Signature = extensions, signature
	return sct, nil
}

// HasLeafIndex reports whether the SCT says where in its log the entry stands, as
// those of static-CT logs do (static-ct-api, section "SCT extension").
func (sct *SCT) HasLeafIndex() bool {
	const leafIndex, size = 0, 5
	for s := cryptobyte.String(sct.Extensions); !s.Empty(); {
		var kind uint8
		var data cryptobyte.String
		if !s.ReadUint8(&kind) || !s.ReadUint16LengthPrefixed(&data) {
			return false
		}
		if kind == leafIndex {
			return len(data) == size
		}
	}
	return false
}

// Status is the answer of SCT.Check.
type Status string

// The answers about one SCT's signature.
const (
	Verified    Status = "verified"
	Wrong       Status = "wrong"       // the log's key did not make the signature
	NoIssuer    Status = "no-issuer"   // an embedded SCT is over the issuer's key, which is not at hand
	UnknownLog  Status = "unknown-log" // no key for the log's identifier
	Unsupported Status = "unsupported" // an algorithm RFC 6962 does not have, or a certificate that cannot be rebuilt
)

// Check verifies an SCT with the log's SubjectPublicKeyInfo (nil: the log is
// not known). An embedded SCT is over the precertificate: the certificate
// without the list, and the hash of the issuer's key (RFC 6962 section 3.2);
// one delivered otherwise is over the certificate itself.
func (sct *SCT) Check(leaf, issuer *x509read.Certificate, embedded bool, logKey []byte) Status {
	if logKey == nil {
		return UnknownLog
	}
	if embedded && issuer == nil {
		return NoIssuer
	}
	key, _ := x509read.ParsePublicKey(logKey)
	alg := x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256}
	if sct.Sign == 1 {
		alg = x509read.Algorithm{OID: x509read.OIDSHA256WithRSA, Params: []byte{5, 0}}
	}
	if sct.Hash != 4 || sct.Sign != 1 && sct.Sign != 3 || alg.SignatureKey() != key.Type {
		return Unsupported
	}
	signed, ok := sct.Signed(leaf, issuer, embedded)
	if !ok {
		return Unsupported
	}
	switch x509read.CheckSignatureOver(alg, signed, sct.Signature, &key).Status {
	case x509read.Verified:
		return Verified
	case x509read.Wrong:
		return Wrong
	}
	return Unsupported
}

// Signed builds what the log signed (RFC 6962 section 3.2, digitally-signed struct).
func (sct *SCT) Signed(leaf, issuer *x509read.Certificate, embedded bool) ([]byte, bool) {
	const certificateTimestamp, x509Entry, precertEntry = 0, 0, 1
	b := cryptobyte.NewBuilder(make([]byte, 0, len(leaf.Raw)+64))
	b.AddUint8(sct.Version)
	b.AddUint8(certificateTimestamp)
	b.AddUint64(sct.Millis)
	entry := leaf.Raw
	if embedded {
		tbs, ok := precertTBS(leaf.RawTBS)
		if !ok {
			return nil, false
		}
		b.AddUint16(precertEntry)
		b.AddBytes(issuer.PublicKey.SHA256[:])
		entry = tbs
	} else {
		b.AddUint16(x509Entry)
	}
	b.AddUint24LengthPrefixed(func(c *cryptobyte.Builder) { c.AddBytes(entry) })
	b.AddUint16LengthPrefixed(func(c *cryptobyte.Builder) { c.AddBytes(sct.Extensions) })
	signed, err := b.Bytes()
	return signed, err == nil
}

// precertTBS rebuilds the TBSCertificate of the precertificate: the one of the
// certificate without the extension that holds the SCT list (RFC 6962 section 3.2).
func precertTBS(tbs []byte) ([]byte, bool) {
	s := cryptobyte.String(tbs)
	var body cryptobyte.String
	if !s.ReadASN1(&body, asn1.SEQUENCE) {
		return nil, false
	}
	context3 := asn1.Tag(3).ContextSpecific().Constructed()
	var before []byte
	var wrapped, list cryptobyte.String
	found := false
	for !body.Empty() && !found {
		if body.PeekASN1Tag(context3) {
			found = body.ReadASN1(&wrapped, context3) && wrapped.ReadASN1(&list, asn1.SEQUENCE)
			if !found {
				return nil, false
			}
			continue
		}
		var element cryptobyte.String
		var tag asn1.Tag
		if !body.ReadAnyASN1Element(&element, &tag) {
			return nil, false
		}
		before = append(before, element...)
	}
	if !found {
		return nil, false
	}
	var kept []byte
	for !list.Empty() {
		var element, inner, oid cryptobyte.String
		if !list.ReadASN1Element(&element, asn1.SEQUENCE) {
			return nil, false
		}
		copyOf := element
		if !copyOf.ReadASN1(&inner, asn1.SEQUENCE) || !inner.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) {
			return nil, false
		}
		if x509read.OID(oid) != x509read.OIDExtSCTList {
			kept = append(kept, element...)
		}
	}
	b := cryptobyte.NewBuilder(make([]byte, 0, len(tbs)))
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(before)
		b.AddASN1(context3, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(kept) })
		})
	})
	out, err := b.Bytes()
	return out, err == nil
}

// Delivery is how an SCT came to the client (RFC 6962 section 3.3).
type Delivery string

// The deliveries.
const (
	Embedded     Delivery = "embedded"
	TLSExtension Delivery = "TLS extension"
	OCSPStaple   Delivery = "OCSP staple"
)

// maxSCTs bounds how many SCTs of one delivery are looked at.
const maxSCTs = 64

// Deliver calls take for the SCTs of a certificate's own list, of the handshake's
// extension and of the stapled OCSP response; what cannot be read is passed over.
func Deliver(list []byte, extension [][]byte, staple []byte, take func(SCT, Delivery)) {
	all := func(scts []SCT, how Delivery) {
		for _, s := range scts[:min(len(scts), maxSCTs)] {
			take(s, how)
		}
	}
	if list != nil {
		scts, _ := parseSCTList(list)
		all(scts, Embedded)
	}
	var scts []SCT
	for _, raw := range extension {
		if s, err := parseSCT(raw); err == nil && s.Version == 0 {
			scts = append(scts, s)
		}
	}
	all(scts, TLSExtension)
	all(stapled(staple), OCSPStaple)
}

// stapled reads the SCTs in an OCSP response.
func stapled(response []byte) []SCT {
	if len(response) == 0 {
		return nil
	}
	r, err := ocsp.ParseResponse(response, nil)
	if err != nil {
		return nil
	}
	for _, e := range r.Extensions {
		if e.Id.String() != x509read.OIDExtSCTListOCSP.String() {
			continue
		}
		list := cryptobyte.String(e.Value)
		var inner cryptobyte.String
		if wrapped := list; wrapped.ReadASN1(&inner, asn1.OCTET_STRING) && wrapped.Empty() {
			list = inner
		}
		scts, _ := parseSCTList(list)
		return scts
	}
	return nil
}
