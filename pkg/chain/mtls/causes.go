package mtls

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A cause is a kind of reason to refuse an identity. "": any answer may mean it.
type cause string

// The causes.
const (
	causeExpired   cause = "expired"   // or not yet valid
	causeRevoked   cause = "revoked"   //
	causeChain     cause = "chain"     // no path to a CA the server trusts
	causeIssuer    cause = "issuer"    // authorityKeyIdentifier's issuer and serial, which OpenSSL alone compares
	causePartial   cause = "partial"   // the server trusts an intermediate, and its library wants the root
	causeCRL       cause = "crl"       // a CRL that the server wants is missing
	causeOldCRL    cause = "old crl"   // the server's CRL, or its clock, is out of date
	causePurpose   cause = "purpose"   // extended key usage
	causeStrength  cause = "strength"  // key or hash below the server's level
	causeSignature cause = "signature" //
	causeDepth     cause = "depth"     //
	causePolicy    cause = "policy"    // allow-lists and required names
)

// ruleCauses is what a finding of trust evaluation is, for a server.
var ruleCauses = [...]struct {
	rule  string
	cause cause
}{
	{"basic-expired", causeExpired}, {"basic-not-yet-valid", causeExpired},
	{"revocation-revoked", causeRevoked},
	{"basic-anchor-not-trusted", causeChain}, {"basic-intermediate-missing", causeChain}, {"basic-self-signed", causeChain},
	{"basic-key-identifier", causeChain}, {"basic-authority-issuer", causeIssuer}, {"basic-name-chaining", causeChain}, {"basic-path-length", causeChain},
	{"mtls-partial-chain", causePartial},
	{"basic-eku", causePurpose}, {"identity-no-client-auth", causePurpose}, {"basic-key-usage", causePurpose},
	{"basic-sha1", causeStrength}, {"basic-weak-hash", causeStrength}, {"basic-weak-key", causeStrength}, {"mtls-security-level", causeStrength},
	{"basic-signature", causeSignature},
	{"mtls-depth", causeDepth},
	{"mtls-allow-list", causePolicy}, {"mtls-required-name", causePolicy},
}

func causeOf(rule string) cause {
	for _, r := range ruleCauses {
		if r.rule == rule {
			return r.cause
		}
	}
	return ""
}

// alertCauses is which alerts tell of a cause: OpenSSL's ssl_x509err2alert, and
// with it nginx, Apache, haproxy and Node; 42 for most in Go and GnuTLS, 46 for
// all in Java.
var alertCauses = [...]struct {
	cause  cause
	alerts []tlsname.Alert
}{
	{causeExpired, []tlsname.Alert{tlsname.CertificateExpired, tlsname.BadCertificate, 46}},
	{causeRevoked, []tlsname.Alert{44, tlsname.BadCertificate, 46}},
	{causeChain, []tlsname.Alert{tlsname.UnknownCA, tlsname.BadCertificate, 46}},
	{causeIssuer, []tlsname.Alert{tlsname.UnknownCA}},
	{causePartial, []tlsname.Alert{tlsname.UnknownCA}},
	{causeCRL, []tlsname.Alert{tlsname.UnknownCA}},
	{causeOldCRL, []tlsname.Alert{tlsname.CertificateExpired}},
	{causePurpose, []tlsname.Alert{tlsname.UnsupportedCert, tlsname.BadCertificate, 46}},
	{causeStrength, []tlsname.Alert{tlsname.BadCertificate, 46}},
	{causeSignature, []tlsname.Alert{tlsname.DecryptError, tlsname.BadCertificate, 46}},
	{causeDepth, []tlsname.Alert{tlsname.UnknownCA, tlsname.InternalError}},
	{causePolicy, []tlsname.Alert{tlsname.HandshakeFailure, tlsname.BadCertificate, 46, 49, tlsname.InternalError}},
}

// excludes reports whether the server's answer cannot mean the cause. A page says
// only that the certificate was not verified, 401 and 403 that it was; a
// connection that was closed excludes nothing.
func excludes(p *chain.Presented, k cause) bool {
	switch {
	case k == "":
		return false
	case p.Alert != nil:
		for _, c := range alertCauses {
			if c.cause == k {
				return !slices.Contains(c.alerts, *p.Alert)
			}
		}
		return false
	case p.Status == 401 || p.Status == 403:
		return k != causePolicy
	case p.Status != 0:
		return k == causePolicy
	}
	return false
}

// meaning is what servers mean by an alert they refuse an identity with.
func meaning(a tlsname.Alert) string {
	text, _ := a.Refusal()
	return text
}

// rejection is what an app sees of a refusal: −1205 with the code of the alert;
// a page over HTTP has none.
func rejection(p *chain.Presented) chain.AppleError {
	e := chain.AppleError{Class: chain.ClassTLS, URL: -1205}
	if p.Over == chain.OverHTTP {
		return e
	}
	alert := tlsname.CloseNotify // none came
	if p.Alert != nil {
		alert = *p.Alert
	}
	_, e.SSL = alert.Refusal()
	return e
}
