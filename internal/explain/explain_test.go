package explain_test

import (
	"slices"
	"testing"

	"github.com/chainspect/chainspect/internal/explain"
	"github.com/chainspect/chainspect/internal/rulebook"
)

// led lists the rules a text leads to: those of its best entry, then of the users' words.
func led(text string) []string {
	var out []string
	if e := explain.Find(text); len(e) > 0 {
		out = append(out, e[0].Rules...)
	}
	return append(out, explain.RulesOf(text)...)
}

func TestSentencesLeadToRules(t *testing.T) {
	for _, tc := range []struct{ text, rule string }{
		{"incomplete chain", "basic-intermediate-missing"},
		{"This server's certificate chain is incomplete. Grade capped to B. Extra download", "basic-intermediate-missing"},
		{"verify error:num=20:unable to get local issuer certificate", "basic-intermediate-missing"},
		{"Error: unable to verify the first certificate { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }", "basic-intermediate-missing"},
		{"sun.security.validator.ValidatorException: PKIX path building failed: unable to find valid certification path to requested target",
			"basic-anchor-not-trusted"},
		{"java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.", "basic-intermediate-missing"},
		{"tls: failed to verify certificate: x509: certificate signed by unknown authority", "basic-anchor-not-trusted"},
		{"invalid peer certificate: UnknownIssuer", "basic-anchor-not-trusted"},
		{"unknown authority", "basic-anchor-not-trusted"},
		{"curl: (60) SSL certificate problem: unable to get local issuer certificate", "basic-intermediate-missing"},
		{"curl: (60)", "basic-anchor-not-trusted"},
		{"curl: (60) SSL: no alternative certificate subject name matches target host name 'x'", "hostname-mismatch"},
		{"curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:443", "reach-large-clienthello"},
		{"curl: (58) could not load PEM client certificate", "identity-no-key-fits"},
		{"self-signed certificate in certificate chain", "basic-anchor-not-trusted"},
		{"NET::ERR_CERT_VALIDITY_TOO_LONG", "apple-lifetime-825"},
		{"“www.example.com” certificate is not standards compliant", "apple-ct-missing"},
		{"X509_V_ERR_CERT_HAS_EXPIRED", "basic-expired"},
		{"CFNetwork SSLHandshake failed (−9807)", "basic-anchor-not-trusted"},
		{"ATS failed system trust; strict TLS Trust evaluation failed(-9802)", "hostname-mismatch"},
		{"SSLHandshake failed -9824", "ats-cipher"},
		{"peer disconnected during handshake -9816", "reach-large-clienthello"},
		{"App Transport Security has blocked a cleartext HTTP (http://) resource load since it is insecure", "ats-cleartext"},
		{"NSAllowsArbitraryLoads", "ats-off"},
		{"ignore ssl errors", "ats-loosened-trust"},
		{"SSL pinning", "ats-pin"},
		{"CN", "hostname-cn-only"},
		{"Kubernetes Ingress Controller Fake Certificate", "hostname-mismatch"},
		{"javax.net.ssl.SSLPeerUnverifiedException: Hostname x not verified: certificate: sha256/…", "hostname-mismatch"},
		{"The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch", "hostname-mismatch"},
		{"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'x'", "hostname-mismatch"},
		{"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1007)", "basic-expired"},
		{"<title>400 No required SSL certificate was sent</title>", "mtls-required-no-identity"},
		{"<title>400 The SSL certificate error</title>", "mtls-rejected"},
		{"tlsv13 alert certificate required", "mtls-required-no-identity"},
		{"alert 42", "mtls-rejected"},
		{"alert 48 unknown_ca", "mtls-rejected"},
		{"x509: certificate specifies an incompatible key usage", "basic-eku"},
		{"MAC verification failed during PKCS12 import (wrong password?)", "identity-no-mac"},
		{"DST Root CA X3", "basic-expired"},
		{"13 months", "apple-lifetime-398"},
		{"mkcert", "basic-anchor-not-trusted"},
		{"unable to get certificate CRL", "revocation-unknown"},
		{"unhandled critical extension", "basic-critical-extension"},
		{"permitted subtree violation", "basic-name-constraints"},
	} {
		if got := led(tc.text); !slices.Contains(got, tc.rule) {
			t.Errorf("%s: leads to %v, want %s", tc.text, got, tc.rule)
		}
	}
}

func TestNumbersAreCodesOnlyWhereTheyAreMeant(t *testing.T) {
	for _, text := range []string{"the moon is full", "20 servers in 2026", "10.0.0.1", "item 2 of 19", "-67825 times", "the price is 116", ""} {
		for _, e := range explain.Find(text) {
			if text != "-67825 times" {
				t.Errorf("%q finds %q", text, e.Title)
			}
		}
	}
	for text, title := range map[string]string{"20": "no path", "error 20 at 0 depth lookup": "no path", "116": "TLS alert 116", "-9802": "URLError -1200"} {
		if e := explain.Find(text); len(e) == 0 || e[0].Title[:len(title)] != title {
			t.Errorf("%q finds %v, want %s…", text, e, title)
		}
	}
	if got := explain.RulesOf("code -67825"); len(got) > 0 {
		t.Errorf("825 was found inside -67825: %v", got)
	}
}

func TestEveryRuleNamedExists(t *testing.T) {
	known := func(where string, ids []string) {
		for _, id := range ids {
			if rulebook.Rule(id) == nil {
				t.Errorf("%s names %s, and there is no such rule", where, id)
			}
		}
	}
	for _, e := range explain.Table() {
		known(e.Title, e.Rules)
		if e.Says == "" || e.Not == "" || e.Next == "" || e.Source == "" {
			t.Errorf("%s lacks a text", e.Title)
		}
	}
	for _, w := range explain.UsersWords() {
		known(slices.Concat(w.Terms, w.Loose)[0], w.Rules)
	}
}
