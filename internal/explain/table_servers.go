package explain

const (
	checkAsClient = "chainspect check HOST[:PORT] --name NAME --platform ios26"
	testIdentity  = "chainspect identity FILE --anchor CLIENT-CA"
)

// serversTable is what servers write into their logs about those who connect:
// who speaks is half of what such a line says.
func serversTable() []Entry {
	return []Entry{
		{Title: "a server's log: the client refused this server's certificate", Speaker: true,
			Phrases: []string{"tls handshake error from…remote error: tls: bad certificate", "tls handshake error from…remote error: tls: unknown certificate", "tls handshake error from…remote error: tls: unknown certificate authority", "tls handshake error from…remote error: tls: expired certificate", "tls handshake error from…remote error: tls: revoked certificate", "tls handshake error from…remote error: tls: unsupported certificate",
				"alert bad certificate…while ssl handshaking", "alert certificate unknown…while ssl handshaking", "alert unknown ca…while ssl handshaking", "alert certificate expired…while ssl handshaking", "alert unsupported certificate…while ssl handshaking", "ssl_accept…alert unknown ca", "ssl_accept…alert certificate unknown", "ssl_accept…alert bad certificate"},
			Says:  "A client connected to this server, did not trust the certificate it was shown, and closed the connection with an alert.",
			Not:   "It is not about a client identity, and it does not say why the client refused: a root it does not have, an intermediate that is not sent, a name or a date all look like this.",
			Rules: []string{"basic-intermediate-missing", "basic-anchor-not-trusted", "basic-self-signed", "hostname-mismatch", "basic-expired", "apple-lifetime-825"}, Next: checkAsClient,
			Source: "Go net/http server, crypto/tls alert.go; nginx ngx_event_openssl.c; RFC 8446 section 6.2"},
		{Title: "a server's log: the client identity was not trusted", Speaker: true,
			Phrases: []string{"client ssl certificate verify error", "tls handshake error from…failed to verify certificate", "tls handshake error from…tls: failed to verify client", "ah02039", "ah02040", "certificate verification: error (", "certificate verification: certificate chain too long", "peer did not return…certificate verify failed", "ssl client certificate not trusted", "ssl client ca chain cannot be verified"},
			Says:    "In mutual TLS this server did not trust the client identity it was shown; the words in brackets or behind it are the server's reason.",
			Not:     "It is not about the server's own certificate: what is missing, untrusted or out of date belongs to the client's chain, or to the file of client CAs (nginx: ssl_client_certificate, ssl_verify_depth; Apache: SSLCACertificateFile, SSLVerifyDepth).",
			Rules:   []string{"mtls-rejected", "identity-no-intermediates", "identity-no-client-auth", "basic-expired"}, Next: testIdentity,
			Source: "nginx ngx_http_request.c; Apache ssl_engine_kernel.c AH02039; Go crypto/tls; HAProxy"},
		{Title: "a proxy's log: the server behind it is not trusted", Speaker: true,
			Phrases: []string{"upstream ssl certificate verify error", "upstream ssl certificate does not match", "while ssl handshaking to upstream", "transport failure reason: tls", "ssl proxy requires…certificate"},
			Says:    "This server is the client of another one (proxy_pass, ProxyPass, an Envoy cluster) and did not trust or understand it; what stands in brackets is the reason.",
			Not:     "It is not about the certificate that this server shows to its own clients. The anchors are the proxy's: proxy_ssl_trusted_certificate and proxy_ssl_name, SSLProxyCACertificateFile, or Envoy's validation_context.",
			Rules:   []string{"basic-intermediate-missing", "basic-anchor-not-trusted", "hostname-mismatch", "basic-expired"}, Next: "chainspect check UPSTREAM:PORT --name NAME --anchor FILE",
			Source: "nginx ngx_http_upstream.c; Envoy; Apache mod_ssl"},
		{Title: "a server's log: no client identity came", Speaker: true,
			Phrases: []string{"client sent no required ssl certificate", "tls handshake error from…client didn't provide a certificate", "peer did not return a certificate", "peer_did_not_return_a_certificate", "tls handshake error from…certificate required", "bad_certificate: null cert chain", "null cert chain", "empty client certificate chain"},
			Says:    "The server demands mutual TLS, and the client that connected offered no identity: it has none, has none of the CAs the server names, or could not use its key.",
			Not:     "It does not say that an identity was refused, and it is not about the server's own certificate.",
			Rules:   []string{"mtls-required-no-identity", "mtls-not-offered"}, Next: checkIdentity, Source: "nginx ngx_http_request.c; Go crypto/tls; OpenSSL; JDK CertificateMessage"},
		{Title: "a server's log: the client went away during the handshake", Speaker: true,
			Phrases: []string{"tls handshake error from…eof", "tls handshake error from…i/o timeout", "tls handshake error from…connection reset by peer", "peer closed connection in ssl handshake", "ssl handshake interrupted", "ah02008", "client closed connection while ssl handshaking"},
			Says:    "A client opened a connection and closed it before the handshake was over: a health check or a port scan, or a client that did not like the certificate and says so with silence.",
			Not:     "It does not say that anything is wrong with the server.", Rules: []string{"reach-large-clienthello", "reach-intermittent"}, Next: checkAsClient, Source: "Go net/http server; nginx; Apache AH02008"},
		{Title: "post-handshake authentication is not possible (Apache)", Codes: []string{"AH10158", "AH02261"},
			Phrases: []string{"cannot perform post-handshake authentication", "re-negotiation handshake failed", "extension not received", "client does not support post-handshake authentication"},
			Says:    "The server asks for the client identity only after the request for a certain path (SSLVerifyClient in a Location). TLS 1.3 knows post-handshake authentication for that, and browsers, URLSession and HTTP/2 do not offer it; TLS 1.2 needs a renegotiation, which is refused as well.",
			Not:     "It does not say that the identity is wrong: none was asked for in time.", Rules: []string{"mtls-rejected", "mtls-required-no-identity"}, Next: checkIdentity + " --path /PATH", Source: "Apache ssl_engine_kernel.c; RFC 8446 section 4.6.2; RFC 9113 section 9.2.3"},
		{Title: "the name in the request is not that of the handshake (Apache, HTTP 421)", Codes: []string{"AH02031", "AH02032", "AH02033", "http 421"},
			Phrases: []string{"misdirected request", "no hostname was provided via sni", "provided via sni, but no hostname", "provided via sni and hostname"},
			Says:    "The client sent one server name in the handshake, or none, and asked for another host in the request; the two virtual hosts have different TLS settings.",
			Not:     "It says nothing about trust.", Rules: []string{"reach-server-name", "hostname-mismatch"}, Next: "chainspect check ADDRESS --name NAME", Source: "Apache ssl_engine_kernel.c; RFC 6066 section 3; RFC 9110 section 15.5.20"},
		{Title: "the server's own certificate does not fit its name or its use (Apache)", Codes: []string{"AH01906", "AH01909"},
			Phrases: []string{"server certificate does not include an id which matches the server name", "server certificate is a ca certificate"},
			Says:    "At start the server saw that its certificate does not cover ServerName, or is a CA's.", Not: "The server starts all the same; it is the clients that will refuse.",
			Rules: []string{"hostname-mismatch", "hostname-cn-only", "basic-self-signed", "basic-not-ca"}, Next: "chainspect check FILE --name NAME", Source: "Apache ssl_engine_init.c"},
		{Title: "the server cannot use its certificate or key", Codes: []string{"AH02561", "AH02562", "AH02564", "AH02565", "AH02572", "PEM_R_NO_START_LINE", "NO_START_LINE", "ERR_OSSL_PEM_NO_START_LINE", "KEY_VALUES_MISMATCH", "ERR_OSSL_X509_KEY_VALUES_MISMATCH"},
			Phrases: []string{"cannot load certificate", "cannot load certificate key", "certificate and private key…do not match", "failed to configure at least one certificate and key", "failed to configure certificate", "no \"ssl_certificate\" is defined", "private key does not match public key", "failed to find any pem data", "pem routines:…no start line", "no start line", "bad end line", "found a certificate rather than a key", "unable to load certificate", "expecting: trusted certificate"},
			Says:    "A file with the certificate or its key could not be read, is not PEM, holds something else, or the key does not belong to the first certificate in it. Often the chain stands in the wrong order: item 0 has to be first.",
			Not:     "No client has been asked yet.", Rules: []string{"identity-no-key-fits", "identity-certificate-only", "identity-key-only", "basic-order"}, Next: readIdentity + " --key KEY", Source: "nginx; Apache ssl_engine_init.c; OpenSSL PEM_read_bio, X509_check_private_key; Go tls.X509KeyPair"},
		{Title: "the server has no certificate for the client", Codes: []string{"no_certificate_set"},
			Phrases: []string{"no certificates configured", "neither certificates, getcertificate", "peer doesn't support any of the certificate's signature algorithms", "no certificate available to match", "no available authentication scheme", "no certificate set", "no suitable certificate found", "no cipher suite supported by both client and server", "client offered only unsupported versions", "server selected unsupported", "tls: no supported versions satisfy", "no application protocol"},
			Says:    "The server has no certificate and no parameters that the client's hello allows: none is configured for the name, its key is of a kind the client does not take (Ed25519, for Apple platforms), or versions, suites and ALPN have nothing in common.",
			Not:     "No trust was evaluated: the client saw no certificate.", Rules: []string{"ats-signature-algorithm", "apple-ed25519", "ats-cipher", "ats-tls-version", "ats-group", "reach-server-name"}, Next: checkServer, Source: "Go crypto/tls; JDK SSLContextImpl; OpenSSL"},
		{Title: "OCSP stapling does not work on the server", Codes: []string{"AH02217", "AH02218", "AH01941"},
			Phrases: []string{"\"ssl_stapling\" ignored", "issuer certificate not found for certificate", "no ocsp responder url in the certificate", "ocsp_basic_verify() failed", "ocsp responder timed out", "ocsp response not successful", "can't retrieve issuer certificate", "stapling_renew_response", "ocsp responder sent invalid"},
			Says:    "The server could not get an OCSP response to staple: it does not know the issuer of item 0 (the chain file lacks it), the CA offers no OCSP any more, or the responder cannot be reached.",
			Not:     "Clients connect all the same unless the certificate demands a staple.", Rules: []string{"basic-intermediate-missing", "revocation-staple-ignored", "revocation-unknown"}, Next: checkServer, Source: "nginx ngx_event_openssl_stapling.c; Apache ssl_util_stapling.c"},
		{Title: "Envoy: the certificates have not come from the control plane", Phrases: []string{"secret is not supplied by sds"},
			Says: "Envoy has the listener or cluster, and waits for its certificate or validation context; until then every connection is closed.", Not: "It says nothing about the certificate itself.",
			Rules: nil, Next: checkServer, Source: "Envoy ssl_socket.cc"},
	}
}
