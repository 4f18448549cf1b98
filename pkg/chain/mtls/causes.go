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
	causeStrength  cause = "strength"  // key or hash too weak
	causeLevel     cause = "level"     // the same below the security level, which OpenSSL alone has
	causeSignature cause = "signature" //
	causeContent   cause = "content"   // name constraints, critical extensions
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
	{"basic-not-ca", causeChain}, {"basic-key-cert-sign", causeChain},
	{"basic-name-constraints", causeContent}, {"basic-critical-extension", causeContent},
	{"mtls-partial-chain", causePartial},
	{"basic-eku", causePurpose}, {"identity-no-client-auth", causePurpose}, {"basic-key-usage", causePurpose},
	{"basic-sha1", causeStrength}, {"basic-weak-hash", causeStrength}, {"basic-weak-key", causeStrength}, {"mtls-security-level", causeLevel},
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

// An alertCause is which alerts tell of a cause; general: those that say nothing, too.
type alertCause struct {
	cause   cause
	general bool
	alerts  []tlsname.Alert
}

// alertCauses is which alerts tell of a cause: OpenSSL's ssl_x509err2alert, and
// with it nginx, Apache, haproxy and Node; Go says 48 of all it finds no path
// for, a wrong signature and SHA-1 among them, and 45 of both ends of validity.
// A cause that is not OpenSSL's alone may be told by a general alert, too: Go and
// GnuTLS say 42 of most, Java 46 of all, programs on GnuTLS 49 or 80.
var alertCauses = [...]alertCause{
	{causeExpired, true, []tlsname.Alert{tlsname.CertificateExpired}},
	{causeRevoked, true, []tlsname.Alert{44}},
	{causeChain, true, []tlsname.Alert{tlsname.UnknownCA}},
	{causeIssuer, false, []tlsname.Alert{tlsname.UnknownCA}},
	{causePartial, false, []tlsname.Alert{tlsname.UnknownCA}},
	{causeCRL, false, []tlsname.Alert{tlsname.UnknownCA}},
	{causeOldCRL, false, []tlsname.Alert{tlsname.CertificateExpired, tlsname.BadCertificate, 46}}, // not yet valid: 42; Apache's own check: 46
	{causePurpose, true, []tlsname.Alert{tlsname.UnsupportedCert}},
	{causeStrength, true, []tlsname.Alert{tlsname.UnsupportedCert, tlsname.UnknownCA}},
	{causeLevel, false, []tlsname.Alert{tlsname.BadCertificate}},
	{causeSignature, true, []tlsname.Alert{tlsname.DecryptError, tlsname.UnknownCA}},
	{causeDepth, false, []tlsname.Alert{tlsname.UnknownCA, tlsname.InternalError}},
	{causePolicy, true, nil},
	{causeContent, true, []tlsname.Alert{tlsname.UnsupportedCert}}, // rustls: critical extensions
}

// generalAlerts say that the certificate is refused, and not why.
var generalAlerts = []tlsname.Alert{tlsname.HandshakeFailure, tlsname.BadCertificate, 46, 49, tlsname.InternalError}

// excludes reports whether the server's answer cannot mean the cause. A page says
// only that the certificate was not verified. 401 and 403 come from what stands
// behind: it may have been told what any verification would find (nginx:
// ssl_verify_client optional_no_ca; Node: rejectUnauthorized false), so that
// nothing that is OpenSSL's alone is guessed. A connection that was closed excludes nothing.
func excludes(p *chain.Presented, k cause) bool {
	i := slices.IndexFunc(alertCauses[:], func(c alertCause) bool { return c.cause == k })
	switch {
	case i < 0:
		return false
	case p.Alert != nil:
		c := &alertCauses[i]
		return !slices.Contains(c.alerts, *p.Alert) && !(c.general && slices.Contains(generalAlerts, *p.Alert))
	case p.Status == 401 || p.Status == 403:
		return !alertCauses[i].general
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

// rejection is what an app sees of a refusal: -1205 with the code of the alert;
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
