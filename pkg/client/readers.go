package client

// opensslReader is what libcrypto reads and what of it x509v3_cache_extensions
// (v3_purp.c) needs: an extension that has to be looked at and cannot be read makes
// the certificate invalid, others are passed over.
var opensslReader = &Table{Name: "OpenSSL's reader", known: Run, source: func() []row {
	return []row{
		no(run("times with an offset, fractions, or without seconds"), faults("time-offset time-fraction time-no-seconds time-no-seconds-generalized")...),
		no(run("serial number without octets, or with a zero in front; negative path length"), faults("serial-empty serial-not-minimal path-len-negative")...),
		no(run("what purposes, names and key identifiers are read from does not decode"), faults("key-usage-syntax key-usage-length ext-key-usage-syntax basic-constraints-syntax distribution-points-syntax authority-key-id-syntax subject-key-id-syntax subject-key-id-empty@ca "+
			"subject-key-id-empty@anchor name-constraints-syntax alt-name-syntax-subjectAltName general-name-tag netscape-syntax")...),
		no(run("names in VisibleString, invalid UTF-8, half a BMPString, no string at all"), faults("text-visible string-utf8 string-bmp name-string-type")...),
		yes(run("dates of another type than they have to be, before 1970"), faults("generalizedtime-before-2050 utctime-1950-1969")...),
		yes(run("serial numbers that are negative, zero, or long; unique identifiers; extensions in versions 1 and 2; no extension in the list"), faults("serial-negative serial-zero serial-too-long unique-id extensions-version version-unknown extensions-empty")...),
		yes(run("BER that is not DER"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* key-usage-not-minimal ca-false-encoded critical-false-encoded subtree-minimum-encoded trailing-in-extension-*")...),
		yes(run("repetitions and empty lists"), faults("ext-key-usage-duplicate policy-duplicate authority-key-id-pair authority-key-id-empty subject-key-id-empty@leaf alt-name-empty policy-constraints-empty general-name-empty name-value-empty name-empty-rdn-*")...),
		yes(run("names and constraints that cannot match"), faults("general-name-string general-name-ip-length subtree-ip-length subtree-ip-mask subtree-minimum subtree-maximum")...),
		yes(run("extensions that nobody looks at do not decode"), faults("authority-info-syntax policies-syntax policy-constraints-syntax policy-mappings-syntax inhibit-any-policy-syntax sct-list-syntax tls-feature-syntax alt-name-syntax-issuerAltName")...),
		yes(run("strings with characters their type does not have; UniversalString"), faults("string-printable string-printable-* string-ia5 string-numeric string-teletex text-universal")...),
	}
}}

// goReader is crypto/x509 (parser.go): what does not decode is refused, in every
// extension it knows.
var goReader = &Table{Name: "Go's reader", known: Run, source: func() []row {
	return []row{
		no(run("not DER"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* serial-not-minimal serial-empty")...),
		no(run("times with an offset or fractions, GeneralizedTime without seconds"), faults("time-offset time-fraction time-no-seconds-generalized")...),
		no(run("negative serial number, negative path length, version 4, extensions in versions 1 and 2"), faults("serial-negative path-len-negative version-unknown extensions-version@leaf extensions-version@ca")...),
		no(run("what does not decode in an extension it knows"), faults("key-usage-syntax ext-key-usage-syntax basic-constraints-syntax distribution-points-syntax authority-key-id-syntax subject-key-id-syntax name-constraints-syntax alt-name-syntax-subjectAltName authority-info-syntax "+
			"policies-syntax policy-constraints-syntax policy-mappings-syntax inhibit-any-policy-syntax policy-duplicate")...),
		no(run("addresses and masks of another length, names beyond ASCII"), faults("general-name-ip-length general-name-string subtree-ip-length subtree-ip-mask")...),
		no(run("strings with characters their type does not have; UniversalString, VisibleString"), faults("string-printable string-utf8 string-ia5 string-bmp string-numeric name-string-type text-universal text-visible")...),
		yes(run("* and & in a PrintableString"), faults("string-printable-*")...),
		yes(run("UTCTime without seconds, dates of another type than they have to be, before 1970"), faults("time-no-seconds generalizedtime-before-2050 utctime-1950-1969")...),
		yes(run("serial numbers that are zero or long, unique identifiers, root of version 1 with extensions"), faults("serial-zero serial-too-long unique-id extensions-version@anchor extensions-empty")...),
		yes(run("no bit of keyUsage set, zeros behind the bits, FALSE written out, octets behind a value"), faults("key-usage-length key-usage-not-minimal ca-false-encoded critical-false-encoded subtree-minimum-encoded trailing-in-extension-*")...),
		yes(run("repetitions, empty lists, and minimum and maximum, which are passed over"), faults("ext-key-usage-duplicate authority-key-id-pair authority-key-id-empty subject-key-id-empty policy-constraints-empty general-name-empty general-name-tag alt-name-empty name-value-empty name-empty-rdn-* subtree-minimum subtree-maximum")...),
		yes(run("extensions it does not know"), faults("alt-name-syntax-issuerAltName sct-list-syntax tls-feature-syntax netscape-syntax")...),
	}
}}

// gnutlsReader is libtasn1 with the readers of x509_ext.c.
var gnutlsReader = &Table{Name: "GnuTLS's reader", known: Run, source: func() []row {
	return []row{
		no(run("times with an offset or fractions"), faults("time-offset time-fraction")...),
		no(run("extensions in versions 1 and 2"), faults("extensions-version")...),
		no(run("alternative names that are empty, of an unknown tag, or do not decode"), faults("general-name-empty general-name-tag alt-name-syntax-subjectAltName alt-name-syntax-issuerAltName")...),
		no(run("what a CA's rights are read from does not decode"), faults("key-usage-syntax@ca key-usage-syntax@anchor basic-constraints-syntax@ca basic-constraints-syntax@anchor name-constraints-syntax@ca name-constraints-syntax@anchor tls-feature-syntax@ca tls-feature-syntax@anchor "+
			"trailing-in-extension-*@ca trailing-in-extension-*@anchor subtree-ip-length subtree-ip-mask")...),
		no(run("extended key usage that does not decode, but in the root"), faults("ext-key-usage-syntax@leaf ext-key-usage-syntax@ca length-indefinite-extKeyUsage@leaf length-indefinite-extKeyUsage@ca")...),
		yes(run("the leaf's keyUsage, basicConstraints and name constraints do not decode"), faults("key-usage-syntax basic-constraints-syntax name-constraints-syntax tls-feature-syntax trailing-in-extension-* ext-key-usage-syntax")...),
		yes(run("dates without seconds, of another type, before 1970"), faults("time-no-seconds time-no-seconds-generalized generalizedtime-before-2050 utctime-1950-1969")...),
		yes(run("any serial number, unique identifiers, version 4, negative path length"), faults("serial-negative serial-zero serial-too-long serial-not-minimal serial-empty unique-id version-unknown path-len-negative extensions-empty")...),
		yes(run("BER that is not DER"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* key-usage-not-minimal key-usage-length ca-false-encoded critical-false-encoded subtree-minimum-encoded")...),
		yes(run("repetitions, empty lists"), faults("ext-key-usage-duplicate policy-duplicate authority-key-id-pair authority-key-id-empty subject-key-id-empty policy-constraints-empty alt-name-empty name-value-empty name-empty-rdn-*")...),
		yes(run("names that cannot match; minimum and maximum, which are passed over"), faults("general-name-string general-name-ip-length subtree-minimum subtree-maximum")...),
		yes(run("extensions that nobody looks at do not decode"), faults("authority-info-syntax distribution-points-syntax policies-syntax policy-constraints-syntax policy-mappings-syntax inhibit-any-policy-syntax sct-list-syntax authority-key-id-syntax subject-key-id-syntax netscape-syntax")...),
		yes(run("any string"), faults("string-printable string-printable-* string-utf8 string-ia5 string-bmp string-numeric string-teletex name-string-type text-universal text-visible")...),
	}
}}

// javaReader is sun.security.x509.
var javaReader = &Table{Name: "Java's reader", known: Run, source: func() []row {
	return []row{
		no(run("serial number without octets; version 4, extensions in versions 1 and 2"), faults("serial-empty version-unknown extensions-version")...),
		no(run("path length of a CA that is negative, basicConstraints of a CA that do not decode"), faults("path-len-negative@ca path-len-negative@anchor basic-constraints-syntax@ca basic-constraints-syntax@anchor")...),
		no(run("octets behind an extension, an empty RDN, an address of another length, the root's key identifier"), faults("trailing-in-extension-* name-empty-rdn-* general-name-ip-length subject-key-id-syntax@anchor")...),
		yes(run("dates in any form"), faults("time-offset time-fraction time-no-seconds time-no-seconds-generalized generalizedtime-before-2050 utctime-1950-1969")...),
		yes(run("other serial numbers, unique identifiers"), faults("serial-negative serial-zero serial-too-long serial-not-minimal unique-id extensions-empty path-len-negative@leaf")...),
		yes(run("BER that is not DER"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* key-usage-not-minimal key-usage-length ca-false-encoded critical-false-encoded subtree-minimum-encoded")...),
		yes(run("repetitions, empty lists"), faults("ext-key-usage-duplicate policy-duplicate authority-key-id-pair authority-key-id-empty subject-key-id-empty policy-constraints-empty general-name-empty name-value-empty")...),
		yes(run("names and constraints that cannot match"), faults("general-name-string subtree-ip-length subtree-ip-mask subtree-minimum subtree-maximum")...),
		yes(run("extensions that do not decode and are not critical"), faults("key-usage-syntax ext-key-usage-syntax@ca ext-key-usage-syntax@anchor basic-constraints-syntax@leaf authority-info-syntax distribution-points-syntax policies-syntax policy-constraints-syntax policy-mappings-syntax "+
			"inhibit-any-policy-syntax sct-list-syntax tls-feature-syntax authority-key-id-syntax subject-key-id-syntax@leaf subject-key-id-syntax@ca name-constraints-syntax alt-name-syntax-subjectAltName alt-name-syntax-issuerAltName netscape-syntax")...),
		yes(run("any string"), faults("string-printable string-printable-* string-utf8 string-ia5 string-bmp string-numeric string-teletex name-string-type text-universal text-visible")...),
	}
}}

// chromeReader is BoringSSL's pki/parse_certificate.cc: DER in the extensions that
// path validation needs, and nothing of the others.
var chromeReader = &Table{Name: "Chromium's reader", known: Run, source: func() []row {
	return []row{
		no(run("not DER, in an extension it reads"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* subtree-minimum-encoded critical-false-encoded trailing-in-extension-*")...),
		no(run("times with an offset, fractions, or without seconds"), faults("time-offset time-fraction time-no-seconds time-no-seconds-generalized")...),
		no(run("negative path length, version 4, extensions in versions 1 and 2, an empty list of them"), faults("path-len-negative version-unknown extensions-version extensions-empty")...),
		no(run("what does not decode in an extension it reads"), faults("key-usage-syntax key-usage-length ext-key-usage-syntax basic-constraints-syntax authority-info-syntax policies-syntax authority-key-id-syntax authority-key-id-pair subject-key-id-syntax name-constraints-syntax policy-constraints-syntax "+
			"policy-mappings-syntax inhibit-any-policy-syntax alt-name-syntax-subjectAltName alt-name-empty")...),
		no(run("a policy twice, empty policyConstraints"), faults("policy-duplicate policy-constraints-empty")...),
		no(run("addresses and masks of another length, names beyond ASCII or of an unknown kind; minimum and maximum"), faults("general-name-ip-length general-name-string general-name-tag subtree-ip-length subtree-ip-mask subtree-minimum subtree-maximum")...),
		no(run("strings with characters their type does not have, VisibleString, an empty RDN"), faults("string-printable string-printable-ampersand string-ia5 string-bmp string-numeric@leaf name-string-type@leaf text-visible@leaf name-empty-rdn-*")...),
		no(run("the root's serial number without octets, or with a zero in front; ECDSA with parameters NULL"), faults("serial-empty@anchor serial-not-minimal@anchor algorithm-parameters-ecdsa@leaf algorithm-parameters-ecdsa@ca")...),
		yes(run("the root's algorithm parameters"), faults("algorithm-parameters-ecdsa@anchor")...),
		yes(run("dates of another type than they have to be, before 1970"), faults("generalizedtime-before-2050 utctime-1950-1969")...),
		yes(run("any other serial number, unique identifiers"), faults("serial-negative serial-zero serial-too-long serial-not-minimal@leaf serial-not-minimal@ca serial-empty@leaf serial-empty@ca unique-id")...),
		yes(run("zeros behind the bits of keyUsage, CA FALSE written out"), faults("key-usage-not-minimal ca-false-encoded")...),
		yes(run("repetitions, empty lists and names"), faults("ext-key-usage-duplicate authority-key-id-empty subject-key-id-empty general-name-empty name-value-empty")...),
		yes(run("extensions that nobody reads"), faults("distribution-points-syntax sct-list-syntax tls-feature-syntax alt-name-syntax-issuerAltName netscape-syntax")...),
		yes(run("* in a PrintableString, invalid UTF-8, UniversalString; wrong strings above item 0"), faults("string-printable-asterisk string-utf8 string-teletex text-universal text-visible string-numeric name-string-type")...),
	}
}}

// firefoxReader is mozilla::pkix: DER throughout in what it reads, which is little
// of a CA's certificate, and names as octets.
var firefoxReader = &Table{Name: "Firefox's reader", known: Run, source: func() []row {
	return []row{
		no(run("not DER, in an extension it reads"), faults("bits-padding boolean-not-der boolean-not-der-* length-not-minimal length-not-minimal-* length-indefinite length-indefinite-* subtree-minimum-encoded subtree-minimum subtree-maximum trailing-in-extension-*")...),
		no(run("times with an offset, fractions, without seconds, or before 1970"), faults("time-offset time-fraction time-no-seconds time-no-seconds-generalized utctime-1950-1969")...),
		no(run("negative path length, serial number without octets, or with a zero in front"), faults("path-len-negative serial-empty serial-not-minimal extensions-empty alt-name-empty")...),
		no(run("what does not decode in an extension it reads"), faults("key-usage-syntax key-usage-length ext-key-usage-syntax basic-constraints-syntax tls-feature-syntax authority-info-syntax@leaf sct-list-syntax@leaf name-constraints-syntax@ca name-constraints-syntax@anchor")...),
		no(run("an extension it remembers without content"), faults("authority-info-syntax-empty policies-syntax-empty name-constraints-syntax-empty policy-constraints-syntax-empty alt-name-syntax-subjectAltName-empty sct-list-syntax-empty inhibit-any-policy-syntax-empty")...),
		yes(run("extensions it does not read, or not there"), faults("authority-info-syntax sct-list-syntax name-constraints-syntax@leaf policies-syntax policy-constraints-syntax policy-mappings-syntax inhibit-any-policy-syntax distribution-points-syntax authority-key-id-syntax subject-key-id-syntax "+
			"alt-name-syntax-subjectAltName alt-name-syntax-issuerAltName netscape-syntax")...),
		yes(run("dates of another type than they have to be"), faults("generalizedtime-before-2050")...),
		yes(run("any other serial number, unique identifiers, any version"), faults("serial-negative serial-zero serial-too-long unique-id extensions-version version-unknown")...),
		yes(run("zeros behind the bits of keyUsage, FALSE written out"), faults("key-usage-not-minimal ca-false-encoded critical-false-encoded")...),
		yes(run("repetitions, empty lists and names"), faults("ext-key-usage-duplicate policy-duplicate policy-constraints-empty authority-key-id-empty authority-key-id-pair subject-key-id-empty general-name-empty name-value-empty name-empty-rdn-*")...),
		yes(run("names and constraints that cannot match"), faults("general-name-string general-name-ip-length subtree-ip-length subtree-ip-mask")...),
		yes(run("any string"), faults("string-printable string-printable-* string-utf8 string-ia5 string-bmp string-numeric string-teletex name-string-type text-universal text-visible")...),
	}
}}
