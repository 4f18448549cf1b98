package explain

// secTrustTable is what SecTrust, trustd and CFNetwork write beyond the codes of
// URLError.
func secTrustTable() []Entry {
	return []Entry{
		{Title: "\"Trust evaluate failure\": the checks that failed, by certificate", Phrases: []string{"trust evaluate failure"},
			Says:  "trustd's log lists, for each certificate from the leaf upwards, the checks that failed: SSLHostname is the name, TemporalValidity a date, AnchorTrusted or MissingIntermediate the chain's end, ServerAuthEKU and ExtendedKeyUsage the purpose, the …ValidityPeriod… ones the lifetime, …CTRequired Certificate Transparency, WeakKeySize and WeakSignature the algorithms.",
			Not:   "It does not give the measured values: which name, which date.",
			Rules: []string{"hostname-mismatch", "basic-expired", "basic-anchor-not-trusted", "basic-intermediate-missing", "apple-server-auth-eku", "apple-lifetime-825", "apple-ct-missing", "apple-key-size"}, Next: checkServer,
			Source: "Apple SecTrust.c, SecPolicyChecks.list"},
		{Title: "kSecTrustResultRecoverableTrustFailure (5): not trusted, and an override could change that", Codes: []string{"kSecTrustResultRecoverableTrustFailure"}, Phrases: []string{"recoverable trust failure", "recoverabletrustfailure"},
			Says: "Trust evaluation failed for a reason the user or the app may decide about: an anchor that is not trusted, a name, a date. \"Recoverable\" does not mean harmless.", Not: "It does not say which reason; SecTrustEvaluateWithError does.",
			Rules: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed", "hostname-mismatch", "basic-expired"}, Next: checkServer, Source: "Apple SecTrust.h; QA1360"},
		{Title: "kSecTrustResultFatalTrustFailure (6), Deny (3), OtherError (7): not trusted", Codes: []string{"kSecTrustResultFatalTrustFailure", "kSecTrustResultDeny", "kSecTrustResultOtherError", "kSecTrustResultInvalid"}, Phrases: []string{"fatal trust failure"},
			Says: "Trust evaluation failed and nothing the user does changes it: a certificate is malformed, weak or revoked (fatal), was marked as never to be trusted (deny), or was not evaluated at all (other, invalid).", Not: "It does not say which certificate.",
			Rules: []string{"apple-unparseable-extension", "apple-key-size", "apple-sha1", "revocation-revoked", "apple-distrusted"}, Next: checkServer, Source: "Apple SecTrust.h; QA1360"},
		{Title: "kSecTrustResultUnspecified (4), kSecTrustResultProceed (1): trusted", Codes: []string{"kSecTrustResultUnspecified", "kSecTrustResultProceed"},
			Says: "Trust evaluation succeeded; \"unspecified\" only says that the user made no choice of their own.", Not: "It is no error.", Rules: nil, Next: checkServer, Source: "Apple SecTrust.h; QA1360"},
		{Title: "\"TIC SSL Trust Error\": CFNetwork's log of an untrusted server", Phrases: []string{"tic ssl trust error", "tls trust encountered error", "ssl trust error"},
			Says: "The connection's trust evaluation failed. Of the two numbers behind it 3 is the domain (SSL) and the second the code: −9802 under App Transport Security, −9807 without, 0 where an app's own override decided.", Not: "It does not say which of the levels failed.",
			Rules: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "hostname-mismatch", "apple-lifetime-825"}, Next: checkWithApp, Source: "CFNetwork log; Apple SecureTransport.h"},
		{Title: "SSL −9880 … −9886: App Transport Security refuses the connection", Codes: []string{"-9880", "-9886", "errSSLATSViolation", "errSSLATSCertificateTrustViolation", "errSSLATSMinimumKeySizeViolation", "errSSLATSLeafCertificateHashAlgorithmViolation", "errSSLATSCertificateHashAlgorithmViolation"},
			Says: "A demand of App Transport Security on version, suite, key size, hash or trust is not met.", Not: "It does not say that other clients are refused.", Rules: []string{"ats-tls-version", "ats-cipher", "ats-key-size", "ats-signature-hash", "ats-required-trust"}, Next: checkWithApp, Source: "Apple SecureTransport.h"},
		{Title: "SSL −9865: the server does not know the name", Codes: []string{"-9865", "errSSLUnrecognizedName"},
			Says: "The server does not serve the name sent as SNI.", Not: "It says nothing about trust.", Rules: []string{"reach-server-name", "hostname-mismatch"}, Next: "chainspect check ADDRESS --name NAME", Source: "Apple SecureTransport.h; RFC 6066 section 3"},
		{Title: "SSL −9862: the stapled OCSP response is bad", Codes: []string{"-9862", "errSSLBadCertificateStatusResponse"},
			Says: "The OCSP response in the handshake does not count.", Not: "It does not say that a certificate is revoked.", Rules: []string{"revocation-staple-ignored"}, Next: checkServer, Source: "Apple SecureTransport.h"},
		{Title: "SSL −9841, −9842: not errors", Codes: []string{"-9841", "-9842", "errSSLServerAuthCompleted", "errSSLPeerAuthCompleted", "errSSLClientCertRequested"},
			Says: "Secure Transport stops so that the app can look at the server's trust (−9841) or choose a client identity (−9842), and goes on when it is called again.", Not: "Neither says that anything failed.", Rules: nil, Next: checkServer, Source: "Apple SecureTransport.h"},
		{Title: "SSL −9852, −9853, −9844: no connection, or it was lost", Codes: []string{"-9844", "-9852", "-9853", "errSSLConnectionRefused", "errSSLTransportReset", "errSSLNetworkTimeout", "-1005", "NSURLErrorNetworkConnectionLost"}, Phrases: []string{"the network connection was lost"},
			Says: "The connection was refused, reset or timed out.", Not: "It says nothing about trust.", Rules: []string{"reach-large-clienthello", "reach-intermittent"}, Next: checkServer, Source: "Apple SecureTransport.h, NSURLError.h"},
		{Title: "the certificate is trusted neither here nor by the Mac (codesign, profile, mail)", Codes: []string{"CSSMERR_TP_NOT_TRUSTED"}, Phrases: []string{"cssmerr_tp_not_trusted"},
			Says: "The chain of trust does not end at an anchor this Mac or device trusts.", Not: "It does not tell a missing intermediate from a root that is not installed or not switched on.", Rules: []string{"basic-anchor-not-trusted", "basic-intermediate-missing", "basic-self-signed"}, Next: checkServer, Source: "Apple SecBase.h, cssmapple.h"},
		{Title: "an old Mac's CSSM error", Codes: []string{"CSSMERR_TP_CERT_EXPIRED", "CSSMERR_TP_CERT_REVOKED", "CSSMERR_TP_VERIFY_ACTION_FAILED", "CSSMERR_APPLETP_HOSTNAME_MISMATCH", "CSSMERR_CSP_UNSUPPORTED_KEY_SIZE"},
			Says: "The name says the check that failed: EXPIRED a date, REVOKED a revocation, HOSTNAME_MISMATCH the name, UNSUPPORTED_KEY_SIZE a key.", Not: "It does not say at which certificate.", Rules: []string{"basic-expired", "revocation-revoked", "hostname-mismatch", "apple-key-size"}, Next: checkServer, Source: "Apple cssmapple.h"},
		{Title: "a profile or root cannot be installed", Phrases: []string{"profile installation failed", "the certificate could not be installed", "invalid profile", "the authenticity of…cannot be verified"},
			Says: "The device refused the profile or the certificate in it, or says that nobody vouches for the profile's signature.", Not: "Installing alone does not make a root trusted: Settings, General, About, Certificate Trust Settings has to be switched on for one installed by hand.",
			Rules: []string{"apple-anchor-not-ca", "apple-anchor-common-name", "apple-anchor-unrecognised", "basic-anchor-not-trusted"}, Next: "chainspect check HOST[:PORT] --anchor PROFILE.mobileconfig", Source: "Apple support 102390; field reports"},
	}
}
