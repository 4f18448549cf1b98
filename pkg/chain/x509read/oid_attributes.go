package x509read

// Attributes of names: RFC 5280 appendix A, RFC 4519, RFC 2985, EV guidelines.
// The words are the short names of RFC 4514 section 3 and of common tools.
const (
	OIDCommonName             OID = "\x55\x04\x03"                                 // 2.5.4.3
	OIDSurname                OID = "\x55\x04\x04"                                 // 2.5.4.4
	OIDSerialNumber           OID = "\x55\x04\x05"                                 // 2.5.4.5
	OIDCountry                OID = "\x55\x04\x06"                                 // 2.5.4.6
	OIDLocality               OID = "\x55\x04\x07"                                 // 2.5.4.7
	OIDState                  OID = "\x55\x04\x08"                                 // 2.5.4.8
	OIDStreet                 OID = "\x55\x04\x09"                                 // 2.5.4.9
	OIDOrganization           OID = "\x55\x04\x0a"                                 // 2.5.4.10
	OIDOrganizationalUnit     OID = "\x55\x04\x0b"                                 // 2.5.4.11
	OIDTitle                  OID = "\x55\x04\x0c"                                 // 2.5.4.12
	OIDDescription            OID = "\x55\x04\x0d"                                 // 2.5.4.13
	OIDBusinessCategory       OID = "\x55\x04\x0f"                                 // 2.5.4.15
	OIDPostalAddress          OID = "\x55\x04\x10"                                 // 2.5.4.16
	OIDPostalCode             OID = "\x55\x04\x11"                                 // 2.5.4.17
	OIDTelephoneNumber        OID = "\x55\x04\x14"                                 // 2.5.4.20
	OIDName                   OID = "\x55\x04\x29"                                 // 2.5.4.41
	OIDGivenName              OID = "\x55\x04\x2a"                                 // 2.5.4.42
	OIDInitials               OID = "\x55\x04\x2b"                                 // 2.5.4.43
	OIDGenerationQualifier    OID = "\x55\x04\x2c"                                 // 2.5.4.44
	OIDUniqueIdentifier       OID = "\x55\x04\x2d"                                 // 2.5.4.45
	OIDDNQualifier            OID = "\x55\x04\x2e"                                 // 2.5.4.46
	OIDPseudonym              OID = "\x55\x04\x41"                                 // 2.5.4.65
	OIDOrganizationIdentifier OID = "\x55\x04\x61"                                 // 2.5.4.97
	OIDEmailAddress           OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"         // 1.2.840.113549.1.9.1
	OIDUnstructuredName       OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02"         // 1.2.840.113549.1.9.2
	OIDUnstructuredAddress    OID = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x08"         // 1.2.840.113549.1.9.8
	OIDUserID                 OID = "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"     // 0.9.2342.19200300.100.1.1
	OIDDomainComponent        OID = "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"     // 0.9.2342.19200300.100.1.25
	OIDJurisdictionLocality   OID = "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01" // 1.3.6.1.4.1.311.60.2.1.1
	OIDJurisdictionState      OID = "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02" // 1.3.6.1.4.1.311.60.2.1.2
	OIDJurisdictionCountry    OID = "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03" // 1.3.6.1.4.1.311.60.2.1.3
)

// stringSyntax reports whether an attribute is known to have strings as values
// (RFC 5280 appendix A, RFC 4519): x500UniqueIdentifier is a BIT STRING,
// postalAddress a SEQUENCE, and of an unknown one nothing is known.
func stringSyntax(oid OID) bool {
	return attributeName(oid) != "" && oid != OIDUniqueIdentifier && oid != OIDPostalAddress
}

// attributeName returns the short name of a name attribute, or "".
func attributeName(oid OID) string {
	switch oid {
	case OIDCommonName:
		return "CN"
	case OIDSurname:
		return "SN"
	case OIDSerialNumber:
		return "SERIALNUMBER"
	case OIDCountry:
		return "C"
	case OIDLocality:
		return "L"
	case OIDState:
		return "ST"
	case OIDStreet:
		return "STREET"
	case OIDOrganization:
		return "O"
	case OIDOrganizationalUnit:
		return "OU"
	case OIDTitle:
		return "T"
	case OIDDescription:
		return "description"
	case OIDBusinessCategory:
		return "businessCategory"
	case OIDPostalAddress:
		return "postalAddress"
	case OIDPostalCode:
		return "postalCode"
	case OIDTelephoneNumber:
		return "telephoneNumber"
	case OIDName:
		return "name"
	case OIDGivenName:
		return "GN"
	case OIDInitials:
		return "initials"
	case OIDGenerationQualifier:
		return "generationQualifier"
	case OIDUniqueIdentifier:
		return "x500UniqueIdentifier"
	case OIDDNQualifier:
		return "dnQualifier"
	case OIDPseudonym:
		return "pseudonym"
	case OIDOrganizationIdentifier:
		return "organizationIdentifier"
	case OIDEmailAddress:
		return "E"
	case OIDUnstructuredName:
		return "unstructuredName"
	case OIDUnstructuredAddress:
		return "unstructuredAddress"
	case OIDUserID:
		return "UID"
	case OIDDomainComponent:
		return "DC"
	case OIDJurisdictionLocality:
		return "jurisdictionL"
	case OIDJurisdictionState:
		return "jurisdictionST"
	case OIDJurisdictionCountry:
		return "jurisdictionC"
	}
	return ""
}
