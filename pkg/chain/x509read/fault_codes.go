package x509read

// Faults of the encoding (X.690) that any field can have.
const (
	FaultLengthNotMinimal  FaultCode = "length-not-minimal"
	FaultLengthIndefinite  FaultCode = "length-indefinite"
	FaultIntegerNotMinimal FaultCode = "integer-not-minimal"
	FaultBooleanNotDER     FaultCode = "boolean-not-der"
	FaultBitsPadding       FaultCode = "bits-padding" // unused bits of a BIT STRING that are not zero
	FaultOID               FaultCode = "oid-syntax"
	FaultTruncated         FaultCode = "truncated"                  // an outer length goes beyond the bytes at hand
	FaultStructure         FaultCode = "structure"                  // a field of Certificate or TBSCertificate is absent or of another type
	FaultTrailingData      FaultCode = "trailing-after-certificate" // apple: X-31 ignores them
	FaultTrailingOuter     FaultCode = "trailing-in-certificate"    // after signatureValue, inside Certificate
	FaultTrailingTBS       FaultCode = "trailing-in-tbs"            // after the last known field of TBSCertificate
	FaultTrailingExtension FaultCode = "trailing-in-extension"      // after the extension's value, or inside its SEQUENCE
	FaultTrailingField     FaultCode = "trailing-in-field"          // inside any other SEQUENCE of fixed content
)

// Faults of the basic fields (RFC 5280 sections 4.1.1 and 4.1.2).
const (
	FaultVersionExplicitV1 FaultCode = "version-explicit-v1" // DEFAULT written out; apple: X-09
	FaultVersionUnknown    FaultCode = "version-unknown"     // not 1, 2 or 3
	FaultVersionSyntax     FaultCode = "version-syntax"

	FaultSerialEmpty      FaultCode = "serial-empty" // INTEGER without content
	FaultSerialNegative   FaultCode = "serial-negative"
	FaultSerialZero       FaultCode = "serial-zero"
	FaultSerialTooLong    FaultCode = "serial-too-long" // more than 20 octets
	FaultSerialNotMinimal FaultCode = "serial-not-minimal"

	FaultAlgorithmSyntax     FaultCode = "algorithm-syntax"
	FaultAlgorithmMismatch   FaultCode = "algorithm-mismatch"            // inner and outer OIDs differ; apple: X-25
	FaultParametersMismatch  FaultCode = "algorithm-parameters-mismatch" // same OID, other parameters
	FaultAlgorithmParameters FaultCode = "algorithm-parameters"          // not as RFC 3279, 4055, 5758, 8410 want them
	FaultSignatureSyntax     FaultCode = "signature-syntax"
	FaultSignatureUnusedBits FaultCode = "signature-unused-bits"

	FaultUniqueID        FaultCode = "unique-id"         // RFC 5280 section 4.1.2.8: CAs must not
	FaultUniqueIDVersion FaultCode = "unique-id-version" // in a v1 certificate
	FaultUniqueIDSyntax  FaultCode = "unique-id-syntax"
)

// Faults of names and strings (RFC 5280 sections 4.1.2.4 and 4.1.2.6, X.680).
const (
	FaultNameSyntax     FaultCode = "name-syntax" // RDNs is nil then
	FaultNameEmptyRDN   FaultCode = "name-empty-rdn"
	FaultNameRDNOrder   FaultCode = "name-rdn-order" // SET OF not sorted
	FaultNameValueEmpty FaultCode = "name-value-empty"
	FaultNameStringType FaultCode = "name-string-type" // not a string type, where the attribute wants one

	FaultPrintableString FaultCode = "string-printable" // a character PrintableString does not have
	FaultUTF8String      FaultCode = "string-utf8"      // invalid UTF-8
	FaultIA5String       FaultCode = "string-ia5"
	FaultNumericString   FaultCode = "string-numeric"
	FaultVisibleString   FaultCode = "string-visible"
	FaultBMPString       FaultCode = "string-bmp"       // odd length or a surrogate
	FaultUniversalString FaultCode = "string-universal" // length not × 4 or no code point
)

// Faults of dates (RFC 5280 section 4.1.2.5). Only "time-syntax" leaves the
// date zero.
const (
	FaultTimeSyntax            FaultCode = "time-syntax"
	FaultUTCTime1950           FaultCode = "utctime-1950-1969"           // years 50–69; apple: X-11 reads 2001-01-01
	FaultGeneralizedBefore2050 FaultCode = "generalizedtime-before-2050" // has to be UTCTime
	FaultTimeOffset            FaultCode = "time-offset"                 // +hhmm instead of Z
	FaultTimeNoZone            FaultCode = "time-no-zone"                // local time, read as UTC
	FaultTimeNoSeconds         FaultCode = "time-no-seconds"
	FaultTimeFraction          FaultCode = "time-fraction"
	FaultTimeSecond60          FaultCode = "time-second-60" // read as the next minute
)
