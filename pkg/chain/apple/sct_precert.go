package apple

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

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
