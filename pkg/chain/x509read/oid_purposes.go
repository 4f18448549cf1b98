package x509read

// Key purposes, policies, access methods and other names: RFC 5280 sections
// 4.2.1.4, 4.2.1.12 and 4.2.2.1, CA/Browser Forum, Microsoft, Netscape, Apple.
const (
	OIDAnyExtKeyUsage              OID = "\x55\x1d\x25\x00"                         // 2.5.29.37.0
	OIDServerAuth                  OID = "\x2b\x06\x01\x05\x05\x07\x03\x01"         // 1.3.6.1.5.5.7.3.1
	OIDClientAuth                  OID = "\x2b\x06\x01\x05\x05\x07\x03\x02"         // 1.3.6.1.5.5.7.3.2
	OIDCodeSigning                 OID = "\x2b\x06\x01\x05\x05\x07\x03\x03"         // 1.3.6.1.5.5.7.3.3
	OIDEmailProtection             OID = "\x2b\x06\x01\x05\x05\x07\x03\x04"         // 1.3.6.1.5.5.7.3.4
	OIDIPSECEndSystem              OID = "\x2b\x06\x01\x05\x05\x07\x03\x05"         // 1.3.6.1.5.5.7.3.5
	OIDIPSECTunnel                 OID = "\x2b\x06\x01\x05\x05\x07\x03\x06"         // 1.3.6.1.5.5.7.3.6
	OIDIPSECUser                   OID = "\x2b\x06\x01\x05\x05\x07\x03\x07"         // 1.3.6.1.5.5.7.3.7
	OIDTimeStamping                OID = "\x2b\x06\x01\x05\x05\x07\x03\x08"         // 1.3.6.1.5.5.7.3.8
	OIDOCSPSigning                 OID = "\x2b\x06\x01\x05\x05\x07\x03\x09"         // 1.3.6.1.5.5.7.3.9
	OIDEAPOverPPP                  OID = "\x2b\x06\x01\x05\x05\x07\x03\x0d"         // 1.3.6.1.5.5.7.3.13
	OIDEAPOverLAN                  OID = "\x2b\x06\x01\x05\x05\x07\x03\x0e"         // 1.3.6.1.5.5.7.3.14
	OIDIPSECIKE                    OID = "\x2b\x06\x01\x05\x05\x07\x03\x11"         // 1.3.6.1.5.5.7.3.17
	OIDMSServerGatedCrypto         OID = "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03" // 1.3.6.1.4.1.311.10.3.3
	OIDNetscapeServerGatedCrypto   OID = "\x60\x86\x48\x01\x86\xf8\x42\x04\x01"     // 2.16.840.1.113730.4.1
	OIDMSSmartcardLogon            OID = "\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x02" // 1.3.6.1.4.1.311.20.2.2
	OIDMSCodeSigningIndividual     OID = "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x15" // 1.3.6.1.4.1.311.2.1.21
	OIDMSCodeSigningCommercial     OID = "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x16" // 1.3.6.1.4.1.311.2.1.22
	OIDPKINITClientAuth            OID = "\x2b\x06\x01\x05\x02\x03\x04"             // 1.3.6.1.5.2.3.4
	OIDPKINITKDC                   OID = "\x2b\x06\x01\x05\x02\x03\x05"             // 1.3.6.1.5.2.3.5
	OIDPrecertificateSigning       OID = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04" // 1.3.6.1.4.1.11129.2.4.4
	OIDAnyPolicy                   OID = "\x55\x1d\x20\x00"                         // 2.5.29.32.0
	OIDPolicyQualifierCPS          OID = "\x2b\x06\x01\x05\x05\x07\x02\x01"         // 1.3.6.1.5.5.7.2.1
	OIDPolicyQualifierUserNotice   OID = "\x2b\x06\x01\x05\x05\x07\x02\x02"         // 1.3.6.1.5.5.7.2.2
	OIDPolicyDomainValidated       OID = "\x67\x81\x0c\x01\x02\x01"                 // 2.23.140.1.2.1
	OIDPolicyOrganizationValidated OID = "\x67\x81\x0c\x01\x02\x02"                 // 2.23.140.1.2.2
	OIDPolicyIndividualValidated   OID = "\x67\x81\x0c\x01\x02\x03"                 // 2.23.140.1.2.3
	OIDPolicyExtendedValidation    OID = "\x67\x81\x0c\x01\x01"                     // 2.23.140.1.1
	OIDAccessOCSP                  OID = "\x2b\x06\x01\x05\x05\x07\x30\x01"         // 1.3.6.1.5.5.7.48.1
	OIDAccessCAIssuers             OID = "\x2b\x06\x01\x05\x05\x07\x30\x02"         // 1.3.6.1.5.5.7.48.2
	OIDAccessCARepository          OID = "\x2b\x06\x01\x05\x05\x07\x30\x05"         // 1.3.6.1.5.5.7.48.5
	OIDOCSPBasicResponse           OID = "\x2b\x06\x01\x05\x05\x07\x30\x01\x01"     // 1.3.6.1.5.5.7.48.1.1
	OIDOtherNameUPN                OID = "\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03" // 1.3.6.1.4.1.311.20.2.3
	OIDOtherNameKRB5               OID = "\x2b\x06\x01\x05\x02\x02"                 // 1.3.6.1.5.2.2
	OIDOtherNameSRV                OID = "\x2b\x06\x01\x05\x05\x07\x08\x07"         // 1.3.6.1.5.5.7.8.7
	OIDOtherNameXMPP               OID = "\x2b\x06\x01\x05\x05\x07\x08\x05"         // 1.3.6.1.5.5.7.8.5
	OIDOtherNameSmtpUTF8           OID = "\x2b\x06\x01\x05\x05\x07\x08\x09"         // 1.3.6.1.5.5.7.8.9
	OIDApple                       OID = "\x2a\x86\x48\x86\xf7\x63\x64"             // 1.2.840.113635.100
	OIDAppleCertificateExtensions  OID = "\x2a\x86\x48\x86\xf7\x63\x64\x06"         // 1.2.840.113635.100.6
)

// purposeName returns the friendly name of a key purpose, policy, access method or other name, or "".
func purposeName(oid OID) string {
	switch oid {
	case OIDAnyExtKeyUsage:
		return "anyExtendedKeyUsage"
	case OIDServerAuth:
		return "serverAuth"
	case OIDClientAuth:
		return "clientAuth"
	case OIDCodeSigning:
		return "codeSigning"
	case OIDEmailProtection:
		return "emailProtection"
	case OIDIPSECEndSystem:
		return "ipsecEndSystem"
	case OIDIPSECTunnel:
		return "ipsecTunnel"
	case OIDIPSECUser:
		return "ipsecUser"
	case OIDTimeStamping:
		return "timeStamping"
	case OIDOCSPSigning:
		return "OCSPSigning"
	case OIDEAPOverPPP:
		return "eapOverPPP"
	case OIDEAPOverLAN:
		return "eapOverLAN"
	case OIDIPSECIKE:
		return "ipsecIKE"
	case OIDMSServerGatedCrypto:
		return "Microsoft server gated crypto"
	case OIDNetscapeServerGatedCrypto:
		return "Netscape server gated crypto"
	case OIDMSSmartcardLogon:
		return "Microsoft smart card logon"
	case OIDMSCodeSigningIndividual:
		return "Microsoft individual code signing"
	case OIDMSCodeSigningCommercial:
		return "Microsoft commercial code signing"
	case OIDPKINITClientAuth:
		return "PKINIT client authentication"
	case OIDPKINITKDC:
		return "PKINIT KDC"
	case OIDPrecertificateSigning:
		return "precertificateSigning"
	case OIDAnyPolicy:
		return "anyPolicy"
	case OIDPolicyQualifierCPS:
		return "cps"
	case OIDPolicyQualifierUserNotice:
		return "userNotice"
	case OIDPolicyDomainValidated:
		return "domain validated"
	case OIDPolicyOrganizationValidated:
		return "organization validated"
	case OIDPolicyIndividualValidated:
		return "individual validated"
	case OIDPolicyExtendedValidation:
		return "extended validation"
	case OIDAccessOCSP:
		return "OCSP"
	case OIDAccessCAIssuers:
		return "caIssuers"
	case OIDAccessCARepository:
		return "caRepository"
	case OIDOCSPBasicResponse:
		return "OCSP basic response"
	case OIDOtherNameUPN:
		return "Microsoft user principal name"
	case OIDOtherNameKRB5:
		return "KRB5PrincipalName"
	case OIDOtherNameSRV:
		return "SRVName"
	case OIDOtherNameXMPP:
		return "xmppAddr"
	case OIDOtherNameSmtpUTF8:
		return "SmtpUTF8Mailbox"
	case OIDApple:
		return "Apple"
	case OIDAppleCertificateExtensions:
		return "Apple certificate extensions"
	}
	return ""
}
