package revocation

import (
	"crypto"
	_ "crypto/sha1" // links the hashes of CertID
	_ "crypto/sha256"
	_ "crypto/sha512"
	"errors"
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// OCSP is a basic OCSP response as read from its DER (RFC 6960 section 4.2).
type OCSP struct {
	Signed       []byte // ResponseData, tag and length included
	Algorithm    x509read.Algorithm
	Signature    []byte
	ResponderKey []byte         // SHA-1 of the responder's key, or nil
	Responder    *x509read.Name // or its name
	Produced     time.Time
	Singles      []Single
	Certificates []*x509read.Certificate
	Critical     []x509read.OID // critical extensions; none is processed
}

// Single is the answer about one certificate.
type Single struct {
	Hash               crypto.Hash // of the two hashes; 0: not known
	IssuerName         []byte
	IssuerKey          []byte
	Serial             []byte
	Status             int // 0 good, 1 revoked, 2 unknown
	RevokedAt          time.Time
	Reason             Reason
	ThisUpdate         time.Time
	NextUpdate         time.Time // zero: absent
	CriticalExtensions bool
}

// The bounds on one response; honest ones have one answer and one certificate.
const (
	maxSingles      = 64
	maxCertificates = 8
)

var errOCSP = errors.New("not an OCSP response")

// responseStatus names an OCSPResponseStatus other than successful (RFC 6960
// section 4.2.1).
func responseStatus(n int) string {
	switch n {
	case 1:
		return "malformedRequest"
	case 2:
		return "internalError"
	case 3:
		return "tryLater"
	case 5:
		return "sigRequired"
	case 6:
		return "unauthorized"
	}
	return fmt.Sprintf("status %d", n)
}

// ParseOCSP reads an OCSP response; the error says what it is instead of a basic
// response with answers.
func ParseOCSP(der []byte) (*OCSP, error) {
	in := cryptobyte.String(der)
	var outer, wrapped, bytesField, id, basic cryptobyte.String
	var status int
	if !in.ReadASN1(&outer, asn1.SEQUENCE) || !in.Empty() || !outer.ReadASN1Enum(&status) {
		return nil, errOCSP
	}
	if status != 0 {
		return nil, fmt.Errorf("the responder answered %s", responseStatus(status))
	}
	explicit := asn1.Tag(0).Constructed().ContextSpecific()
	if !outer.ReadASN1(&wrapped, explicit) || !wrapped.ReadASN1(&bytesField, asn1.SEQUENCE) ||
		!bytesField.ReadASN1(&id, asn1.OBJECT_IDENTIFIER) || !bytesField.ReadASN1(&basic, asn1.OCTET_STRING) {
		return nil, errOCSP
	}
	if x509read.OID(id) != x509read.OIDOCSPBasicResponse {
		return nil, fmt.Errorf("the response has the type %s, a basic one is wanted", x509read.OID(id))
	}
	o := new(OCSP)
	var body, alg, bits, certs cryptobyte.String
	var unused uint8
	var present bool
	if !basic.ReadASN1(&body, asn1.SEQUENCE) || !body.ReadASN1Element((*cryptobyte.String)(&o.Signed), asn1.SEQUENCE) ||
		!body.ReadASN1Element(&alg, asn1.SEQUENCE) || !body.ReadASN1(&bits, asn1.BIT_STRING) || !bits.ReadUint8(&unused) || unused != 0 ||
		!body.ReadOptionalASN1(&certs, &present, explicit) {
		return nil, errOCSP
	}
	o.Signature = bits
	o.Algorithm, _ = x509read.ParseAlgorithm(alg)
	var list cryptobyte.String
	if present && !certs.ReadASN1(&list, asn1.SEQUENCE) {
		return nil, errOCSP
	}
	for !list.Empty() && len(o.Certificates) < maxCertificates {
		var one cryptobyte.String
		if !list.ReadASN1Element(&one, asn1.SEQUENCE) {
			return nil, errOCSP
		}
		if c, err := x509read.Parse(one); err == nil {
			o.Certificates = append(o.Certificates, c)
		}
	}
	return o, o.data(o.Signed)
}

// data reads ResponseData.
func (o *OCSP) data(signed cryptobyte.String) error {
	var body, field, inner, singles cryptobyte.String
	byName, byKey := asn1.Tag(1).Constructed().ContextSpecific(), asn1.Tag(2).Constructed().ContextSpecific()
	if !signed.ReadASN1(&body, asn1.SEQUENCE) || !body.SkipOptionalASN1(asn1.Tag(0).Constructed().ContextSpecific()) {
		return errOCSP
	}
	switch {
	case body.PeekASN1Tag(byName):
		if !body.ReadASN1(&field, byName) {
			return errOCSP
		}
		name, _ := x509read.ParseName(field)
		o.Responder = &name
	case body.PeekASN1Tag(byKey):
		if !body.ReadASN1(&field, byKey) || !field.ReadASN1(&inner, asn1.OCTET_STRING) {
			return errOCSP
		}
		o.ResponderKey = inner
	default:
		return fmt.Errorf("%w: it names no responder", errOCSP)
	}
	if !body.ReadASN1GeneralizedTime(&o.Produced) || !body.ReadASN1(&singles, asn1.SEQUENCE) {
		return errOCSP
	}
	for !singles.Empty() {
		var s Single
		if len(o.Singles) >= maxSingles || !s.read(&singles) {
			return fmt.Errorf("%w: answer %d does not decode", errOCSP, len(o.Singles)+1)
		}
		o.Singles = append(o.Singles, s)
	}
	var present bool
	if !body.ReadOptionalASN1(&field, &present, byName) { // [1] responseExtensions
		return errOCSP
	}
	critical, ok := criticalExtensions(field, present)
	if !ok {
		return errOCSP
	}
	o.Critical = critical
	return nil
}

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
