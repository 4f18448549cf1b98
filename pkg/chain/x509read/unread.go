package x509read

import "strings"

// Fields is a set of fields and extensions of a certificate.
type Fields uint32

// The fields, in order, and the extensions the reader decodes.
const (
	FieldVersion Fields = 1 << iota
	FieldSerial
	FieldSignature // both AlgorithmIdentifiers and the value
	FieldIssuer
	FieldValidity
	FieldSubject
	FieldPublicKey
	FieldKeyUsage
	FieldBasicConstraints
	FieldSubjectAltName
	FieldIssuerAltName
	FieldNameConstraints
	FieldExtKeyUsage
	FieldSubjectKeyID
	FieldAuthorityKeyID
	FieldPolicies
	FieldPolicyMappings
	FieldPolicyConstraints
	FieldInhibitAnyPolicy
	FieldCRLDistribution
	FieldFreshestCRL
	FieldAuthorityInfo
	FieldTLSFeatures
	FieldSCTList
	FieldCTPoison
	FieldQCStatements
	fieldsEnd
)

// FieldExtensions are all extensions.
const FieldExtensions = fieldsEnd - FieldKeyUsage

// extensionField is the field an extension is decoded to; 0: to none.
func extensionField(oid OID) Fields {
	switch oid {
	case OIDExtKeyUsage:
		return FieldKeyUsage
	case OIDExtBasicConstraints:
		return FieldBasicConstraints
	case OIDExtSubjectAltName:
		return FieldSubjectAltName
	case OIDExtIssuerAltName:
		return FieldIssuerAltName
	case OIDExtNameConstraints:
		return FieldNameConstraints
	case OIDExtExtKeyUsage:
		return FieldExtKeyUsage
	case OIDExtSubjectKeyID:
		return FieldSubjectKeyID
	case OIDExtAuthorityKeyID:
		return FieldAuthorityKeyID
	case OIDExtCertificatePolicies:
		return FieldPolicies
	case OIDExtPolicyMappings:
		return FieldPolicyMappings
	case OIDExtPolicyConstraints:
		return FieldPolicyConstraints
	case OIDExtInhibitAnyPolicy:
		return FieldInhibitAnyPolicy
	case OIDExtCRLDistributionPoints:
		return FieldCRLDistribution
	case OIDExtFreshestCRL:
		return FieldFreshestCRL
	case OIDExtAuthorityInfoAccess:
		return FieldAuthorityInfo
	case OIDExtTLSFeature:
		return FieldTLSFeatures
	case OIDExtSCTList:
		return FieldSCTList
	case OIDExtCTPoison:
		return FieldCTPoison
	case OIDExtQCStatements:
		return FieldQCStatements
	}
	return 0
}

// fieldOf is the field a reader's position belongs to.
func fieldOf(name string, extension OID) Fields {
	if extension != "" {
		return extensionField(extension)
	}
	switch name {
	case "version":
		return FieldVersion
	case "serialNumber":
		return FieldSerial
	case "signature", "signatureAlgorithm", "signatureValue":
		return FieldSignature
	case "issuer":
		return FieldIssuer
	case "validity", "validity.notBefore", "validity.notAfter":
		return FieldValidity
	case "subject":
		return FieldSubject
	case "subjectPublicKeyInfo":
		return FieldPublicKey
	}
	return 0
}

// unreadable reports whether a fault leaves its field without a value that can
// be relied on.
func (c FaultCode) unreadable() bool {
	switch c {
	case FaultOID:
		return false // an identifier like no other
	case FaultStructure, FaultTruncated, FaultSerialEmpty, FaultGeneralNameTag, FaultAltNameEmpty,
		FaultKeyLength, FaultRSAModulus, FaultRSAModulusEven, FaultRSAExponent, FaultECParameters, FaultECPoint:
		return true
	}
	return strings.HasSuffix(string(c), "-syntax")
}

// Lost is what the fault leaves without a value that can be relied on; 0: nothing
// the reader has a field for.
func (f *Fault) Lost() Fields {
	if !f.Code.unreadable() {
		return 0
	}
	return fieldOf(f.Field, f.OID)
}

// lostExtensions is every extension that was not found in a list that could not
// be read to its end.
func (p *parser) lostExtensions() Fields {
	lost := FieldExtensions
	for i := range p.c.Extensions {
		lost &^= extensionField(p.c.Extensions[i].OID)
	}
	return lost
}
