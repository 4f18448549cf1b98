package client

// path is what RFC 5280 section 6 and the documents of both makers have in common,
// for clients that nobody here ran.
var path = &Table{Name: "RFC 5280", known: Document, source: func() []row {
	return []row{
		no(document("dates, signatures, basicConstraints, keyCertSign, path length and constraints are checked"),
			"basic-expired", "basic-not-yet-valid", "basic-signature", "basic-signature-uncheckable", "basic-signature-algorithm", "basic-not-ca", "basic-key-cert-sign", "basic-path-length", "basic-name-constraints"),
		no(document("the chain has to end at a trusted root"), "basic-anchor-not-trusted", "basic-self-signed", "basic-intermediate-missing", "basic-loop", "basic-name-chaining", "basic-budget"),
		no(document("what cannot be read is refused"), "basic-unreadable/certificate"),
		yes(document("strict-encoding says which field it is, and who minds"), "basic-unreadable/field"),
		no(document("a purpose that is not serverAuth"), "basic-eku/other"),
		no(document("critical extensions that are not understood"), "basic-critical-extension/other", "basic-critical-extension/ct-poison"),
		no(document("the intermediate before the leaf"), "basic-order"),
		yes(document("remarks about the list that was sent"), "basic-root-sent", "basic-duplicate", "basic-unrelated", "basic-inspection-suspected", "basic-expires-soon", "basic-encoding", "basic-unread-extension", "basic-key-usage",
			"basic-sha1", "basic-weak-hash", "basic-weak-key", "basic-self-signature"),
		no(document("name not covered"), "hostname-*/none", "hostname-*/wildcard-deep", "hostname-*/wildcard-bare", "hostname-*/wildcard-all"),
		yes(document("RSA keys to 8192 bits"), "strict-key-size/rsa-large"),
		yes(document("certificate-profile rules bind CAs"), "lint-*"),
		yes(code("Apple's own rules, and those of level 3"), "apple-*", "ats-*"),
		yes(document("no Certificate Transparency, but in browsers"), "strict-transparency"),
		yes(document("no limit to lifetimes, but in Chrome under public roots"), "strict-lifetime"),
		no(document("RFC 8446 sections 4.4.3 and 6"), "reach-key-proof", "reach-protocol-error"),
		yes(code("remarks about the way to the server"), "reach-*"),
		no(document("the server ends the connection"), "mtls-required-no-identity"),
		no(document("the server refuses the identity, whichever client shows it"), "mtls-rejected"),
		yes(code("remarks about an identity"), "mtls-*"),
		yes(code("remarks about answers that were ignored or did not come"), "revocation-staple-ignored", "revocation-evidence-ignored", "revocation-crl-unreadable", "revocation-unknown", "revocation-crl-profile", "revocation-soft-fail", "revocation-must-staple"),
		no(document("versions, suites and groups the client does not offer"), "strict-handshake"),
		yes(document("10 certificates, 32 kB"), "strict-limits/certificates", "strict-limits/message", "strict-limits/certificate"),
	}
}}

// android is an app built for API 24 or newer: Conscrypt over BoringSSL.
var android = &Table{Name: "Android apps (Conscrypt)", known: Document, source: func() []row {
	return []row{
		no(document("the common name is never read (OkHttp, platform verifier)"), "hostname-*/cn*", "hostname-*/ip-in-*"),
		no(document("partial wildcards"), "hostname-*/wildcard-head", "hostname-*/wildcard-tail", "hostname-*/wildcard-middle"),
		no(code("BoringSSL ssl_cert_check_key_usage"), "strict-key-usage"),
		no(code("Conscrypt ChainStrengthAnalyzer: SHA-1, MD5"), "strict-signature/sha1-*", "strict-signature/md*"),
		atLeast(code("Conscrypt ChainStrengthAnalyzer: 1024"), 1024, "strict-key-size/rsa"),
		yes(code("TrustManagerImpl tries all candidates"), "strict-first-issuer"),
	}
}}

// windows is Schannel with CryptoAPI: .NET, WinHTTP, PowerShell.
var windows = &Table{Name: "Windows (Schannel)", known: Document, source: func() []row {
	return []row{
		no(document("weak crypto policy: RSA below 1024 bits, MD5"), "strict-signature/md*"),
		atLeast(document("weak crypto policy: RSA below 1024 bits"), 1024, "strict-key-size/rsa"),
		no(document("purposes are intersected over the path"), "basic-eku", "basic-anchor-eku"),
		no(document("Ed25519 is not supported"), "strict-key/Ed25519", "strict-key/Ed448"),
		yes(document("RSA-PSS is supported"), "strict-signature/pss"),
		no(document("the table has neither purposes nor dates"), "strict-root-limit"),
	}
}}

// php is OpenSSL with the name matcher of xp_ssl.c.
var php = &Table{Name: "PHP streams", known: Code, source: func() []row {
	return []row{
		yes(code("xp_ssl.c php_openssl_matches_wildcard_name: f*, *o, f*o, wildcard under com"), "hostname-*/wildcard-head*", "hostname-*/wildcard-tail*", "hostname-*/wildcard-middle*", "hostname-*/wildcard-idna", "hostname-*/wildcard-tld",
			"hostname-*/cn-wildcard-head*", "hostname-*/cn-wildcard-tail*", "hostname-*/cn-wildcard-middle*", "hostname-*/cn-wildcard-tld"),
		yes(run("name in the common name only, beside mailboxes too, of several in the first"), "hostname-*/cn", "hostname-*/cn-beside-email", "hostname-*/cn-first"),
		no(run("of several common names all but the first; in a BMPString; beside a URI"), "hostname-*/cn-last", "hostname-*/cn-amid", "hostname-*/cn-bmp", "hostname-*/cn-beside-uri"),
		yes(run("address in the common name, another or a mailbox in the SAN; * for a single label"), "hostname-*/ip-in-cn-beside-ip", "hostname-*/ip-in-cn-beside-email", "hostname-*/wildcard-all-single"),
		no(run("final dot in the name, in both"), "hostname-unusual/dot-reference", "hostname-*/dot-both"),
		atMost(run("nine intermediates refused"), 8, "strict-depth"),
		no(run("common name beside dNSNames, common name with a final dot"), "hostname-*/cn-beside-dns", "hostname-*/ip-in-cn-beside-dns", "hostname-*/cn-dot-san"),
		yes(code("xp_ssl.c: names are compared as text"), "hostname-*/ip-in-cn", "hostname-*/ip-in-dns*", "hostname-unusual/underscore-wildcard", "hostname-*/cn-underscore-wildcard", "hostname-unusual/hyphen-wildcard"),
		yes(code("xp_ssl.c: a final dot in the certificate is dropped"), "hostname-*/dot-san"),
	}
}}
