package x509read

// Faults of the SubjectPublicKeyInfo (RFC 3279 section 2.3, RFC 5480, RFC 8017).
const (
	FaultKeySyntax         FaultCode = "key-syntax"
	FaultKeyUnusedBits     FaultCode = "key-unused-bits"
	FaultKeyParameters     FaultCode = "key-parameters" // not as the algorithm's document wants them
	FaultKeyLength         FaultCode = "key-length"     // octets of an Edwards, Montgomery or ML-DSA key
	FaultRSAModulus        FaultCode = "rsa-modulus"    // zero or negative
	FaultRSAModulusEven    FaultCode = "rsa-modulus-even"
	FaultRSAExponent       FaultCode = "rsa-exponent" // zero, one, negative or even
	FaultECParameters      FaultCode = "ec-parameters"
	FaultECExplicit        FaultCode = "ec-explicit-parameters"
	FaultECImplicit        FaultCode = "ec-implicit-curve"
	FaultECCurveUnknown    FaultCode = "ec-curve-unknown"
	FaultECPoint           FaultCode = "ec-point"                 // wrong length, or not on the curve
	FaultECPointCompressed FaultCode = "ec-point-compressed"      // RFC 5480 allows it, many libraries do not
	FaultDSAInherited      FaultCode = "dsa-parameters-inherited" // absent: the issuer's count
)

// Faults of the list of extensions (RFC 5280 section 4.1.2.9).
const (
	FaultExtensionsVersion    FaultCode = "extensions-version" // in a v1 or v2 certificate
	FaultExtensionsEmpty      FaultCode = "extensions-empty"
	FaultExtensionsSyntax     FaultCode = "extensions-syntax"
	FaultExtensionSyntax      FaultCode = "extension-syntax" // one Extension does not decode
	FaultExtensionDuplicate   FaultCode = "extension-duplicate"
	FaultCriticalFalseEncoded FaultCode = "critical-false-encoded" // DEFAULT written out
)

// Faults inside known extensions (RFC 5280 section 4.2). Fault.OID tells which
// extension; a code that ends in "-syntax" leaves the decoded field nil.
const (
	FaultKeyUsageSyntax     FaultCode = "key-usage-syntax"
	FaultKeyUsageEmpty      FaultCode = "key-usage-empty"       // no bit is set
	FaultKeyUsageLength     FaultCode = "key-usage-length"      // not one or two octets of bits; apple: X-13
	FaultKeyUsageNotMinimal FaultCode = "key-usage-not-minimal" // trailing zero bits (X.690 section 11.2.2)
	FaultKeyUsageUnknownBit FaultCode = "key-usage-unknown-bit"

	FaultBasicConstraintsSyntax FaultCode = "basic-constraints-syntax"
	FaultCAFalseEncoded         FaultCode = "ca-false-encoded"  // DEFAULT written out
	FaultPathLenNegative        FaultCode = "path-len-negative" // read as absent
	FaultPathLenWithoutCA       FaultCode = "path-len-without-ca"

	FaultAltNameSyntax FaultCode = "alt-name-syntax"
	FaultAltNameEmpty  FaultCode = "alt-name-empty" // the extension has no name

	FaultGeneralNameSyntax   FaultCode = "general-name-syntax"    // one name that does not decode
	FaultGeneralNameTag      FaultCode = "general-name-tag"       // no alternative has this tag
	FaultGeneralNameString   FaultCode = "general-name-string"    // not IA5String
	FaultGeneralNameEmpty    FaultCode = "general-name-empty"     // e-mail, DNS name, URI without a character
	FaultGeneralNameURI      FaultCode = "general-name-uri"       // an alternative name that is no absolute URI
	FaultGeneralNameIPLength FaultCode = "general-name-ip-length" // not 4 or 16 octets

	FaultNameConstraintsSyntax FaultCode = "name-constraints-syntax"
	FaultNameConstraintsEmpty  FaultCode = "name-constraints-empty"  // neither list, or a list without entries
	FaultSubtreeMinimum        FaultCode = "subtree-minimum"         // not 0
	FaultSubtreeMinimumEncoded FaultCode = "subtree-minimum-encoded" // DEFAULT 0 written out
	FaultSubtreeMaximum        FaultCode = "subtree-maximum"         // present
	FaultSubtreeIPLength       FaultCode = "subtree-ip-length"       // not 8 or 32 octets
	FaultSubtreeIPMask         FaultCode = "subtree-ip-mask"         // not contiguous

	FaultExtKeyUsageSyntax    FaultCode = "ext-key-usage-syntax"
	FaultExtKeyUsageEmpty     FaultCode = "ext-key-usage-empty"
	FaultExtKeyUsageDuplicate FaultCode = "ext-key-usage-duplicate"

	FaultSubjectKeyIDSyntax   FaultCode = "subject-key-id-syntax"
	FaultSubjectKeyIDEmpty    FaultCode = "subject-key-id-empty"
	FaultAuthorityKeyIDSyntax FaultCode = "authority-key-id-syntax"
	FaultAuthorityKeyIDEmpty  FaultCode = "authority-key-id-empty"
	FaultAuthorityKeyIDPair   FaultCode = "authority-key-id-pair" // issuer without serial, or serial without issuer

	FaultPoliciesSyntax          FaultCode = "policies-syntax"
	FaultPoliciesEmpty           FaultCode = "policies-empty"
	FaultPolicyDuplicate         FaultCode = "policy-duplicate"
	FaultPolicyMappingsSyntax    FaultCode = "policy-mappings-syntax"
	FaultPolicyMappingsEmpty     FaultCode = "policy-mappings-empty"
	FaultPolicyMappingAny        FaultCode = "policy-mapping-any" // from or to anyPolicy
	FaultPolicyConstraintsSyntax FaultCode = "policy-constraints-syntax"
	FaultPolicyConstraintsEmpty  FaultCode = "policy-constraints-empty"
	FaultInhibitAnyPolicySyntax  FaultCode = "inhibit-any-policy-syntax"

	FaultDistributionSyntax   FaultCode = "distribution-points-syntax"
	FaultDistributionEmpty    FaultCode = "distribution-points-empty"
	FaultDistributionNoTarget FaultCode = "distribution-point-no-target" // neither name nor cRLIssuer
	FaultDistributionReasons  FaultCode = "distribution-point-reasons"   // reasons that do not decode

	FaultAuthorityInfoSyntax   FaultCode = "authority-info-syntax"
	FaultAuthorityInfoEmpty    FaultCode = "authority-info-empty"
	FaultAuthorityInfoLocation FaultCode = "authority-info-location" // OCSP or caIssuers that is not a URI

	FaultTLSFeatureSyntax   FaultCode = "tls-feature-syntax"
	FaultSCTListSyntax      FaultCode = "sct-list-syntax"
	FaultCTPoisonSyntax     FaultCode = "ct-poison-syntax"
	FaultQCStatementsSyntax FaultCode = "qc-statements-syntax"
)
