package explain_test

import (
	"slices"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
)

// TestFirstAnswer: the entry that leads, and no other beside it where one is enough.
func TestFirstAnswer(t *testing.T) {
	for _, tc := range []struct {
		text  string
		title string // how the first title begins
		rule  string // one of its rules
		never string // a rule that no entry shown has
	}{
		{"error:11800071:PKCS12 routines:PKCS12_verify_mac:mac verify failure", "the key store refuses the password", "identity-locked",
			"identity-no-client-auth"},
		{"MAC verification failed during PKCS12 import (wrong password?)", "the key store refuses the password", "identity-mac-not-imported",
			"identity-no-client-auth"},
		{"java.io.IOException: keystore password was incorrect", "the key store refuses the password", "identity-locked", "identity-no-intermediates"},
		{"handshake failure:SSL alert number 40", "TLS alert 40, 70", "ats-signature-algorithm", "basic-intermediate-missing"},
		{"SSL alert number 40", "TLS alert 40, 70", "apple-ed25519", ""},
		{"alert 40", "TLS alert 40, 70", "ats-group", ""},
		{"x509: “www.example.com” certificate is not standards compliant", "\"certificate is not standards compliant\"", "apple-ct-not-embedded", ""},
		{"certificate is not standards compliant", "\"certificate is not standards compliant\"", "apple-key-identifier", ""},
		{"certificate is not standards compliant, -9802", "\"certificate is not standards compliant\"", "apple-name-constraints", "ats-cipher"},
		{"ssl3_read_bytes:sslv3 alert bad certificate:SSL alert number 42", "TLS alert 42, 46", "basic-anchor-not-trusted", ""},
		{"remote error: tls: bad certificate", "TLS alert 42, 46", "mtls-rejected", ""},
		{"x509: certificate has expired or is not yet valid: current time 2026-11-25T00:00:00Z is after 2025-01-01T00:00:00Z",
			"a date is wrong (OpenSSL 9, 10; Go", "basic-expired", ""},
		{"error 10 at 0 depth lookup: certificate has expired", "a date is wrong (OpenSSL 9, 10; Go", "basic-expired", ""},
		{"“www.example.com” certificate is expired", "a date is wrong (Apple platforms", "basic-expired", ""},
		{"Error Domain=NSURLErrorDomain Code=-1001 \"The request timed out.\"", "URLError -1001", "reach-large-clienthello", ""},
		{"curl: (28) Connection timed out after 10001 milliseconds", "URLError -1001", "mtls-required-no-identity", ""},
		{"remote error: tls: unsupported certificate", "TLS alert 43", "identity-no-client-auth", ""},
		{"tlsv1 alert certificate revoked", "TLS alert 44", "revocation-revoked", "apple-blocked-issuer"},
		{"error 23 at 0 depth lookup: certificate revoked", "the certificate is revoked", "revocation-revoked", ""},
		{"tls: server selected unsupported group", "the server chose a parameter", "ats-group", ""},
		{"tls: server selected unsupported curve", "the server chose a parameter", "ats-group", ""},
		{"digital envelope routines::unsupported", "OpenSSL 3 has no provider", "identity-old-encryption", ""},
		{"<center>The SSL certificate error</center>", "nginx did not trust the client identity", "mtls-depth", ""},
		{"-9808", "SSL -9808", "basic-anchor-not-trusted", ""},
		{"CFNetwork SSLHandshake failed (-9807)", "URLError -1202, SSL -9807", "basic-intermediate-missing", "ats-cipher"},
		{"self signed certificate in certificate chain", "a self-signed certificate in the chain", "basic-anchor-not-trusted", "basic-self-signed"},
		{"certificate relies on legacy Common Name field, use SANs instead", "the name stands in the common name only", "hostname-cn-only", ""},
		{"A vendor's .p12 imports on iOS 10 and fails on iOS 11; OpenSSL reads it.", "a .p12 imports into one iOS version", "identity-key-not-der",
			"identity-no-client-auth"},
		{"p12 cert", "a .p12 or .pfx (PKCS12, PKCS#12) is a digital identity", "identity-old-apple", "identity-no-client-auth"},
		{"iOS client cannot connect to a RabbitMQ TLS port (errSSLProtocol)", "SSL -9800", "ats-group", ""},
		{"[C1.1.1.1:2] write alert, level: fatal, description: certificate unknown", "this device or app refused the server", "basic-anchor-not-trusted", ""},
		{"Certificate 0 “x” has errors: SSL policy requires hostname to match", "errSecHostNameMismatch", "hostname-mismatch", ""},
		{"security: SecKeychainItemImport: Unable to decode the provided data.", "a .p12 or certificate cannot be decoded",
			"identity-encryption-not-imported", ""},
		{"Integrity check failed: java.security.NoSuchAlgorithmException: Algorithm HmacPBESHA256 not available",
			"the key store refuses the password", "identity-mac-not-imported", ""},
		{"ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:1006)", "SSL -9806", "reach-large-clienthello", ""},
		{"invalid peer certificate: Expired", "a date is wrong", "basic-expired", ""},
		{"received fatal alert: HandshakeFailure", "TLS alert 40, 70", "ats-cipher", ""},
		{"wget: ERROR: cannot verify x's certificate, issued by 'CN=R11': Unable to locally verify the issuer's authority.",
			"no path to a trusted anchor", "basic-intermediate-missing", ""},
		{"error 7 at 0 depth lookup", "the signature is wrong", "basic-signature", ""},
		{"error 28 at 0 depth lookup", "the certificate is not trusted for this purpose", "basic-anchor-eku", ""},
		{"398 days", "398, 825, 200 days", "apple-lifetime-825", ""},
		{"curl: (35) error:0A00010B:SSL routines::wrong version number", "not TLS at all", "ats-handshake", ""},
		{"curl 35", "curl 35", "ats-tls-version", ""},
		{"boringssl_context_handle_fatal_alert(2170) [C1] read alert, level: fatal, description: handshake failure", "TLS alert 40", "ats-cipher", ""},
		{"boringssl_context_handle_fatal_alert", "boringssl_context_handle_fatal_alert", "ats-cipher", ""},
		{"ERR_SSL_KEY_USAGE_INCOMPATIBLE", "the wrong purpose", "basic-key-usage", ""},
	} {
		found := explain.Find(tc.text)
		if len(found) == 0 {
			t.Errorf("%s: not known", tc.text)
			continue
		}
		if title := found[0].Title; len(title) < len(tc.title) || title[:len(tc.title)] != tc.title {
			t.Errorf("%s: %q leads, want %q", tc.text, title, tc.title)
		}
		if !slices.Contains(found[0].Rules, tc.rule) {
			t.Errorf("%s: leads to %v, want %s", tc.text, found[0].Rules, tc.rule)
		}
		for _, m := range found {
			if slices.Contains(m.Rules, tc.never) {
				t.Errorf("%s: %q shows %s", tc.text, m.Title, tc.never)
			}
		}
	}
}

// TestFirstRuleOfAQuestion: questions without an error's text lead to the rule
// by the words in them.
func TestFirstRuleOfAQuestion(t *testing.T) {
	for text, rule := range map[string]string{
		"Since May some Let's Encrypt certificates fail: the server passes on only YR1, and some clients use a copy of 'Root YR' that is revoked.": "basic-intermediate-missing",
		"Is that root in our trust store?": "basic-anchor-not-trusted",
		"Crash logs of an iOS app show for under 0.1 % of users a chain with E1 / ISRG Root X2; in the office the chain is right.": "reach-intermittent",
		"Certificate is fine for some visitors and wrong or missing for those with IPv6.":                                          "reach-intermittent",
		"Own root installed and fully trusted on iOS 13, Safari still says not trusted.":                                           "apple-lifetime-825",
		"CAcert root installs on iOS but stays 'Not Trusted'":                                                                      "apple-anchor-md5",
		"'At most 398 days': must certificates of a private root follow?":                                                          "apple-lifetime-398",
		"After an update of the TLS library connections to some servers hang or are reset.":                                        "reach-large-clienthello",
		"renewed but still expired": "basic-expired", "825": "apple-lifetime-825", "47 days": "apple-lifetime-schedule", "YR/YE": "basic-intermediate-missing",
		"certificate transparency": "apple-ct-missing", "profile": "basic-anchor-not-trusted",
	} {
		if found := explain.Find(text); len(found) > 0 {
			t.Errorf("%s: %q stands before the words", text, found[0].Title)
		}
		if got := explain.RulesOf(text); len(got) == 0 || got[0] != rule {
			t.Errorf("%s: leads to %v, want %s first", text, got, rule)
		}
	}
}

// TestTheCodeAskedForIsInTheAnswer: in the title, or the match says that it is not there.
func TestTheCodeAskedForIsInTheAnswer(t *testing.T) {
	for text, titled := range map[string]bool{"-9807": true, "-9802": true, "-9808": true, "verify error:num=20": true, "alert 43": true,
		"-9827": false, "ERR_CERT_REVOKED": false, "curl: (60)": true} {
		if m := explain.Find(text); len(m) == 0 || m[0].Code == "" || m[0].Titled() != titled {
			t.Errorf("%s: %+v", text, m)
		}
	}
}
