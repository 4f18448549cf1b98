package mtls

import "github.com/chainspect/chainspect/pkg/chain"

// alertMeaning is what servers mean by the alerts they refuse an identity with.
func alertMeaning(alert int) string {
	switch alert {
	case 40:
		return "handshake failure: in TLS 1.2 the usual answer to no identity"
	case 42:
		return "bad certificate"
	case 43:
		return "unsupported certificate: its extended key usage, as a rule"
	case 44:
		return "certificate revoked"
	case 45:
		return "certificate expired"
	case 46:
		return "certificate unknown"
	case 48:
		return "unknown CA: no path to a CA the server trusts"
	case 49:
		return "access denied"
	case 80:
		return "internal error: Apache's answer to a chain deeper than SSLVerifyDepth"
	case 116:
		return "certificate required"
	}
	return "refused"
}

// rejection is what an app sees of a refusal: −1205 with the code of the alert;
// a page over HTTP has none (SecureTransport.h; apple: M-06).
func rejection(p *chain.Presented) chain.AppleError {
	e := chain.AppleError{Class: chain.ClassTLS, URL: -1205}
	if p.Over == "http" {
		return e
	}
	e.SSL = -9825 // errSSLPeerBadCert
	if p.Alert == nil {
		return e
	}
	switch *p.Alert {
	case 40:
		e.SSL = -9824 // errSSLPeerHandshakeFail
	case 43:
		e.SSL = -9826 // errSSLPeerUnsupportedCert
	case 44:
		e.SSL = -9827 // errSSLPeerCertRevoked
	case 45:
		e.SSL = -9828 // errSSLPeerCertExpired
	case 46:
		e.SSL = -9829 // errSSLPeerCertUnknown
	case 48:
		e.SSL = -9831 // errSSLPeerUnknownCA
	case 49:
		e.SSL = -9832 // errSSLPeerAccessDenied
	case 80:
		e.SSL = -9838 // errSSLPeerInternalError
	}
	return e
}
