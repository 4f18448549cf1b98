package revocation

import (
	"crypto"
	_ "crypto/sha1" // links the hashes of CertID
	_ "crypto/sha256"
	_ "crypto/sha512"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// read reads a SingleResponse (RFC 6960 section 4.2.1).
func (s *Single) read(list *cryptobyte.String) bool {
	var body, id, alg, status, field, extensions cryptobyte.String
	if !list.ReadASN1(&body, asn1.SEQUENCE) || !body.ReadASN1(&id, asn1.SEQUENCE) {
		return false
	}
	if !id.ReadASN1Element(&alg, asn1.SEQUENCE) || !id.ReadASN1((*cryptobyte.String)(&s.IssuerName), asn1.OCTET_STRING) ||
		!id.ReadASN1((*cryptobyte.String)(&s.IssuerKey), asn1.OCTET_STRING) || !id.ReadASN1((*cryptobyte.String)(&s.Serial), asn1.INTEGER) || !id.Empty() {
		return false
	}
	if a, ok := x509read.ParseAlgorithm(alg); ok {
		switch a.OID {
		case x509read.OIDSHA1:
			s.Hash = crypto.SHA1
		case x509read.OIDSHA256:
			s.Hash = crypto.SHA256
		case x509read.OIDSHA384:
			s.Hash = crypto.SHA384
		case x509read.OIDSHA512:
			s.Hash = crypto.SHA512
		}
	}
	var tag asn1.Tag
	if !body.ReadAnyASN1(&status, &tag) {
		return false
	}
	switch tag {
	case asn1.Tag(0).ContextSpecific():
		s.Status = 0
	case asn1.Tag(1).ContextSpecific().Constructed():
		s.Status = 1
		if !s.revokedInfo(status) {
			return false
		}
	case asn1.Tag(2).ContextSpecific():
		s.Status = 2
	default:
		return false
	}
	if !body.ReadASN1GeneralizedTime(&s.ThisUpdate) {
		return false
	}
	var present bool
	if !body.ReadOptionalASN1(&field, &present, asn1.Tag(0).Constructed().ContextSpecific()) ||
		present && !field.ReadASN1GeneralizedTime(&s.NextUpdate) {
		return false
	}
	if !body.ReadOptionalASN1(&extensions, &present, asn1.Tag(1).Constructed().ContextSpecific()) || !body.Empty() {
		return false
	}
	critical, ok := criticalExtensions(extensions, present)
	s.CriticalExtensions = len(critical) > 0
	return ok
}

func (s *Single) revokedInfo(body cryptobyte.String) bool {
	var field cryptobyte.String
	var present bool
	var reason int
	if !body.ReadASN1GeneralizedTime(&s.RevokedAt) || !body.ReadOptionalASN1(&field, &present, asn1.Tag(0).Constructed().ContextSpecific()) {
		return false
	}
	if present && !field.ReadASN1Enum(&reason) {
		return false
	}
	s.Reason = Reason(reason)
	return body.Empty()
}

// criticalExtensions lists the critical ones of an Extensions field inside its
// explicit tag.
func criticalExtensions(wrapped cryptobyte.String, present bool) (critical []x509read.OID, ok bool) {
	if !present {
		return nil, true
	}
	var list cryptobyte.String
	if !wrapped.ReadASN1(&list, asn1.SEQUENCE) {
		return nil, false
	}
	for n := 0; !list.Empty(); n++ {
		oid, isCritical, _, _, ok := readExtension(&list)
		if !ok || n >= maxListExtensions {
			return nil, false
		}
		if isCritical {
			critical = append(critical, oid)
		}
	}
	return critical, true
}
