package mtls

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

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
