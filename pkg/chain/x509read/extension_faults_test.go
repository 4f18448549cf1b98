package x509read

import (
	"bytes"
	"testing"
)

// one returns a change that adds one non-critical extension with the value.
func one(o OID, value ...[]byte) func(*parts) {
	return func(p *parts) { p.exts = [][]byte{ext(o, nil, value...)} }
}

func boolean(b byte) []byte { return tlv(idBoolean, []byte{b}) }

func TestExtensionListFaults(t *testing.T) {
	ca := ext(OIDExtBasicConstraints, boolean(0xff), seq(boolean(0xff)))
	foreign := mustOID(t, "1.2.3.4")
	many := func(repeat bool) func(*parts) {
		return func(p *parts) {
			for i := range duplicateBySearch + 2 {
				p.exts = append(p.exts, ext(foreign+OID([]byte{byte(i)}), nil))
			}
			if repeat {
				p.exts = append(p.exts, ext(foreign+"\x00", nil))
			}
		}
	}
	runFaults(t, []faultCase{
		{"in version 1", func(p *parts) { p.version = nil; p.exts = [][]byte{ca} }, codes(FaultExtensionsVersion), "extensions", []byte{0xa3}},
		{"empty", func(p *parts) { p.extensions = tlv(0xa3, seq()) }, codes(FaultExtensionsEmpty), "extensions", []byte{0x30, 0}},
		{"not a sequence", func(p *parts) { p.extensions = tlv(0xa3, ints(1)) }, codes(FaultExtensionsSyntax), "extensions", []byte{0xa3}},
		{"breaks off", func(p *parts) { p.extensions = tlv(0xa3, seq([]byte{0x30, 5, 1})) }, codes(FaultExtensionsSyntax), "extensions", []byte{0x30, 5}},
		{"trailing after the list", func(p *parts) { p.extensions = tlv(0xa3, seq(ca), tlv(idNull)) }, codes(FaultTrailingField), "extensions", []byte{5, 0}},
		{"not an extension", func(p *parts) { p.exts = [][]byte{seq(ints(1))} }, codes(FaultExtensionSyntax), "extensions", nil},
		{"without value", func(p *parts) { p.exts = [][]byte{seq(oidTLV(OIDExtKeyUsage))} }, codes(FaultExtensionSyntax), "extensions.keyUsage", nil},
		{"duplicate", func(p *parts) { p.exts = [][]byte{ca, ca} }, codes(FaultExtensionDuplicate), "extensions.basicConstraints", nil},
		{"many", many(false), nil, "", nil},
		{"duplicate among many", many(true), codes(FaultExtensionDuplicate), "extensions.1.2.3.4.0", nil},
		{"critical FALSE", func(p *parts) { p.exts = [][]byte{ext(OIDExtBasicConstraints, boolean(0), seq())} }, codes(FaultCriticalFalseEncoded),
			"extensions.basicConstraints", nil},
		{"critical 1", func(p *parts) { p.exts = [][]byte{ext(foreign, boolean(1))} }, codes(FaultBooleanNotDER), "extensions.1.2.3.4", []byte{1, 1, 1}},
		{"critical empty", func(p *parts) { p.exts = [][]byte{ext(foreign, tlv(idBoolean))} }, codes(FaultExtensionSyntax), "extensions.1.2.3.4", nil},
		{"trailing inside", func(p *parts) {
			p.exts = [][]byte{seq(oidTLV(foreign), tlv(idOctetString), tlv(idNull))}
		}, codes(FaultTrailingExtension), "extensions.1.2.3.4", []byte{5, 0}},
		{"trailing in value", one(OIDExtBasicConstraints, seq(), []byte{5, 0}), codes(FaultTrailingExtension), "extensions.basicConstraints", []byte{5, 0}},
	})
}

func TestUsageFaults(t *testing.T) {
	bits := func(b ...byte) []byte { return tlv(idBitString, b) }
	path := func(b ...byte) []byte { return tlv(idInteger, b) }
	runFaults(t, []faultCase{
		{"keyUsage good", one(OIDExtKeyUsage, bits(7, 0x80)), nil, "", nil},
		{"keyUsage nine bits", one(OIDExtKeyUsage, bits(7, 0x80, 0x80)), nil, "", nil},
		{"keyUsage unused bits set", one(OIDExtKeyUsage, bits(5, 0xa1)), codes(FaultBitsPadding), "extensions.keyUsage", []byte{3, 2, 5}},
		{"keyUsage not bits", one(OIDExtKeyUsage, ints(1)), codes(FaultKeyUsageSyntax), "extensions.keyUsage", []byte{2, 1}},
		{"keyUsage bad unused", one(OIDExtKeyUsage, bits(8, 0x80)), codes(FaultKeyUsageSyntax), "extensions.keyUsage", nil},
		{"keyUsage no octet", one(OIDExtKeyUsage, bits(0)), codes(FaultKeyUsageEmpty, FaultKeyUsageLength), "extensions.keyUsage", nil},
		{"keyUsage zero octet", one(OIDExtKeyUsage, bits(0, 0)), codes(FaultKeyUsageEmpty, FaultKeyUsageNotMinimal), "extensions.keyUsage", nil},
		{"keyUsage three octets", one(OIDExtKeyUsage, bits(0, 0x80, 0, 1)), codes(FaultKeyUsageLength, FaultKeyUsageUnknownBit), "extensions.keyUsage", nil},
		{"keyUsage trailing zeros", one(OIDExtKeyUsage, bits(0, 0x80)), codes(FaultKeyUsageNotMinimal), "extensions.keyUsage", nil},

		{"basicConstraints CA", one(OIDExtBasicConstraints, seq(boolean(0xff), path(0))), nil, "", nil},
		{"basicConstraints not a sequence", one(OIDExtBasicConstraints, boolean(0xff)), codes(FaultBasicConstraintsSyntax), "extensions.basicConstraints", nil},
		{"basicConstraints FALSE", one(OIDExtBasicConstraints, seq(boolean(0))), codes(FaultCAFalseEncoded), "extensions.basicConstraints", []byte{1, 1, 0}},
		{"basicConstraints 1", one(OIDExtBasicConstraints, seq(boolean(1))), codes(FaultBooleanNotDER), "extensions.basicConstraints", []byte{1, 1, 1}},
		{"basicConstraints cA of two octets", one(OIDExtBasicConstraints, seq(tlv(idBoolean, []byte{1, 1}))), codes(FaultBasicConstraintsSyntax),
			"extensions.basicConstraints", nil},
		{"pathLen without CA", one(OIDExtBasicConstraints, seq(path(0))), codes(FaultPathLenWithoutCA), "extensions.basicConstraints", []byte{2, 1, 0}},
		{"pathLen negative", one(OIDExtBasicConstraints, seq(boolean(0xff), path(0xff))), codes(FaultPathLenNegative), "extensions.basicConstraints",
			[]byte{2, 1, 0xff}},
		{"pathLen empty", one(OIDExtBasicConstraints, seq(boolean(0xff), path())), codes(FaultBasicConstraintsSyntax), "extensions.basicConstraints", nil},
		{"basicConstraints trailing", one(OIDExtBasicConstraints, seq(boolean(0xff), path(0), tlv(idNull))), codes(FaultBasicConstraintsSyntax),
			"extensions.basicConstraints", []byte{5, 0}},

		{"extKeyUsage good", one(OIDExtExtKeyUsage, seq(oidTLV(OIDServerAuth))), nil, "", nil},
		{"extKeyUsage empty", one(OIDExtExtKeyUsage, seq()), codes(FaultExtKeyUsageEmpty), "extensions.extKeyUsage", []byte{0x30, 0}},
		{"extKeyUsage integer", one(OIDExtExtKeyUsage, seq(ints(1))), codes(FaultExtKeyUsageSyntax), "extensions.extKeyUsage", []byte{2, 1}},
		{"extKeyUsage twice", one(OIDExtExtKeyUsage, seq(oidTLV(OIDServerAuth), oidTLV(OIDServerAuth))), codes(FaultExtKeyUsageDuplicate),
			"extensions.extKeyUsage", nil},
		{"extKeyUsage bad OID", one(OIDExtExtKeyUsage, seq(tlv(idOID))), codes(FaultOID), "extensions.extKeyUsage", []byte{6, 0}},

		{"SKI not octets", one(OIDExtSubjectKeyID, ints(1)), codes(FaultSubjectKeyIDSyntax), "extensions.subjectKeyIdentifier", nil},
		{"SKI empty", one(OIDExtSubjectKeyID, tlv(idOctetString)), codes(FaultSubjectKeyIDEmpty), "extensions.subjectKeyIdentifier", nil},
		{"AKI good", one(OIDExtAuthorityKeyID, seq(str(0x80, "id"), tlv(0xa1, str(0x82, "a")), ints(1)[:0], tlv(0x82, []byte{1}))), nil, "", nil},
		{"AKI not a sequence", one(OIDExtAuthorityKeyID, str(0x80, "id")), codes(FaultAuthorityKeyIDSyntax), "extensions.authorityKeyIdentifier", nil},
		{"AKI empty", one(OIDExtAuthorityKeyID, seq()), codes(FaultAuthorityKeyIDEmpty), "extensions.authorityKeyIdentifier", nil},
		{"AKI issuer alone", one(OIDExtAuthorityKeyID, seq(str(0x80, "id"), tlv(0xa1, str(0x82, "a")))), codes(FaultAuthorityKeyIDPair),
			"extensions.authorityKeyIdentifier", nil},
		{"AKI serial alone", one(OIDExtAuthorityKeyID, seq(str(0x80, "id"), tlv(0x82, []byte{1}))), codes(FaultAuthorityKeyIDPair),
			"extensions.authorityKeyIdentifier", nil},
		{"AKI foreign element", one(OIDExtAuthorityKeyID, seq(str(0x80, "id"), str(0x83, "x"))), codes(FaultAuthorityKeyIDSyntax),
			"extensions.authorityKeyIdentifier", []byte{0x83}},
	})
}

func TestNameExtensionFaults(t *testing.T) {
	san := func(names ...[]byte) func(*parts) { return one(OIDExtSubjectAltName, seq(names...)) }
	ip := func(n int) []byte { return tlv(0x87, bytes.Repeat([]byte{1}, n)) }
	field := "extensions.subjectAltName"
	permitted := func(tree ...[]byte) func(*parts) {
		return one(OIDExtNameConstraints, seq(tlv(0xa0, seq(tree...))))
	}
	dns := str(0x82, "example.com")
	mask := func(m ...byte) []byte { return tlv(0x87, []byte{10, 0, 0, 0}, m) }
	nc := "extensions.nameConstraints"
	runFaults(t, []faultCase{
		{"good", san(dns, ip(4), ip(16), str(0x81, "a@b"), str(0x86, "https://a/"), tlv(0xa4, seq()),
			tlv(0xa0, oidTLV(OIDOtherNameUPN), tlv(0xa0, str(12, "a"))), tlv(0x88, []byte(OIDApple)), tlv(0xa5)), nil, "", nil},
		{"not a sequence", one(OIDExtSubjectAltName, dns), codes(FaultAltNameSyntax), field, nil},
		{"empty", san(), codes(FaultAltNameEmpty), field, []byte{0x30, 0}},
		{"empty issuerAltName", one(OIDExtIssuerAltName, seq()), codes(FaultAltNameEmpty), "extensions.issuerAltName", nil},
		{"breaks off", san([]byte{0x82, 9, 'a'}), codes(FaultGeneralNameSyntax, FaultAltNameSyntax), field, []byte{0x82, 9}},
		{"tag 9", san(str(0x89, "a")), codes(FaultGeneralNameTag), field, []byte{0x89}},
		{"universal tag", san(str(12, "a")), codes(FaultGeneralNameTag), field, []byte{12}},
		{"IP of 5", san(ip(5)), codes(FaultGeneralNameIPLength), field, []byte{0x87, 5}},
		{"IP of 8", san(ip(8)), codes(FaultGeneralNameIPLength), field, nil},
		{"not ASCII", san(str(0x82, "bücher.example")), codes(FaultGeneralNameString), field, nil},
		{"empty DNS name", san(str(0x82, "")), codes(FaultGeneralNameEmpty), field, nil},
		{"relative URI", san(str(0x86, "/a")), codes(FaultGeneralNameURI), field, nil},
		{"URI with bad port", san(str(0x86, "http://a:b")), codes(FaultGeneralNameURI), field, nil},
		{"directoryName empty", san(tlv(0xa4)), codes(FaultGeneralNameSyntax), field, nil},
		{"directoryName bad", san(tlv(0xa4, ints(1))), codes(FaultNameSyntax), field, nil},
		{"directoryName trailing", san(tlv(0xa4, seq(), tlv(idNull))), codes(FaultTrailingField), field, nil},
		{"otherName bad", san(tlv(0xa0, ints(1))), codes(FaultGeneralNameSyntax), field, nil},
		{"registeredID bad", san(tlv(0x88, []byte{0x80})), codes(FaultOID), field, nil},
		{"x400 primitive", san(tlv(0x83)), codes(FaultGeneralNameSyntax), field, nil},

		{"constraint good", permitted(dns), nil, "", nil},
		{"constraint everything", permitted(str(0x82, "")), nil, "", nil},
		{"constraint mask", permitted(mask(255, 255, 254, 0)), nil, "", nil},
		{"constraint mask with hole", permitted(mask(255, 0, 255, 0)), codes(FaultSubtreeIPMask), nc, []byte{0x87, 8}},
		{"constraint mask with hole in octet", permitted(mask(255, 0xfd, 0, 0)), codes(FaultSubtreeIPMask), nc, nil},
		{"constraint IP of 4", permitted(ip(4)), codes(FaultSubtreeIPLength), nc, []byte{0x87, 4}},
		{"constraints not a sequence", one(OIDExtNameConstraints, ints(1)), codes(FaultNameConstraintsSyntax), nc, nil},
		{"constraints empty", one(OIDExtNameConstraints, seq()), codes(FaultNameConstraintsEmpty), nc, nil},
		{"constraints empty list", one(OIDExtNameConstraints, seq(tlv(0xa1))), codes(FaultNameConstraintsEmpty), nc, []byte{0xa1, 0}},
		{"constraints foreign element", one(OIDExtNameConstraints, seq(tlv(0xa0, seq(dns)), tlv(0xa2))), codes(FaultNameConstraintsSyntax), nc, []byte{0xa2}},
		{"subtree without base", permitted(), codes(FaultNameConstraintsSyntax), nc, nil},
		{"minimum 0", permitted(dns, tlv(0x80, []byte{0})), codes(FaultSubtreeMinimumEncoded), nc, []byte{0x80, 1, 0}},
		{"minimum 1", permitted(dns, tlv(0x80, []byte{1})), codes(FaultSubtreeMinimum), nc, []byte{0x80, 1, 1}},
		{"minimum negative", permitted(dns, tlv(0x80, []byte{0xff})), codes(FaultNameConstraintsSyntax), nc, nil},
		{"maximum", permitted(dns, tlv(0x81, []byte{3})), codes(FaultSubtreeMaximum), nc, []byte{0x81, 1, 3}},
		{"maximum empty", permitted(dns, tlv(0x81)), codes(FaultNameConstraintsSyntax), nc, nil},
		{"subtree trailing", permitted(dns, tlv(0x82)), codes(FaultNameConstraintsSyntax), nc, []byte{0x82}},
	})
}

func TestPolicyFaults(t *testing.T) {
	info := func(o OID, more ...[]byte) []byte { return seq(append([][]byte{oidTLV(o)}, more...)...) }
	policies := func(p ...[]byte) func(*parts) { return one(OIDExtCertificatePolicies, seq(p...)) }
	mappings := func(p ...[]byte) func(*parts) { return one(OIDExtPolicyMappings, seq(p...)) }
	constraints := func(p ...[]byte) func(*parts) { return one(OIDExtPolicyConstraints, seq(p...)) }
	a, b := OIDPolicyDomainValidated, OIDPolicyOrganizationValidated
	var many, manyRepeated [][]byte
	for i := range duplicateBySearch + 2 {
		many = append(many, info(a+OID([]byte{byte(i)})))
	}
	manyRepeated = append(many[:len(many):len(many)], info(a+"\x00"))
	cp, pm, pc := "extensions.certificatePolicies", "extensions.policyMappings", "extensions.policyConstraints"
	runFaults(t, []faultCase{
		{"policies good", policies(info(a), info(b, seq())), nil, "", nil},
		{"policies many", policies(many...), nil, "", nil},
		{"policies many, one twice", policies(manyRepeated...), codes(FaultPolicyDuplicate), cp, nil},
		{"policies not a sequence", one(OIDExtCertificatePolicies, ints(1)), codes(FaultPoliciesSyntax), cp, nil},
		{"policies empty", policies(), codes(FaultPoliciesEmpty), cp, []byte{0x30, 0}},
		{"policy twice", policies(info(a), info(a)), codes(FaultPolicyDuplicate), cp, nil},
		{"policy without OID", policies(seq()), codes(FaultPoliciesSyntax), cp, nil},
		{"policy with bad qualifiers", policies(info(a, ints(1))), codes(FaultPoliciesSyntax), cp, nil},
		{"mappings good", mappings(seq(oidTLV(a), oidTLV(b))), nil, "", nil},
		{"mappings empty", mappings(), codes(FaultPolicyMappingsEmpty), pm, nil},
		{"mappings not a sequence", one(OIDExtPolicyMappings, ints(1)), codes(FaultPolicyMappingsSyntax), pm, nil},
		{"mapping half", mappings(seq(oidTLV(a))), codes(FaultPolicyMappingsSyntax), pm, nil},
		{"mapping from any", mappings(seq(oidTLV(OIDAnyPolicy), oidTLV(b))), codes(FaultPolicyMappingAny), pm, nil},
		{"mapping to any", mappings(seq(oidTLV(a), oidTLV(OIDAnyPolicy))), codes(FaultPolicyMappingAny), pm, nil},
		{"constraints good", constraints(tlv(0x80, []byte{0}), tlv(0x81, []byte{1})), nil, "", nil},
		{"constraints empty", constraints(), codes(FaultPolicyConstraintsEmpty), pc, nil},
		{"constraints not a sequence", one(OIDExtPolicyConstraints, ints(1)), codes(FaultPolicyConstraintsSyntax), pc, nil},
		{"constraints negative", constraints(tlv(0x80, []byte{0xff})), codes(FaultPolicyConstraintsSyntax), pc, nil},
		{"constraints foreign element", constraints(tlv(0x82, []byte{1})), codes(FaultPolicyConstraintsSyntax), pc, nil},
		{"inhibitAnyPolicy good", one(OIDExtInhibitAnyPolicy, ints(0)), nil, "", nil},
		{"inhibitAnyPolicy negative", one(OIDExtInhibitAnyPolicy, ints(0xff)), codes(FaultInhibitAnyPolicySyntax), "extensions.inhibitAnyPolicy", nil},
		{"inhibitAnyPolicy not an integer", one(OIDExtInhibitAnyPolicy, tlv(idNull)), codes(FaultInhibitAnyPolicySyntax), "extensions.inhibitAnyPolicy", nil},
	})
}

func TestLocationFaults(t *testing.T) {
	uri := str(0x86, "http://ca.example.com/1.crl")
	full := tlv(0xa0, tlv(0xa0, uri))
	relative := tlv(0xa0, tlv(0xa1, seq(oidTLV(OIDCommonName), str(TagUTF8String, "1"))))
	points := func(p ...[]byte) func(*parts) { return one(OIDExtCRLDistributionPoints, seq(p...)) }
	access := func(p ...[]byte) func(*parts) { return one(OIDExtAuthorityInfoAccess, seq(p...)) }
	dp, aia := "extensions.cRLDistributionPoints", "extensions.authorityInfoAccess"
	directory := tlv(0xa4, seq())
	runFaults(t, []faultCase{
		{"points good", points(seq(full), seq(relative), seq(tlv(0x81, []byte{1, 6}), tlv(0xa2, directory))), nil, "", nil},
		{"points empty", points(), codes(FaultDistributionEmpty), dp, nil},
		{"freshestCRL empty", one(OIDExtFreshestCRL, seq()), codes(FaultDistributionEmpty), "extensions.freshestCRL", nil},
		{"points not a sequence", one(OIDExtCRLDistributionPoints, ints(1)), codes(FaultDistributionSyntax), dp, nil},
		{"point not a sequence", points(ints(1)), codes(FaultDistributionSyntax), dp, nil},
		{"point empty", points(seq()), codes(FaultDistributionNoTarget), dp, []byte{0x30, 0}},
		{"point with reasons alone", points(seq(tlv(0x81, []byte{1, 6}))), codes(FaultDistributionNoTarget), dp, nil},
		{"point with bad reasons", points(seq(full, tlv(0x81))), codes(FaultDistributionReasons), dp, []byte{0x81, 0}},
		{"point name of no kind", points(seq(tlv(0xa0, ints(1)))), codes(FaultDistributionSyntax), dp, nil},
		{"point foreign element", points(seq(full, tlv(0xa3))), codes(FaultDistributionSyntax), dp, []byte{0xa3}},
		{"access good", access(seq(oidTLV(OIDAccessOCSP), uri), seq(oidTLV(OIDAccessCARepository), directory)), nil, "", nil},
		{"access empty", access(), codes(FaultAuthorityInfoEmpty), aia, nil},
		{"access not a sequence", one(OIDExtAuthorityInfoAccess, ints(1)), codes(FaultAuthorityInfoSyntax), aia, nil},
		{"access without location", access(seq(oidTLV(OIDAccessOCSP))), codes(FaultAuthorityInfoSyntax), aia, nil},
		{"OCSP at a directory", access(seq(oidTLV(OIDAccessOCSP), directory)), codes(FaultAuthorityInfoLocation), aia, []byte{0xa4}},
		{"caIssuers at a DNS name", access(seq(oidTLV(OIDAccessCAIssuers), str(0x82, "a"))), codes(FaultAuthorityInfoLocation), aia, []byte{0x82}},

		{"tlsFeature good", one(OIDExtTLSFeature, seq(ints(5))), nil, "", nil},
		{"tlsFeature bad", one(OIDExtTLSFeature, seq(tlv(idNull))), codes(FaultTLSFeatureSyntax), "extensions.tlsFeature", nil},
		{"tlsFeature not a sequence", one(OIDExtTLSFeature, ints(5)), codes(FaultTLSFeatureSyntax), "extensions.tlsFeature", nil},
		{"SCT list bad", one(OIDExtSCTList, []byte{0, 1}), codes(FaultSCTListSyntax), "extensions.signedCertificateTimestampList", nil},
		{"poison good", one(OIDExtCTPoison, tlv(idNull)), nil, "", nil},
		{"poison bad", one(OIDExtCTPoison, tlv(idNull, []byte{0})), codes(FaultCTPoisonSyntax), "extensions.ctPoison", nil},
		{"poison not NULL", one(OIDExtCTPoison, ints(1)), codes(FaultCTPoisonSyntax), "extensions.ctPoison", nil},
		{"qcStatements good", one(OIDExtQCStatements, seq(seq(oidTLV(OIDApple)), seq(oidTLV(OIDApple), ints(1)))), nil, "", nil},
		{"qcStatements bad", one(OIDExtQCStatements, seq(seq(ints(1)))), codes(FaultQCStatementsSyntax), "extensions.qcStatements", nil},
		{"qcStatements too long", one(OIDExtQCStatements, seq(seq(oidTLV(OIDApple), ints(1), ints(1)))), codes(FaultQCStatementsSyntax),
			"extensions.qcStatements", nil},
		{"qcStatements not a sequence", one(OIDExtQCStatements, ints(1)), codes(FaultQCStatementsSyntax), "extensions.qcStatements", nil},
	})
}
