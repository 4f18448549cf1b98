package x509read

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"math/big"
	"slices"
	"testing"
)

func TestParseBrokenStructure(t *testing.T) {
	good := goodParts(t).der()
	with := func(change func(*parts)) []byte {
		p := goodParts(t)
		change(p)
		return p.der()
	}
	subject := goodParts(t).subject
	upToSubject := bytes.LastIndex(good, subject) + len(subject)
	for _, tc := range []struct {
		name    string
		der     []byte
		field   string
		code    FaultCode
		subject bool // the subject is read all the same
		key     bool // and the public key
	}{
		{"not DER", []byte("hello"), "certificate", FaultStructure, false, false},
		{"one octet", []byte{0x30}, "certificate", FaultStructure, false, false},
		{"an integer", ints(1), "certificate", FaultStructure, false, false},
		{"empty sequence", seq(), "tbsCertificate", FaultStructure, false, false},
		{"tbs an integer", seq(ints(1)), "tbsCertificate", FaultStructure, false, false},
		{"tbs empty", seq(seq()), "serialNumber", FaultStructure, false, false},
		{"cut off in the signature", good[:len(good)-3], "certificate", FaultTruncated, true, true},
		{"cut off after the subject", good[:upToSubject], "certificate", FaultTruncated, true, false},
		{"cut off in the subject", good[:upToSubject-1], "certificate", FaultTruncated, false, false},
		{"serial absent", with(func(p *parts) { p.serial = nil }), "serialNumber", FaultStructure, true, true},
		{"serial a string", with(func(p *parts) { p.serial = str(TagUTF8String, "1") }), "serialNumber", FaultStructure, true, true},
		{"issuer a set", with(func(p *parts) { p.issuer = tlv(idSet) }), "issuer", FaultStructure, true, true},
		{"key absent", with(func(p *parts) { p.spki = nil }), "subjectPublicKeyInfo", FaultStructure, true, false},
		{"signature absent", with(func(p *parts) { p.signature = nil }), "signatureValue", FaultStructure, true, true},
		{"signature octets", with(func(p *parts) { p.signature = tlv(idOctetString) }), "signatureValue", FaultStructure, true, true},
		{"outer algorithm absent", with(func(p *parts) { p.outer = nil }), "signatureAlgorithm", FaultStructure, true, true},
		{"indefinite without end", []byte{0x30, 0x80, 0x30, 0x80}, "certificate", FaultStructure, false, false},
		{"indefinite, deep", bytes.Repeat([]byte{0x30, 0x80}, 5000), "certificate", FaultStructure, false, false},
		{"length of nine octets", append([]byte{0x30, 0x89}, bytes.Repeat([]byte{0xff}, 20)...), "certificate", FaultStructure, false, false},
	} {
		c, err := Parse(tc.der)
		var read *ReadError
		if !errors.As(err, &read) {
			t.Errorf("%s: error %v", tc.name, err)
			continue
		}
		if read.Field != tc.field || read.Message == "" {
			t.Errorf("%s: %v, want field %s", tc.name, err, tc.field)
		}
		if c == nil || c.SHA256 != sha256.Sum256(c.Raw) || len(c.Raw) == 0 {
			t.Fatalf("%s: no certificate, or another hash", tc.name)
		}
		if !c.HasFault(tc.code) {
			t.Errorf("%s: no fault %s: %+v", tc.name, tc.code, c.Faults)
		}
		if (c.Subject.CommonName() == "Example") != tc.subject || (c.PublicKey.Type == ECDSA) != tc.key {
			t.Errorf("%s: subject %s, key %s", tc.name, c.Subject, c.PublicKey.Type)
		}
	}
}

// A certificate written with indefinite lengths is read, and says so.
func TestParseIndefiniteCertificate(t *testing.T) {
	p := goodParts(t)
	tbs := p.tbs()
	body := append(append(tbs, p.outer...), p.signature...)
	der := append(append([]byte{0x30, 0x80}, body...), 0, 0)
	c, err := Parse(append(der, 'x'))
	if err != nil || !c.HasFault(FaultLengthIndefinite) || !c.HasFault(FaultTrailingData) {
		t.Fatalf("%v, %+v", err, c.Faults)
	}
	if !bytes.Equal(c.Raw, der) || !bytes.Equal(c.RawTBS, p.tbs()) || c.Subject.CommonName() != "Example" {
		t.Errorf("raw %x, subject %s", c.Raw, c.Subject)
	}
}

// A hostile certificate cannot make the list of faults longer than the bound,
// nor hide a fault of another kind behind many of one.
func TestParseBoundsFaults(t *testing.T) {
	p := goodParts(t)
	for range 2000 {
		p.exts = append(p.exts, ext(OIDExtKeyUsage, boolean(0)))
	}
	p.exts = append(p.exts, ext(OIDExtSubjectAltName, nil, seq()))
	c, err := Parse(p.der())
	if err != nil || len(c.Extensions) != 2001 {
		t.Fatalf("%v, %d extensions", err, len(c.Extensions))
	}
	if len(c.Faults) > 4*maxFaultsPerCode || !c.HasFault(FaultAltNameEmpty) || !c.HasFault(FaultExtensionDuplicate) {
		t.Errorf("%d faults", len(c.Faults))
	}
}

func TestParseValues(t *testing.T) {
	der := leafDER(t, "ECDSA")
	c, err := Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	want, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, c, want)
	if c.PublicKey.SHA256 != sha256.Sum256(want.RawSubjectPublicKeyInfo) || c.SHA256 != sha256.Sum256(der) {
		t.Error("a hash differs")
	}
	if new(big.Int).SetBytes(c.Serial).Cmp(want.SerialNumber) != 0 {
		t.Errorf("serial %x", c.Serial)
	}
	if !slices.Equal(c.ExtKeyUsage, []OID{OIDServerAuth, OIDClientAuth}) {
		t.Errorf("key purposes %v", c.ExtKeyUsage)
	}
	if len(c.AuthorityInfo) != 2 || c.AuthorityInfo[0].Method != OIDAccessOCSP || c.AuthorityInfo[1].Location.Text() != want.IssuingCertificateURL[0] {
		t.Errorf("access %+v", c.AuthorityInfo)
	}
	if len(c.CRLDistribution) != 1 || c.CRLDistribution[0].FullName[0].Text() != want.CRLDistributionPoints[0] {
		t.Errorf("distribution %+v", c.CRLDistribution)
	}
	if len(c.SCTList) != 242 || len(c.Policies) != 1 || c.Policies[0].OID != OIDPolicyOrganizationValidated {
		t.Errorf("SCTs %d, policies %v", len(c.SCTList), c.Policies)
	}
	if c.Extension(OIDExtSubjectAltName) == nil || c.Extension(OIDExtCTPoison) != nil || c.HasFault(FaultSerialZero) {
		t.Error("Extension or HasFault answers wrong")
	}
}

func TestParseExtensionValues(t *testing.T) {
	p := goodParts(t)
	name := seq(rdn(OIDCommonName, TagUTF8String, "CA"))
	a, b := OIDPolicyDomainValidated, OIDPolicyExtendedValidation
	p.exts = [][]byte{
		ext(OIDExtKeyUsage, boolean(0xff), tlv(idBitString, []byte{7, 0x06, 0x80})),
		ext(OIDExtBasicConstraints, boolean(0xff), seq(boolean(0xff), ints(3))),
		ext(OIDExtSubjectAltName, nil, seq(tlv(0xa4, name), tlv(0xa0, oidTLV(OIDOtherNameUPN), tlv(0xa0, str(12, "a@b"))))),
		ext(OIDExtNameConstraints, boolean(0xff),
			seq(tlv(0xa0, seq(str(0x82, "example.com"))), tlv(0xa1, seq(tlv(0x87, make([]byte, 8)), tlv(0x80, []byte{2}), tlv(0x81, []byte{5}))))),
		ext(OIDExtAuthorityKeyID, nil, seq(str(0x80, "id"), tlv(0xa1, tlv(0xa4, name)), tlv(0x82, []byte{1, 2}))),
		ext(OIDExtPolicyMappings, nil, seq(seq(oidTLV(a), oidTLV(b)))),
		ext(OIDExtPolicyConstraints, nil, seq(tlv(0x81, []byte{4}))),
		ext(OIDExtInhibitAnyPolicy, nil, ints(7)),
		ext(OIDExtCRLDistributionPoints, nil,
			seq(seq(tlv(0xa0, tlv(0xa1, seq(oidTLV(OIDCommonName), str(12, "1")))), tlv(0x81, []byte{5, 0x60}), tlv(0xa2, tlv(0xa4, name))))),
		ext(OIDExtFreshestCRL, nil, seq(seq(tlv(0xa0, tlv(0xa0, str(0x86, "http://a/")))))),
		ext(OIDExtTLSFeature, nil, seq(ints(5), ints(17))),
		ext(OIDExtCTPoison, boolean(0xff), tlv(idNull)),
	}
	c, err := Parse(p.der())
	if err != nil {
		t.Fatal(err)
	}
	if k := c.KeyUsage; k == nil || k.Bits != KeyCertSign|CRLSign|DecipherOnly || !k.Critical || k.Empty {
		t.Errorf("keyUsage %+v", k)
	}
	if v := c.BasicConstraints; v == nil || *v != (BasicConstraints{true, 3, true}) {
		t.Errorf("basicConstraints %+v", v)
	}
	san := c.SubjectAltName
	if len(san) != 2 || san[0].Name == nil || san[0].Name.CommonName() != "CA" || san[1].OtherName != OIDOtherNameUPN ||
		!bytes.Equal(san[1].OtherValue, str(12, "a@b")) {
		t.Errorf("subjectAltName %+v", san)
	}
	if n := c.NameConstraints; n == nil || !n.Critical || len(n.Permitted) != 1 || n.Permitted[0].Maximum != -1 ||
		n.Permitted[0].Base.Text() != "example.com" ||
		len(n.Excluded) != 1 || n.Excluded[0].Minimum != 2 || n.Excluded[0].Maximum != 5 || n.Excluded[0].Base.Tag != TagIP {
		t.Errorf("nameConstraints %+v", n)
	}
	if k := c.AuthorityKeyID; k == nil || string(k.KeyID) != "id" || k.Issuer[0].Name.CommonName() != "CA" || !bytes.Equal(k.Serial, []byte{1, 2}) {
		t.Errorf("authorityKeyIdentifier %+v", k)
	}
	if !slices.Equal(c.PolicyMappings, []PolicyMapping{{a, b}}) || *c.PolicyConstraints != (PolicyConstraints{-1, 4}) || *c.InhibitAnyPolicy != 7 {
		t.Errorf("%v, %v, %v", c.PolicyMappings, c.PolicyConstraints, c.InhibitAnyPolicy)
	}
	d := c.CRLDistribution
	if len(d) != 1 || d[0].FullName != nil || d[0].RelativeName[0].Text != "1" || !d[0].HasReasons || d[0].Reasons != 1<<1|1<<2 ||
		d[0].CRLIssuer[0].Name.CommonName() != "CA" {
		t.Errorf("cRLDistributionPoints %+v", d)
	}
	if len(c.FreshestCRL) != 1 || c.FreshestCRL[0].FullName[0].Text() != "http://a/" || c.FreshestCRL[0].HasReasons {
		t.Errorf("freshestCRL %+v", c.FreshestCRL)
	}
	if !slices.Equal(c.TLSFeatures, []int{5, 17}) || !c.CTPoison {
		t.Errorf("tlsFeature %v, poison %v", c.TLSFeatures, c.CTPoison)
	}

	points, _, ok := ParseDistributionPoints(c.Extension(OIDExtCRLDistributionPoints).Value)
	if !ok || len(points) != 1 {
		t.Errorf("ParseDistributionPoints: %v %v", points, ok)
	}
	if _, _, ok := ParseDistributionPoints(ints(1)); ok {
		t.Error("ParseDistributionPoints reads an integer")
	}
	full, relative, ok := ParseDistributionPointName(tlv(0xa0, tlv(0xa0, str(0x86, "http://a/"))))
	if !ok || relative != nil || full[0].Text() != "http://a/" {
		t.Errorf("ParseDistributionPointName: %v %v %v", full, relative, ok)
	}
	if _, _, ok := ParseDistributionPointName(nil); ok {
		t.Error("ParseDistributionPointName reads nothing")
	}
	names, _, ok := ParseGeneralNames(seq(str(0x82, "a")))
	if !ok || len(names) != 1 {
		t.Errorf("ParseGeneralNames: %v %v", names, ok)
	}
	if _, _, ok := ParseGeneralNames([]byte{0x30, 9}); ok {
		t.Error("ParseGeneralNames reads beyond the end")
	}
}
