package client

// openssl is libssl and libcrypto 3.0 as s_client uses them: purpose and name
// checked by the library, no partial chains.
var openssl = table("OpenSSL 3.0",
	yes(run("leaf and intermediate for Microsoft server gated crypto"), "basic-eku/sgc", "basic-anchor-eku/sgc"),
	no(run("anyExtendedKeyUsage does not count as serverAuth"), "strict-purpose/any"),
	yes(run("serverAuth and OCSPSigning"), "strict-purpose/ocsp-signing"),
	no(run("Netscape certificate type client"), "strict-purpose/netscape"),

	yes(run("keyEncipherment or keyAgreement alone in TLS 1.3, RSA"), "strict-key-usage/tls13-encipher", "strict-key-usage/tls13-agree", "strict-key-usage/tls12-rsa-encipher", "strict-key-usage/static-rsa-sign"),
	yes(code("v3_purp.c check_purpose_ssl_server: KU_TLS"), "strict-key-usage/tls12-rsa-agree", "strict-key-usage/static-rsa-agree"),
	no(run("keyAgreement alone, ECDSA in TLS 1.2"), "strict-key-usage/tls12-ec-*"),
	no(run("no bit of TLS is set, or none at all"), "strict-key-usage/tls13-*", "strict-key-usage/tls12-rsa-*", "strict-key-usage/static-rsa-*"),

	no(run("P-224 leaf: wrong curve"), "strict-key/P-224@leaf"),
	yes(run("P-224 and P-521 above the leaf, Ed25519, Ed448, RSA-PSS keys, compressed points"), "strict-key/P-224", "strict-key/P-521", "strict-key/Ed25519", "strict-key/Ed448", "strict-key/RSA-PSS", "strict-key/compressed"),
	no(code("3.0 has no ML-DSA"), "strict-key/ML-DSA"),
	atMost(code("OPENSSL_RSA_MAX_MODULUS_BITS"), 16384, "strict-key-size/rsa-huge"),

	no(run("SHA-1 in any signature but the root's"), "strict-signature/sha1-*"),
	no(code("MD5 has less than 80 bits of security"), "strict-signature/md*"),
	yes(run("ECDSA with SHA-224"), "strict-signature/sha224-*"),
	yes(code("EVP_DigestVerify"), "strict-signature/ed25519", "strict-signature/ed448", "strict-signature/pss-odd"),

	yes(run("the issuer is compared by canonical names"), "strict-chaining/string-type", "strict-chaining/spelling"),
	yes(run("intermediate with an empty subject"), "strict-chaining/empty", "basic-name-chaining"),
	no(run("authorityKeyIdentifier with another serial number, or of another key"), "strict-chaining/aki-serial", "basic-key-identifier"),
	no(run("two roots of one name, the wrong one first"), "strict-first-issuer/anchor"),
	yes(run("expired twin of the intermediate first"), "strict-first-issuer/sent"),

	yes(run("an unknown extension twice"), "basic-duplicate-extension/unknown"),
	yes(run("requireExplicitPolicy is not looked at"), "basic-policy", "strict-extension/policy-constraints"),
	yes(run("critical CRL distribution points"), "strict-extension/crl-distribution-points"),
	yes(code("v3_purp.c X509_supported_extension"), "strict-extension/policy-mappings", "strict-extension/inhibit-any-policy"),
	yes(run("directory names, UPN and empty constraints"), "strict-constraints/*"),
	yes(code("must-staple is known and not looked at"), "strict-staple"),
	yes(run("revoked, says the staple: nobody asks for one"), "revocation-revoked"),
	yes(run("v3 root with keyCertSign and without basicConstraints"), "basic-not-ca/absent-signs@anchor"),

	no(run("X509_V_FLAG_PARTIAL_CHAIN is off"), "strict-anchor/leaf", "strict-anchor/intermediate"),
	yes(run("self-signed leaf trusted itself"), "strict-anchor/self-signed", "strict-anchor/self-signed-ca", "strict-anchor/version-1"),
	yes(run("CA:TRUE certificate as the leaf"), "strict-leaf"),
	atMost(run("message of 101 kB and of 125 kB"), 102400, "strict-limits/message"),
	yes(run("30 strangers behind the chain"), "strict-limits/certificates", "strict-limits/certificate"),
	yes(run("nine intermediates"), "strict-depth"),

	no(run("no bit is set: invalid certificate"), "strict-encoding/key-usage-length"),
	yes(run("iPAddress of five octets beside a good one"), "strict-encoding/general-name-ip-length"),
	yes(run("unreadable authorityInfoAccess"), "strict-encoding/authority-info-syntax"),
	yes(run("critical FALSE written out"), "strict-encoding/critical-false-encoded"),
	yes(run("@ in a PrintableString"), "strict-encoding/string-printable"),
	no(run("UTCTime without seconds"), "strict-encoding/time-no-seconds"),
	no(run("invalid UTF-8 in the subject"), "strict-encoding/string-utf8"),
	no(run("unreadable cRLDistributionPoints"), "strict-encoding/distribution-points-syntax"),
	yes(run("serial number of 24 octets"), "strict-encoding/serial-too-long"),
	yes(run("wildcard that covers an excluded name among others"), "basic-name-constraints/ca-dns-wildcard"),

	yes(run("name in the common name only"), "hostname-*/cn", "hostname-*/cn-beside-ip", "hostname-*/cn-beside-uri", "hostname-*/cn-beside-email", "hostname-*/cn-beside-nothing"),
	no(run("common name beside dNSNames"), "hostname-*/cn-beside-dns"),
	no(run("common name that is an address"), "hostname-*/ip-in-cn*"),
	no(run("dNSName that is an address"), "hostname-*/ip-in-dns", "hostname-*/ip-mapped"),
	no(run("wildcards under a top-level domain, two of them, further right"), "hostname-*/wildcard-tld", "hostname-*/wildcard-two", "hostname-*/wildcard-inner"),
	yes(run("label that begins with a hyphen"), "hostname-*/hyphen", "hostname-unusual/hyphen-wildcard"),
	yes(run("wildcard under co.uk"), "hostname-unusual/suffix-registry"),
	yes(run("underscore in a name that stands in full"), "hostname-unusual/underscore"),
)

// level2 and level1 are the security levels: 112 and 80 bits, which is what an RSA
// key of about 1962 and 919 bits has (rsa_lib.c ossl_ifc_ffc_compute_security_bits).
var (
	level2 = table("security level 2",
		atLeast(run("1024 bits refused in leaf and intermediate, 2047 taken"), 1962, "strict-key-size/rsa"),
		no(code("96 bits of security"), "strict-key-size/ec"))
	level1 = table("security level 1",
		atLeast(run("1024 bits taken in leaf and intermediate"), 919, "strict-key-size/rsa"),
		yes(code("96 bits of security"), "strict-key-size/ec"))
)

// sclient is the name matcher of the library as s_client -verify_hostname sets it.
var sclient = table("s_client -verify_hostname",
	yes(run("f*, *o"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail"),
	no(run("f*o"), "hostname-*/wildcard-middle"),
	no(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard"),
	no(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
)

var curl = table("curl",
	no(run("partial wildcards"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail"),
	yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard"),
	yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	no(run("common name beside an address"), "hostname-*/cn-beside-ip"),
	yes(run("common name that is an address"), "hostname-*/ip-in-cn"),
	yes(run("intermediate or leaf as anchor"), "strict-anchor/leaf", "strict-anchor/intermediate"),
	no(run("empty issuer: couldn't get X509-issuer name"), "strict-chaining/empty", "basic-name-chaining"),
)

var python = table("Python ssl",
	no(run("partial wildcards"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail"),
	no(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard"),
	no(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
)

// python312 has the same defaults as 3.11: the strict flags came with 3.13.
var python312 = table("Python 3.12", yes(code("ssl.py of 3.12: create_default_context sets no further flags"), "lint-*"))

// python313 is what create_default_context sets since 3.13: VERIFY_X509_STRICT and
// VERIFY_X509_PARTIAL_CHAIN.
var python313 = table("Python 3.13 strict",
	no(run("no key identifiers"), "lint-aki-missing", "lint-ski-missing"),
	no(run("basicConstraints of a CA not critical"), "lint-basic-constraints-critical"),
	no(run("CA without keyUsage"), "lint-ca-key-usage"),
	no(run("pathLen on a certificate that is no CA's"), "lint-path-len"),
	no(run("keyCertSign without CA"), "lint-cert-sign-without-ca"),
	no(run("empty subject, subjectAltName not critical"), "lint-san-not-critical"),
	yes(run("self-signed leaf trusted itself: a path of one certificate is not held to these"), "lint-aki-missing@alone", "lint-ski-missing@alone", "lint-basic-constraints-critical@alone", "lint-ca-key-usage@alone",
		"lint-path-len@alone", "lint-cert-sign-without-ca@alone", "lint-san-not-critical@alone"),
	no(run("empty issuer"), "strict-chaining/empty", "basic-name-chaining"),
	no(run("root without basicConstraints, or of version 1"), "basic-not-ca/absent-signs@anchor", "strict-anchor/version-1"),
	yes(run("intermediate or leaf as anchor"), "strict-anchor/leaf", "strict-anchor/intermediate"),
)

var node = table("Node",
	yes(run("f*, *o, f*o"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail", "hostname-*/cn-wildcard-middle"),
	yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard"),
	yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	no(run("name in letters beyond ASCII"), "hostname-unusual/u-label-reference"),
)

var ruby = table("Ruby Net::HTTP",
	yes(run("f*, *o, f*o"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle", "hostname-*/cn-wildcard-head", "hostname-*/cn-wildcard-tail", "hostname-*/cn-wildcard-middle"),
	yes(run("wildcard under com"), "hostname-*/wildcard-tld"),
	yes(run("underscore under a wildcard"), "hostname-unusual/underscore-wildcard"),
	yes(run("final dot in the name, in the certificate"), "hostname-unusual/dot-reference", "hostname-*/dot-san", "hostname-*/cn-dot-san"),
	no(run("common name beside an address"), "hostname-*/cn-beside-ip"),
	yes(run("dNSName or common name that is an address"), "hostname-*/ip-in-cn", "hostname-*/ip-in-dns"),
)
