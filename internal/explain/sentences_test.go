package explain_test

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
)

// TestTheBestEntryLeadsToTheRule: the first entry names the rule, whatever else fits.
func TestTheBestEntryLeadsToTheRule(t *testing.T) {
	for _, tc := range []struct{ text, rule string }{
		// Apple
		{"Trust evaluate failure: [leaf SSLHostname TemporalValidity]", "hostname-mismatch"},
		{"Trust evaluate failure: [leaf AnchorTrusted]", "basic-anchor-not-trusted"},
		{"SecTrustEvaluate returned kSecTrustResultRecoverableTrustFailure", "basic-anchor-not-trusted"},
		{"TIC SSL Trust Error [1:0x600]: 3:0", "basic-anchor-not-trusted"},
		{"errSSLPeerUnknownCA", "mtls-rejected"}, {"-9826", "mtls-rejected"}, {"-9829", "mtls-rejected"},
		{"−9830", "ats-handshake"}, {"−9831", "mtls-rejected"},
		{"The certificate for this server was signed by an unknown certifying authority.", "basic-anchor-not-trusted"},
		{"This Connection Is Not Private", "hostname-mismatch"},
		{"-9865", "reach-server-name"}, {"-9886", "ats-required-trust"}, {"-1005", "reach-large-clienthello"},
		{"CSSMERR_TP_NOT_TRUSTED", "basic-anchor-not-trusted"},
		// servers: whose certificate is it about?
		{"2026/11/25 10:00:00 http: TLS handshake error from 10.0.0.1:5555: remote error: tls: bad certificate", "basic-intermediate-missing"},
		{"http: TLS handshake error from 10.0.0.1:5555: remote error: tls: unknown certificate authority", "basic-anchor-not-trusted"},
		{"http: TLS handshake error from 10.0.0.1:5555: tls: client didn't provide a certificate", "mtls-required-no-identity"},
		{"http: TLS handshake error from 10.0.0.1:5555: tls: failed to verify certificate: x509: certificate signed by unknown authority",
			"identity-no-intermediates"},
		{"http: TLS handshake error from 10.0.0.1:5555: EOF", "reach-large-clienthello"},
		{"remote error: tls: bad certificate", "mtls-rejected"},
		{"SSL_do_handshake() failed (SSL: error:0A000412:SSL routines::sslv3 alert bad certificate:SSL alert number 42) while SSL handshaking, client: 10.0.0.1", "basic-intermediate-missing"},
		{"client SSL certificate verify error: (20:unable to get local issuer certificate) while reading client request headers", "identity-no-intermediates"},
		{"client SSL certificate verify error: (2:unable to get issuer certificate)", "mtls-rejected"},
		{"AH02039: Certificate Verification: Error (20): unable to get local issuer certificate", "mtls-rejected"},
		{"client sent no required SSL certificate while reading client request headers", "mtls-required-no-identity"},
		{"SSL routines:tls_process_client_certificate:peer did not return a certificate", "mtls-required-no-identity"},
		{"AH10158: cannot perform post-handshake authentication", "mtls-rejected"},
		{"Cannot perform Post-Handshake Authentication.", "mtls-rejected"},
		{"AH02261: Re-negotiation handshake failed", "mtls-rejected"},
		{"AH02032: Hostname a provided via SNI and hostname b provided via HTTP have no compatible SSL setup", "reach-server-name"},
		{"nginx: [emerg] cannot load certificate \"/etc/x.pem\": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start " +
			"line:Expecting: TRUSTED CERTIFICATE)", "identity-no-key-fits"},
		{"nginx: [warn] \"ssl_stapling\" ignored, issuer certificate not found for certificate \"/etc/x.pem\"", "basic-intermediate-missing"},
		// alerts
		{"alert 44", "revocation-revoked"}, {"SSL alert number 45", "basic-expired"}, {"tlsv1 alert access denied:SSL alert number 49", "mtls-allow-list"},
		{"remote error: tls: expired certificate", "basic-expired"}, {"alert number 51", "reach-key-proof"}, {"alert 80", "reach-server-name"},
		{"alert 48", "mtls-rejected"},
		{"curl: (51) SSL: certificate subject name 'a' does not match target host name 'b'", "hostname-mismatch"},
		// OpenSSL
		{"verify error:num=23:certificate revoked", "revocation-revoked"}, {"error 23 at 0 depth lookup: certificate revoked", "revocation-revoked"},
		{"Verify return code: 27 (certificate not trusted)", "basic-anchor-not-trusted"}, {"num=28", "basic-anchor-not-trusted"},
		{"error 30 at 0 depth lookup: authority and subject key identifier mismatch", "basic-key-identifier"},
		{"num=48:excluded subtree violation", "basic-name-constraints"}, {"num=63:email address mismatch", "mtls-required-name"},
		{"digital envelope routines::unsupported", "identity-encryption-not-imported"},
		{"error:0308010C:digital envelope routines::unsupported", "identity-old-encryption"},
		{"SSL_CTX_use_certificate:ee key too small EE_KEY_TOO_SMALL", "basic-weak-key"},
		{"Missing Authority Key Identifier (_ssl.c:1028)", "lint-aki-missing"},
		// Java, Go, Python, git, .NET
		{"java.io.IOException: keystore password was incorrect", "identity-mac-not-imported"},
		{"PKIX path validation failed: java.security.cert.CertPathValidatorException: Path does not chain with any of the trust anchors",
			"basic-anchor-not-trusted"},
		{"CertPathValidatorException: validity check failed", "basic-expired"},
		{"java.security.UnrecoverableKeyException: Cannot recover key", "identity-other-password"},
		{"tls: peer doesn't support any of the certificate's signature algorithms", "ats-signature-algorithm"},
		{"tls: no certificates configured", "ats-signature-algorithm"},
		{"ssl.SSLCertVerificationError: certificate verify failed: Hostname mismatch, certificate is not valid for 'x'. (_ssl.c:1000)", "hostname-mismatch"},
		{"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)", "basic-intermediate-missing"},
		{"fatal: unable to access 'https://x/': server certificate verification failed. CAfile: /etc/ssl/certs/ca-certificates.crt CRLfile: none",
			"basic-intermediate-missing"},
		{"schannel: next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328) - The received certificate has expired.", "basic-expired"},
		{"SEC_E_CERT_UNKNOWN (0x80090327)", "mtls-rejected"}, {"SEC_E_ALGORITHM_MISMATCH (0x80090331)", "ats-cipher"},
		{"CERT_E_WRONG_USAGE", "basic-eku"}, {"0x80092010", "revocation-revoked"}, {"TRUST_E_CERT_SIGNATURE", "basic-signature"},
		{"ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED", "mtls-required-no-identity"}, {"ERROR_WINHTTP_SECURE_CERT_CN_INVALID", "hostname-mismatch"},
		{"peer closed connection without sending TLS close_notify: https://docs.rs/rustls/", "reach-large-clienthello"},
		{"0x800B0109", "basic-anchor-not-trusted"}, {"CRYPT_E_NO_REVOCATION_CHECK", "revocation-unknown"},
		// browsers
		{"NET::ERR_CERT_INVALID", "basic-encoding"}, {"ERR_SSL_CLIENT_AUTH_SIGNATURE_FAILED", "identity-no-key-fits"},
		{"SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT", "mtls-required-no-identity"},
		{"Your connection is not private NET::ERR_CERT_AUTHORITY_INVALID", "basic-intermediate-missing"},
	} {
		found := explain.Find(tc.text)
		if len(found) == 0 {
			t.Errorf("%s: not known", tc.text)
		} else if !slices.Contains(found[0].Rules, tc.rule) {
			t.Errorf("%s: %q leads to %v, want %s", tc.text, found[0].Title, found[0].Rules, tc.rule)
		}
	}
}

// TestWhoSpeaks: what a server writes about a client's identity is never
// explained as a fault of the server's own chain.
func TestWhoSpeaks(t *testing.T) {
	for _, text := range []string{
		"client SSL certificate verify error: (18:self-signed certificate)",
		"AH02039: Certificate Verification: Error (2): unable to get issuer certificate",
	} {
		for _, e := range explain.Find(text) {
			if !e.Speaker || slices.Contains(e.Rules, "basic-intermediate-missing") {
				t.Errorf("%s: %q is about the server", text, e.Title)
			}
		}
	}
}

func TestUsersStories(t *testing.T) {
	for text, rule := range map[string]string{
		"A fullchain.pfx made by an ACME tool breaks Envoy and nginx-ingress: they send root or intermediate first.":            "identity-root-first",
		"Root profile is installed on the iPhone but does not show in Certificate Trust Settings, so it cannot be switched on.": "apple-anchor-common-name",
		"After an update to a large ClientHello connections hang":                                                               "reach-large-clienthello",
		"chain issues: incomplete, extra download":                                                                              "basic-intermediate-missing",
	} {
		if got := explain.RulesOf(text); len(got) == 0 || got[0] != rule {
			t.Errorf("%s: leads to %v, want %s first", text, got, rule)
		}
	}
}

func TestNoiseIsNotExplained(t *testing.T) {
	noise := make([]byte, 800_000)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(random.UintN(256))
	}
	var lines []string
	for text := base64.StdEncoding.EncodeToString(noise); len(text) > 0; text = text[min(76, len(text)):] {
		lines = append(lines, text[:min(76, len(text))])
	}
	for _, text := range []string{strings.Join(lines, "\n"), base64.StdEncoding.EncodeToString(noise), string(noise), "error 10 bottles", "code 3",
		"exit status 2", "errors 20", "terror 20", "a prescan of 9802", "unbundled", "http 404"} {
		for _, e := range explain.Find(text) {
			t.Errorf("%.30q finds %q", text, e.Title)
		}
		if got := explain.RulesOf(text); len(got) > 0 {
			t.Errorf("%.30q leads to %v", text, got)
		}
	}
}

func TestACodeStandsInOneEntry(t *testing.T) {
	seen := map[string]string{}
	for _, e := range explain.Table() {
		for _, c := range e.Codes {
			c = strings.ToLower(c)
			if other, twice := seen[c]; twice {
				t.Errorf("%s stands in %q and in %q", c, other, e.Title)
			}
			seen[c] = e.Title
		}
		for _, p := range e.Phrases {
			if p != strings.ToLower(p) {
				t.Errorf("%q has upper case and never matches", p)
			}
		}
	}
}
