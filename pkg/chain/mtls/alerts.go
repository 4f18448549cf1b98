package mtls

import "github.com/chainspect/chainspect/pkg/chain"

// An alertAnswer is what servers mean by an alert they refuse an identity with,
// and the code an app sees for it (SecureTransport.h; apple: M-06).
type alertAnswer struct {
	meaning string
	SSL     int
}

// alertOf gives errSSLPeerBadCert where an alert has no code of its own.
func alertOf(alert int) alertAnswer {
	switch alert {
	case 40:
		return alertAnswer{meaning: "handshake failure: in TLS 1.2 the usual answer to no identity", SSL: -9824} // errSSLPeerHandshakeFail
	case 42:
		return alertAnswer{meaning: "bad certificate", SSL: -9825}
	case 43:
		return alertAnswer{meaning: "unsupported certificate: its extended key usage, as a rule", SSL: -9826} // errSSLPeerUnsupportedCert
	case 44:
		return alertAnswer{meaning: "certificate revoked", SSL: -9827} // errSSLPeerCertRevoked
	case 45:
		return alertAnswer{meaning: "certificate expired", SSL: -9828} // errSSLPeerCertExpired
	case 46:
		return alertAnswer{meaning: "certificate unknown", SSL: -9829} // errSSLPeerCertUnknown
	case 48:
		return alertAnswer{meaning: "unknown CA: no path to a CA the server trusts", SSL: -9831} // errSSLPeerUnknownCA
	case 49:
		return alertAnswer{meaning: "access denied", SSL: -9832} // errSSLPeerAccessDenied
	case 80:
		return alertAnswer{meaning: "internal error: Apache's answer to a chain deeper than SSLVerifyDepth", SSL: -9838} // errSSLPeerInternalError
	case 116:
		return alertAnswer{meaning: "certificate required", SSL: -9825}
	}
	return alertAnswer{meaning: "refused", SSL: -9825}
}

// rejection is what an app sees of a refusal: −1205 with the code of the alert;
// a page over HTTP has none.
func rejection(p *chain.Presented) chain.AppleError {
	e := chain.AppleError{Class: chain.ClassTLS, URL: -1205}
	if p.Over == "http" {
		return e
	}
	alert := 0 // none came
	if p.Alert != nil {
		alert = *p.Alert
	}
	e.SSL = alertOf(alert).SSL
	return e
}
