package client

// openssl is libssl and libcrypto 3.0 as s_client uses them: purpose and name
// checked by the library, no partial chains.
var openssl = &Table{Name: "OpenSSL 3.0", known: Run, source: func() []row {
	return []row{
		yes(run("leaf and intermediate for Microsoft server gated crypto"), "basic-eku/sgc-*", "basic-anchor-eku/sgc-*"),
		no(run("anyExtendedKeyUsage does not count as serverAuth"), "strict-purpose/any"),
		yes(run("serverAuth and OCSPSigning"), "strict-purpose/ocsp-signing"),
		no(run("Netscape certificate type client"), "strict-purpose/netscape"),

		yes(run("keyEncipherment or keyAgreement alone in TLS 1.3, RSA"), "strict-key-usage/tls13-encipher", "strict-key-usage/tls13-agree", "strict-key-usage/tls12-rsa-encipher", "strict-key-usage/static-rsa-sign"),
		yes(code("v3_purp.c check_purpose_ssl_server: KU_TLS"), "strict-key-usage/tls12-rsa-agree", "strict-key-usage/static-rsa-agree"),
		no(run("keyAgreement alone, ECDSA in TLS 1.2"), "strict-key-usage/tls12-ec-*"),
		no(run("no bit of TLS is set, or none at all"), "strict-key-usage/tls13-*", "strict-key-usage/tls12-rsa-*", "strict-key-usage/static-rsa-*"),

		no(run("P-224 leaf: wrong curve"), "strict-key/P-224@leaf"),
		yes(run("P-224 and P-521 above the leaf, Ed25519, Ed448, RSA-PSS keys, compressed points"), "strict-key/P-224", "strict-key/P-521", "strict-key/Ed25519", "strict-key/Ed448", "strict-key/RSA-PSS", "strict-key/compressed", "strict-key/large-exponent"),
		no(code("3.0 has no ML-DSA"), "strict-key/ML-DSA"),
		atMost(code("OPENSSL_RSA_MAX_MODULUS_BITS"), 16384, "strict-key-size/rsa-huge"),

		no(run("SHA-1 in any signature but the root's"), "strict-signature/sha1-*"),
		no(code("MD5 has less than 80 bits of security"), "strict-signature/md*"),
		yes(run("ECDSA with SHA-224"), "strict-signature/sha224-*"),
		yes(code("EVP_DigestVerify"), "strict-signature/ed25519", "strict-signature/ed448", "strict-signature/pss-odd"),

		yes(run("the issuer is compared by canonical names"), "strict-chaining/string-type*", "strict-chaining/spelling"),
		yes(run("intermediate or root with an empty subject"), "strict-chaining/empty*", "basic-name-chaining/empty*"),
		no(run("authorityKeyIdentifier with another serial number, or of another key"), "strict-chaining/aki-*", "basic-key-identifier"),
		no(run("two roots of one name, the wrong one first; a twin of the intermediate first that is in date"), "strict-first-issuer/anchor-first", "strict-first-issuer/sent-current"),
		yes(run("expired twin of the intermediate first; two roots of one name, the wrong one last"), "strict-first-issuer/sent-outdated", "strict-first-issuer/anchor-last"),

		yes(run("an extension twice that x509v3_cache_extensions does not look at"), "basic-duplicate-extension/unknown", "basic-duplicate-extension/certificatePolicies", "basic-duplicate-extension/authorityInfoAccess", "basic-duplicate-extension/netscapeComment"),
		yes(code("v3_purp.c x509v3_cache_extensions"), "basic-duplicate-extension/policyMappings", "basic-duplicate-extension/policyConstraints", "basic-duplicate-extension/inhibitAnyPolicy", "basic-duplicate-extension/issuerAltName", "basic-duplicate-extension/subjectInfoAccess"),
		yes(run("critical Netscape certificate type"), "basic-critical-extension/netscape", "basic-anchor-extension/netscape"),
		yes(run("the root's two signature algorithms differ: its signature is not looked at"), "basic-signature-algorithm@anchor"),
		no(run("critical key identifiers"), "strict-extension/subject-key-identifier", "strict-extension/authority-key-identifier"),
		yes(run("critical OCSP no-check"), "strict-extension/ocsp-no-check"),
		yes(run("requireExplicitPolicy is not looked at"), "basic-policy", "strict-extension/policy-constraints"),
		yes(run("critical CRL distribution points"), "strict-extension/crl-distribution-points"),
		yes(code("v3_purp.c X509_supported_extension"), "strict-extension/policy-mappings", "strict-extension/inhibit-any-policy"),
		yes(run("directory names, UPN and empty constraints"), "strict-constraints/*"),
		no(run("common name outside of the constraints, no dNSName"), "strict-constraints/ca-common-name", "strict-constraints/anchor-common-name", "strict-constraints/ca-common-name-address", "strict-constraints/anchor-common-name-address"),
		yes(code("must-staple is known and not looked at"), "strict-staple"),
		yes(run("revoked, says the staple: nobody asks for one"), "revocation-revoked"),
		yes(run("v3 root with keyCertSign and without basicConstraints"), "basic-not-ca/absent-signs@anchor"),

		no(run("X509_V_FLAG_PARTIAL_CHAIN is off"), "strict-anchor/leaf", "strict-anchor/intermediate", "strict-anchor/root-identifier"),
		yes(run("self-signed leaf trusted itself"), "strict-anchor/self-signed*", "strict-anchor/version-1"),
		yes(run("CA:TRUE certificate as the leaf"), "strict-leaf"),
		atMost(run("message of 101 kB and of 125 kB"), 102400, "strict-limits/message"),
		yes(run("30 strangers behind the chain"), "strict-limits/certificates", "strict-limits/certificate"),
		yes(run("nine intermediates"), "strict-depth"),

		yes(run("wildcard that covers an excluded name among others"), "basic-name-constraints/ca-dns-wildcard"),

		yes(run("name in the common name only, of several in any"), "hostname-*/cn-first", "hostname-*/cn-last", "hostname-*/cn-amid", "hostname-*/cn-bmp", "hostname-*/cn-ia5", "hostname-*/cn", "hostname-*/cn-beside-ip", "hostname-*/cn-beside-uri", "hostname-*/cn-beside-email", "hostname-*/cn-beside-nothing"),
		no(run("common name beside dNSNames"), "hostname-*/cn-beside-dns"),
		no(run("common name that is an address"), "hostname-*/ip-in-cn*"),
		no(run("dNSName that is an address"), "hostname-*/ip-in-dns*", "hostname-*/ip-mapped"),
		no(run("wildcards under a top-level domain, two of them, further right"), "hostname-*/wildcard-tld", "hostname-*/cn-wildcard-tld", "hostname-*/cn-wildcard-two*", "hostname-*/cn-wildcard-inner", "hostname-*/wildcard-two*", "hostname-*/wildcard-inner"),
		yes(run("label that begins or ends with a hyphen"), "hostname-*/hyphen", "hostname-unusual/hyphen-wildcard", "hostname-unusual/hyphen-end-wildcard"),
		yes(run("wildcard under co.uk"), "hostname-unusual/suffix-registry"),
		yes(run("final dot in both names"), "hostname-*/dot-both"),
		no(run("name in letters beyond ASCII"), "hostname-unusual/u-label-reference"),
	}
}}

// level2 and level1 are the security levels: 112 and 80 bits, which is what an RSA
// key of about 1962 and 919 bits has (rsa_lib.c ossl_ifc_ffc_compute_security_bits).
var (
	level2 = &Table{Name: "security level 2", known: Run, source: func() []row {
		return []row{
			atLeast(run("1024 bits refused in leaf and intermediate, 2047 taken"), 1962, "strict-key-size/rsa"),
			no(code("96 bits of security"), "strict-key-size/ec"),
		}
	}}
	level1 = &Table{Name: "security level 1", known: Run, source: func() []row {
		return []row{
			atLeast(run("1024 bits taken in leaf and intermediate"), 919, "strict-key-size/rsa"),
			yes(code("96 bits of security"), "strict-key-size/ec"),
		}
	}}
)

// sclient is the name matcher of the library as s_client -verify_hostname sets it.
var sclient = &Table{Name: "s_client -verify_hostname", known: Run, source: func() []row {
	return []row{
		yes(run("f*, *o"), "hostname-*/wildcard-head*", "hostname-*/wildcard-tail*", "hostname-*/cn-wildcard-head*", "hostname-*/cn-wildcard-tail*"),
		no(run("f*o; any of them and an A-label"), "hostname-*/wildcard-middle*", "hostname-*/cn-wildcard-middle*", "hostname-*/wildcard-idna", "hostname-*/wildcard-head-over-idna", "hostname-*/wildcard-tail-over-idna"),
		no(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard"),
		no(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	}
}}

var curl = &Table{Name: "curl", known: Run, source: func() []row {
	return []row{
		no(run("partial wildcards"), "hostname-*/wildcard-head*", "hostname-*/wildcard-tail*", "hostname-*/wildcard-middle*", "hostname-*/wildcard-idna", "hostname-*/cn-wildcard-*"),
		yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard"),
		yes(run("name in letters beyond ASCII"), "hostname-unusual/u-label-reference"),
		no(run("of several common names all but the last"), "hostname-*/cn-first", "hostname-*/cn-amid"),
		yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
		no(run("common name beside an address"), "hostname-*/cn-beside-ip"),
		yes(run("common name that is an address, beside a mailbox"), "hostname-*/ip-in-cn", "hostname-*/ip-in-cn-beside-email"),
		yes(code("vtls/openssl.c Curl_ossl_verifyhost: a dNSName or an iPAddress alone keeps it from the common name"), "hostname-*/ip-in-cn-beside-uri", "hostname-*/ip-in-cn-beside-nothing"),
		yes(run("intermediate or leaf as anchor"), "strict-anchor/leaf", "strict-anchor/intermediate", "strict-anchor/root-identifier"),
		no(run("item 0 names an empty issuer: couldn't get X509-issuer name"), "strict-chaining/empty-leaf", "basic-name-chaining/empty-leaf", "strict-encoding/name-empty-rdn-issuer@leaf"),
	}
}}

var python = &Table{Name: "Python ssl", known: Run, source: func() []row {
	return []row{
		yes(run("name in letters beyond ASCII"), "hostname-unusual/u-label-reference"),
		no(run("partial wildcards"), "hostname-*/wildcard-head*", "hostname-*/wildcard-tail*", "hostname-*/wildcard-middle*", "hostname-*/wildcard-idna", "hostname-*/cn-wildcard-head*", "hostname-*/cn-wildcard-tail*", "hostname-*/cn-wildcard-middle*"),
		no(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard"),
		no(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	}
}}

// python312 has the same defaults as 3.11: the strict flags came with 3.13.
var python312 = &Table{Name: "Python 3.12", known: Code, source: func() []row {
	return []row{
		yes(code("ssl.py of 3.12: create_default_context sets no further flags"), "lint-*"),
	}
}}

// python313 is what create_default_context sets since 3.13: VERIFY_X509_STRICT and
// VERIFY_X509_PARTIAL_CHAIN.
var python313 = &Table{Name: "Python 3.13 strict", known: Run, source: func() []row {
	return []row{
		no(run("no key identifiers"), "lint-aki-missing", "lint-ski-missing"),
		no(run("basicConstraints of a CA not critical"), "lint-basic-constraints-critical"),
		no(run("CA without keyUsage"), "lint-ca-key-usage"),
		no(run("pathLen on a certificate that is no CA's"), "lint-path-len"),
		no(run("keyCertSign without CA"), "lint-cert-sign-without-ca"),
		no(run("empty subject, subjectAltName not critical"), "lint-san-not-critical"),
		yes(run("self-signed leaf trusted itself: a path of one certificate is not held to these"), "lint-aki-missing@alone", "lint-ski-missing@alone", "lint-basic-constraints-critical@alone", "lint-ca-key-usage@alone",
			"lint-path-len@alone", "lint-cert-sign-without-ca@alone", "lint-san-not-critical@alone"),
		no(run("empty issuer"), "strict-chaining/empty*", "basic-name-chaining/empty*"),
		no(run("root without basicConstraints, or of version 1"), "basic-not-ca/absent-signs@anchor", "strict-anchor/version-1", "strict-anchor/self-signed-v1"),
		no(run("the root's two signature algorithms differ"), "basic-signature-algorithm@anchor"),
		no(run("empty authorityKeyIdentifier or subjectAltName, extensions in versions 1 and 2, empty RDN"), faults("authority-key-id-empty alt-name-empty extensions-version name-empty-rdn-*")...),
		yes(run("intermediate or leaf as anchor"), "strict-anchor/leaf", "strict-anchor/intermediate", "strict-anchor/root-identifier"),
	}
}}

var node = &Table{Name: "Node", known: Run, source: func() []row {
	return []row{
		yes(run("f*, *o, f*o"), "hostname-*/wildcard-head*", "hostname-*/wildcard-tail*", "hostname-*/wildcard-middle*", "hostname-*/cn-wildcard-head*", "hostname-*/cn-wildcard-tail*", "hostname-*/cn-wildcard-middle*"),
		no(run("a part of an A-label in the certificate"), "hostname-*/wildcard-idna"),
		yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard"),
		yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	}
}}

var ruby = &Table{Name: "Ruby Net::HTTP", known: Run, source: func() []row {
	return []row{
		yes(run("f*, *o, f*o"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail", "hostname-*/cn-wildcard-middle"),
		no(run("f* and *o that stand for nothing, or beside an A-label"), "hostname-*/wildcard-idna", "hostname-*/wildcard-head-*", "hostname-*/wildcard-tail-*", "hostname-*/wildcard-middle-*"),
		yes(run("wildcard under com"), "hostname-*/wildcard-tld", "hostname-*/cn-wildcard-tld"),
		no(run("common name in a BMPString"), "hostname-*/cn-bmp"),
		yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard"),
		yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
		no(run("common name beside an address"), "hostname-*/cn-beside-ip"),
		yes(run("dNSName or common name that is an address, or a wildcard that covers its digits"), "hostname-*/ip-in-cn", "hostname-*/ip-in-cn-beside-email", "hostname-*/ip-in-dns*"),
	}
}}
