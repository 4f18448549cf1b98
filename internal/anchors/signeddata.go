package anchors

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// signedContent is the content of a CMS ContentInfo of type signedData (RFC 5652
// section 5.1), in DER or BER, where it carries any: a signed configuration
// profile. The signature and its signer are not looked into, so that a signer
// certificate nobody can parse does not lose the content.
func signedContent(data []byte) (content []byte, ok bool) {
	if load.Recognise(data) != load.Mobileconfig {
		return nil, false
	}
	der, err := pfx.ToDER(data)
	if err != nil {
		return nil, false
	}
	context0 := asn1.Tag(0).ContextSpecific().Constructed()
	s := cryptobyte.String(der)
	var info, oid, body, sd, digests, encap, wrapped, octets cryptobyte.String
	ok = s.ReadASN1(&info, asn1.SEQUENCE) && info.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) &&
		bytes.Equal(oid, []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")) && // 1.2.840.113549.1.7.2
		info.ReadASN1(&body, context0) && body.ReadASN1(&sd, asn1.SEQUENCE) && sd.SkipASN1(asn1.INTEGER) &&
		sd.ReadASN1(&digests, asn1.SET) && sd.ReadASN1(&encap, asn1.SEQUENCE) && encap.SkipASN1(asn1.OBJECT_IDENTIFIER) &&
		encap.ReadASN1(&wrapped, context0) && wrapped.ReadASN1(&octets, asn1.OCTET_STRING)
	return octets, ok
}
