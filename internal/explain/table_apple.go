package explain

const (
	checkServer   = "chainspect check HOST[:PORT]"
	checkWithApp  = "chainspect check HOST[:PORT] --info-plist Info.plist"
	checkIdentity = "chainspect check HOST[:PORT] --identity FILE"
	readIdentity  = "chainspect identity FILE"
)

// appleTable is what Apple platforms say (Apple SecBase.h; NSURLError.h; field reports).
func appleTable() []Entry {
	return []Entry{
		{Title: "URLError -1200 (NSURLErrorSecureConnectionFailed)", Codes: []string{"-1200", "NSURLErrorSecureConnectionFailed", "-9802", "errSSLFatalAlert"},
			Phrases: []string{"an ssl error has occurred and a secure connection", "strict tls trust evaluation failed", "ats failed system trust", "a tls error caused the secure connection to fail"},
			Says:    "The secure connection failed while App Transport Security is required for the host: either default trust evaluation refused the chain (\"strict\"), or the TLS handshake itself failed.",
			Not:     "It does not say which of the three levels failed; with ATS on, an untrusted root, a wrong name and an old TLS version all look like this.",
			Rules:   []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "hostname-mismatch", "apple-lifetime-825", "ats-tls-version", "ats-cipher", "ats-forward-secrecy"},
			Next:    checkWithApp, Source: "Apple NSURLError.h, SecBase.h; field reports"},
		{Title: "URLError -1202 (NSURLErrorServerCertificateUntrusted)", Codes: []string{"-1202", "NSURLErrorServerCertificateUntrusted", "-9807", "errSSLXCertChainInvalid"},
			Phrases: []string{"the certificate for this server is invalid", "pretending to be", "default tls trust evaluation failed", "put your confidential information at risk"},
			Says:    "Default trust evaluation refused the server's chain, on a connection for which App Transport Security is not required (it is off for the host, or the host is local).",
			Not:     "It does not say why: any rule of level 1 or level 2 ends here. ATS exceptions cannot help.",
			Rules:   []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed", "hostname-mismatch", "hostname-cn-only", "apple-lifetime-825", "apple-server-auth-eku"},
			Next:    checkServer, Source: "Apple NSURLError.h, SecBase.h"},
		{Title: "URLError -1201 / -1204, SSL -9814 / -9815: a date is wrong", Codes: []string{"-1201", "-1204", "-9814", "-9815", "-67818", "NSURLErrorServerCertificateHasBadDate", "NSURLErrorServerCertificateNotYetValid", "errSecCertificateExpired"},
			Phrases: []string{"certificate is expired", "certificate has expired", "has expired or is not yet valid"},
			Says:    "A certificate on the path is not valid at the time of the evaluation. SecTrust uses -67818 for both directions.",
			Not:     "It does not say which certificate: it may be an intermediate or the root, or the device's clock may be wrong. Expiry has the lowest priority, so nothing else is wrong.",
			Rules:   []string{"basic-expired", "basic-not-yet-valid"}, Next: checkServer, Source: "Apple SecBase.h; SecTrustInternal.h"},
		{Title: "URLError -1203, SSL -9812 / -9813: unknown root", Codes: []string{"-1203", "-9812", "-9813", "errSSLUnknownRootCert", "errSSLNoRootCert", "NSURLErrorServerCertificateHasUnknownRoot", "-67843", "errSecNotTrusted"},
			Phrases: []string{"certificate is not trusted", "unknown root", "root certificate is not trusted"},
			Says:    "The chain of trust does not end at an anchor the device trusts.",
			Not:     "It does not tell a missing intermediate from a root that is not installed.",
			Rules:   []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed", "apple-root-removed", "apple-distrusted"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "errSecCreateChainFailed (-25318): no chain", Codes: []string{"-25318", "errSecCreateChainFailed"}, Phrases: []string{"missingintermediate", "unable to build chain"},
			Says: "No certificate was found that issued the last one found: an intermediate is missing, or a signature on the way cannot be verified by the platform (RSASSA-PSS, for one).", Not: "It does not name the missing certificate.",
			Rules: []string{"basic-intermediate-missing", "basic-signature", "apple-pss"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "errSecHostNameMismatch (-67602), SSL -9843: the name does not match", Codes: []string{"-67602", "-9843", "errSecHostNameMismatch", "errSSLHostNameMismatch"},
			Phrases: []string{"name does not match input", "hostname mismatch", "host name mismatch"}, Says: "The certificate of item 0 does not cover the name the app asked for. Only subjectAltName counts; the common name never does.",
			Not: "It does not say which names are covered.", Rules: []string{"hostname-mismatch", "hostname-cn-only", "hostname-no-san", "hostname-ip-as-dns", "hostname-wildcard"}, Next: checkServer, Source: "Apple SecBase.h; RFC 2818 section 3.1"},
		{Title: "\"certificate is not standards compliant\" (-67901, -67903, -67825 …)", Codes: []string{"-67901", "-67903", "-67825", "-67618", "-67610", "errSecCertificateValidityPeriodTooLong", "errSecCertificateDuplicateExtension", "ERR_CERT_VALIDITY_TOO_LONG"},
			Phrases: []string{"not standards compliant", "certificate is not standards compliant"}, Says: "A rule of Apple's own about certificates is broken: validity too long, Certificate Transparency, a repeated or unreadable extension, key identifiers, name constraints.",
			Not: "It does not say which rule.", Rules: []string{"apple-lifetime-825", "apple-lifetime-398", "apple-ct-missing", "apple-duplicate-extension", "apple-unparseable-extension"}, Next: checkServer, Source: "Apple SecBase.h; SecTrustInternal.h"},
		{Title: "\"is not permitted for this usage\" (-67609, -67608)", Codes: []string{"-67609", "-67608", "errSecInvalidExtendedKeyUsage"}, Phrases: []string{"not permitted for this usage"},
			Says: "The extended key usage of item 0 or of an intermediate does not allow TLS servers.", Not: "It does not say at which item.", Rules: []string{"apple-eku", "apple-server-auth-eku", "apple-intermediate-eku"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "\"using a broken key size\" / \"broken signature algorithm\" (-67735, -67815)", Codes: []string{"-67735", "-67815", "-9883", "-9884", "-9885"}, Phrases: []string{"broken key size", "broken signature algorithm"},
			Says: "A key on the path is too small, or a signature uses MD5 or SHA-1.", Not: "It does not say which certificate; the root counts for the key size.", Rules: []string{"apple-key-size", "apple-weak-key", "apple-sha1", "apple-md5"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "revoked or blocked (-67820)", Codes: []string{"-67820", "errSecCertificateRevoked", "ERR_CERT_REVOKED"}, Phrases: []string{"certificate is revoked", "certificate was revoked"},
			Says: "A certificate is revoked, or its issuer is blocked by the platform.", Not: "It does not say by whom.", Rules: []string{"revocation-revoked", "apple-distrusted", "apple-blocked-issuer"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "SSL -9824 / -9836 / -9850 / -9858 / -9801: no common parameters", Codes: []string{"-9824", "-9836", "-9850", "-9858", "-9801", "-9881", "-9882", "errSSLPeerHandshakeFail", "errSSLPeerProtocolVersion"}, Phrases: []string{"sslhandshake failed", "no common cipher", "no shared cipher"},
			Says: "Client and server have no TLS version, cipher suite, group or signature algorithm in common.", Not: "It says nothing about trust: no certificate was judged.", Rules: []string{"ats-tls-version", "ats-cipher", "ats-forward-secrecy", "ats-signature-algorithm"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "SSL -9806 / -9816 / -9805: the other side closed the connection", Codes: []string{"-9806", "-9816", "-9805", "errSSLClosedAbort", "errSSLClosedNoNotify"}, Phrases: []string{"peer disconnected during handshake", "connection reset by peer", "unexpected eof while reading", "ssl_error_syscall", "ssl_connect: connection reset", "no peer certificate available", "remote host terminated the handshake", "pr_end_of_file_error", "ssl_error_zero_return"},
			Says: "The connection was closed during the handshake: a firewall, a node that is down, a middlebox that cannot take a large ClientHello, or a server that wants a client identity.", Not: "It says nothing about trust.", Rules: []string{"reach-large-clienthello", "mtls-required-no-identity"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "URLError -1022: clear-text http is blocked", Codes: []string{"-1022", "NSURLErrorAppTransportSecurityRequiresSecureConnection"}, Phrases: []string{"app transport security policy requires the use of a secure connection", "cleartext http", "clear-text http"},
			Says: "App Transport Security blocked a clear-text http:// request.", Not: "It is no certificate problem; it never appears for an https URL.", Rules: []string{"ats-cleartext"}, Next: "chainspect check http://HOST --info-plist Info.plist", Source: "Apple NSURLError.h"},
		{Title: "URLError -1206: a client identity is required", Codes: []string{"-1206", "NSURLErrorClientCertificateRequired", "-9863", "496"}, Phrases: []string{"requires a client certificate", "no required ssl certificate was sent", "error 496", "client certificate required"},
			Says: "The server wants mutual TLS, and no client identity was offered. Apple platforms show it also for HTTP 403 on a connection with an identity.", Not: "It does not say which identities the server would take.", Rules: []string{"mtls-required-no-identity"}, Next: checkIdentity, Source: "Apple NSURLError.h; nginx 496"},
		{Title: "URLError -1205: the server rejected the client identity", Codes: []string{"-1205", "NSURLErrorClientCertificateRejected", "495", "-9825", "-9826", "-9827", "-9828", "-9829"}, Phrases: []string{"did not accept the certificate", "the ssl certificate error", "error 495", "495 ssl", "sslv3 alert bad certificate", "tls: bad certificate", "alert bad certificate"},
			Says: "The server decided not to trust the client identity.", Not: "It does not say why; the server's log does.", Rules: []string{"mtls-rejected", "identity-no-client-auth"}, Next: checkIdentity, Source: "Apple NSURLError.h; RFC 8446 section 6; nginx 495"},
		{Title: "a .p12 is refused with a password error (-25293, -25264)", Codes: []string{"-25293", "-25264", "errSecAuthFailed"}, Phrases: []string{"mac verification failed", "passphrase you entered is not correct", "wrong password", "mac verify error", "password incorrect"},
			Says: "The file's MAC could not be verified: the password is wrong, or the importer does not know the MAC or cipher – old iOS versions and the legacy macOS importer say the same for a right password on a modern file.", Not: "It does not tell these apart.", Rules: []string{"identity-mac-not-imported", "identity-old-apple", "identity-unicode-password", "identity-empty-password-encoding", "identity-no-mac"}, Next: readIdentity, Source: "Apple p12import.c; OpenSSL PKCS12_verify_mac"},
		{Title: "a .p12 cannot be decoded (-26275)", Codes: []string{"-26275", "errSecDecode", "-25303"}, Phrases: []string{"unable to decode", "unknown format in import", "rc2-40-cbc", "inner_evp_generic_fetch", "unsupported algorithm"},
			Says: "The container or one of its algorithms is not supported by the importer.", Not: "It does not mean that the file is damaged.", Rules: []string{"identity-encryption-not-imported", "identity-old-encryption", "identity-unsupported-key-type", "identity-old-apple", "identity-ber"}, Next: readIdentity, Source: "Apple p12import.c; OpenSSL 3 providers"},
		{Title: "SSL -9808: a certificate could not be used", Codes: []string{"-9808", "errSSLBadCert"}, Phrases: []string{"bad certificate format"},
			Says: "Apple's certificate parser refused a certificate the server sent: its encoding, its version, or an extension that does not parse.", Not: "It does not say which certificate, and no trust was evaluated.", Rules: []string{"apple-version", "apple-extensions", "apple-unparseable-extension", "basic-unreadable"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "SSL -9800: a protocol error in the handshake", Codes: []string{"-9800", "errSSLProtocol"}, Phrases: []string{"ssl protocol error"},
			Says: "The two sides did not understand each other during the handshake: not TLS at all, a middlebox, or parameters that do not fit.", Not: "It says nothing about trust.", Rules: []string{"reach-large-clienthello", "ats-handshake", "ats-tls-version"}, Next: checkServer, Source: "Apple SecBase.h"},
		{Title: "not TLS at all (-9847)", Codes: []string{"-9847", "RX_RECORD_TOO_LONG", "SSL_ERROR_RX_RECORD_TOO_LONG"}, Phrases: []string{"first record does not look like a tls handshake", "wrong version number", "record too long", "plain http request was sent to https port", "http response to https client", "client sent plain http request", "client sent an http request to an https server", "server gave http response", "unknown protocol"},
			Says: "What answered does not speak TLS on this port.", Not: "It says nothing about certificates.", Rules: []string{"ats-handshake"}, Next: checkServer, Source: "Go crypto/tls; OpenSSL; NSS"},
	}
}
