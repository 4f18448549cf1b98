package x509read

// Certificate, CRL and OCSP extensions: RFC 5280 sections 4.2 and 5.2, RFC 6962,
// RFC 7633, RFC 6960 and the ones vendors add.
const (
	OIDExtSubjectDirectoryAttributes OID = "\x55\x1d\x09"                             // 2.5.29.9
	OIDExtSubjectKeyID               OID = "\x55\x1d\x0e"                             // 2.5.29.14
	OIDExtKeyUsage                   OID = "\x55\x1d\x0f"                             // 2.5.29.15
	OIDExtPrivateKeyUsagePeriod      OID = "\x55\x1d\x10"                             // 2.5.29.16
	OIDExtSubjectAltName             OID = "\x55\x1d\x11"                             // 2.5.29.17
	OIDExtIssuerAltName              OID = "\x55\x1d\x12"                             // 2.5.29.18
	OIDExtBasicConstraints           OID = "\x55\x1d\x13"                             // 2.5.29.19
	OIDExtCRLNumber                  OID = "\x55\x1d\x14"                             // 2.5.29.20
	OIDExtReasonCode                 OID = "\x55\x1d\x15"                             // 2.5.29.21
	OIDExtInvalidityDate             OID = "\x55\x1d\x18"                             // 2.5.29.24
	OIDExtDeltaCRLIndicator          OID = "\x55\x1d\x1b"                             // 2.5.29.27
	OIDExtIssuingDistributionPoint   OID = "\x55\x1d\x1c"                             // 2.5.29.28
	OIDExtCertificateIssuer          OID = "\x55\x1d\x1d"                             // 2.5.29.29
	OIDExtNameConstraints            OID = "\x55\x1d\x1e"                             // 2.5.29.30
	OIDExtCRLDistributionPoints      OID = "\x55\x1d\x1f"                             // 2.5.29.31
	OIDExtCertificatePolicies        OID = "\x55\x1d\x20"                             // 2.5.29.32
	OIDExtPolicyMappings             OID = "\x55\x1d\x21"                             // 2.5.29.33
	OIDExtAuthorityKeyID             OID = "\x55\x1d\x23"                             // 2.5.29.35
	OIDExtPolicyConstraints          OID = "\x55\x1d\x24"                             // 2.5.29.36
	OIDExtExtKeyUsage                OID = "\x55\x1d\x25"                             // 2.5.29.37
	OIDExtFreshestCRL                OID = "\x55\x1d\x2e"                             // 2.5.29.46
	OIDExtInhibitAnyPolicy           OID = "\x55\x1d\x36"                             // 2.5.29.54
	OIDExtAuthorityInfoAccess        OID = "\x2b\x06\x01\x05\x05\x07\x01\x01"         // 1.3.6.1.5.5.7.1.1
	OIDExtQCStatements               OID = "\x2b\x06\x01\x05\x05\x07\x01\x03"         // 1.3.6.1.5.5.7.1.3
	OIDExtSubjectInfoAccess          OID = "\x2b\x06\x01\x05\x05\x07\x01\x0b"         // 1.3.6.1.5.5.7.1.11
	OIDExtLogotype                   OID = "\x2b\x06\x01\x05\x05\x07\x01\x0c"         // 1.3.6.1.5.5.7.1.12
	OIDExtTLSFeature                 OID = "\x2b\x06\x01\x05\x05\x07\x01\x18"         // 1.3.6.1.5.5.7.1.24
	OIDExtOCSPNoCheck                OID = "\x2b\x06\x01\x05\x05\x07\x30\x01\x05"     // 1.3.6.1.5.5.7.48.1.5
	OIDExtOCSPNonce                  OID = "\x2b\x06\x01\x05\x05\x07\x30\x01\x02"     // 1.3.6.1.5.5.7.48.1.2
	OIDExtSCTList                    OID = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02" // 1.3.6.1.4.1.11129.2.4.2
	OIDExtCTPoison                   OID = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03" // 1.3.6.1.4.1.11129.2.4.3
	OIDExtSCTListOCSP                OID = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x05" // 1.3.6.1.4.1.11129.2.4.5
	OIDExtDelegationUsage            OID = "\x2b\x06\x01\x04\x01\x82\xda\x4b\x2c"     // 1.3.6.1.4.1.44363.44
	OIDExtMSCertificateTemplateName  OID = "\x2b\x06\x01\x04\x01\x82\x37\x14\x02"     // 1.3.6.1.4.1.311.20.2
	OIDExtMSCertificateTemplate      OID = "\x2b\x06\x01\x04\x01\x82\x37\x15\x07"     // 1.3.6.1.4.1.311.21.7
	OIDExtMSApplicationPolicies      OID = "\x2b\x06\x01\x04\x01\x82\x37\x15\x0a"     // 1.3.6.1.4.1.311.21.10
	OIDExtMSCAVersion                OID = "\x2b\x06\x01\x04\x01\x82\x37\x15\x01"     // 1.3.6.1.4.1.311.21.1
	OIDExtMSNTDSCASecurity           OID = "\x2b\x06\x01\x04\x01\x82\x37\x19\x02"     // 1.3.6.1.4.1.311.25.2
	OIDExtNetscapeCertType           OID = "\x60\x86\x48\x01\x86\xf8\x42\x01\x01"     // 2.16.840.1.113730.1.1
	OIDExtNetscapeComment            OID = "\x60\x86\x48\x01\x86\xf8\x42\x01\x0d"     // 2.16.840.1.113730.1.13
	OIDExtEntrustVersion             OID = "\x2a\x86\x48\x86\xf6\x7d\x07\x41\x00"     // 1.2.840.113533.7.65.0
)

// extensionName returns the extension's name in the words of its specification, or "".
func extensionName(oid OID) string {
	switch oid {
	case OIDExtSubjectDirectoryAttributes:
		return "subjectDirectoryAttributes"
	case OIDExtSubjectKeyID:
		return "subjectKeyIdentifier"
	case OIDExtKeyUsage:
		return "keyUsage"
	case OIDExtPrivateKeyUsagePeriod:
		return "privateKeyUsagePeriod"
	case OIDExtSubjectAltName:
		return "subjectAltName"
	case OIDExtIssuerAltName:
		return "issuerAltName"
	case OIDExtBasicConstraints:
		return "basicConstraints"
	case OIDExtCRLNumber:
		return "cRLNumber"
	case OIDExtReasonCode:
		return "reasonCode"
	case OIDExtInvalidityDate:
		return "invalidityDate"
	case OIDExtDeltaCRLIndicator:
		return "deltaCRLIndicator"
	case OIDExtIssuingDistributionPoint:
		return "issuingDistributionPoint"
	case OIDExtCertificateIssuer:
		return "certificateIssuer"
	case OIDExtNameConstraints:
		return "nameConstraints"
	case OIDExtCRLDistributionPoints:
		return "cRLDistributionPoints"
	case OIDExtCertificatePolicies:
		return "certificatePolicies"
	case OIDExtPolicyMappings:
		return "policyMappings"
	case OIDExtAuthorityKeyID:
		return "authorityKeyIdentifier"
	case OIDExtPolicyConstraints:
		return "policyConstraints"
	case OIDExtExtKeyUsage:
		return "extKeyUsage"
	case OIDExtFreshestCRL:
		return "freshestCRL"
	case OIDExtInhibitAnyPolicy:
		return "inhibitAnyPolicy"
	case OIDExtAuthorityInfoAccess:
		return "authorityInfoAccess"
	case OIDExtQCStatements:
		return "qcStatements"
	case OIDExtSubjectInfoAccess:
		return "subjectInfoAccess"
	case OIDExtLogotype:
		return "logotype"
	case OIDExtTLSFeature:
		return "tlsFeature"
	case OIDExtOCSPNoCheck:
		return "ocspNoCheck"
	case OIDExtOCSPNonce:
		return "ocspNonce"
	case OIDExtSCTList:
		return "signedCertificateTimestampList"
	case OIDExtCTPoison:
		return "ctPoison"
	case OIDExtSCTListOCSP:
		return "signedCertificateTimestampList (OCSP)"
	case OIDExtDelegationUsage:
		return "delegationUsage"
	case OIDExtMSCertificateTemplateName:
		return "Microsoft certificate template name"
	case OIDExtMSCertificateTemplate:
		return "Microsoft certificate template"
	case OIDExtMSApplicationPolicies:
		return "Microsoft application policies"
	case OIDExtMSCAVersion:
		return "Microsoft CA version"
	case OIDExtMSNTDSCASecurity:
		return "Microsoft NTDS CA security"
	case OIDExtNetscapeCertType:
		return "netscapeCertType"
	case OIDExtNetscapeComment:
		return "netscapeComment"
	case OIDExtEntrustVersion:
		return "Entrust version"
	}
	return ""
}
