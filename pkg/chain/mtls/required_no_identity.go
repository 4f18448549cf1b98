package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(requiredNoIdentity)

var requiredNoIdentity = &chain.Rule{
	ID: "mtls-required-no-identity", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title: "the server wants a client identity and none was offered",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.3.2, alert 116"}, {Doc: "RFC 5246", Section: "section 7.4.6"},
		{Doc: "SecBase.h", Section: "M-06", Confidence: chain.ConfidenceSource}},
	Explain: "With mutual TLS the server decides whether to trust the client: it asks for a digital identity in the handshake, and refuses the connection or the request when none is offered. Its own chain can be judged all the same. An app sees -1206, “requires a client certificate”.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "offer an identity, and see whether the server takes it; a URLSession delegate answers the NSURLAuthenticationMethodClientCertificate challenge with it", Commands: []string{"chainspect check {target} --identity identity.p12"}}},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1206, SSL: -9863},
	Needs: func(c *chain.Case) bool {
		return slices.ContainsFunc(c.Capture.Observations, func(o chain.Observation) bool { return o.ClientAuth != nil })
	},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		if given, _ := attempts(c); len(given) > 0 {
			return nil
		}
		var demand *chain.ClientAuthDemand
		var named, hungUp *chain.Observation
		for i := range c.Capture.Observations {
			o := &c.Capture.Observations[i]
			if o.Presented != nil && postHandshake(o.Presented) {
				return []chain.Hit{{Message: fmt.Sprintf("the server requires a client identity for the path that was asked for, and wants it after the %s handshake, where clients cannot give it", o.Presented.Version),
					Evidence: []chain.Evid{{Field: "answer", Got: answer(o.Presented), Want: "a certificate request in the handshake"}},
					Advice:   []chain.Advice{askInHandshake()}}}
			}
			if o.ClientAuth != nil && o.ClientAuth.Mode == chain.ClientAuthRequired {
				demand = o.ClientAuth
				if o.Presented != nil && o.Presented.Over == chain.OverHTTP && o.Presented.Status == 0 {
					hungUp = o
				}
			}
			if o.ClientAuth != nil && o.ClientAuth.Mode == chain.ClientAuthRequested && o.Presented != nil && (o.Presented.Status == 401 || o.Presented.Status == 403) {
				named = o
			}
		}
		if demand == nil && named != nil {
			return []chain.Hit{leftOpen(named)}
		}
		if demand == nil {
			return nil
		}
		message := "the server requires a client identity (mutual TLS), and none was offered"
		if hungUp != nil {
			message = "the server asks for a client identity (mutual TLS) and hung up when none came"
		}
		return []chain.Hit{{Message: message,
			Evidence: []chain.Evid{{Field: "acceptable CAs", Got: authorities(demand), Want: "an identity issued under one of them"}}}}
	}),
}

// leftOpen names HTTP 401 or 403 where an identity was asked for and none given:
// it may be about that, about the user or about the path.
func leftOpen(o *chain.Observation) chain.Hit {
	return chain.Hit{AtMost: chain.Note,
		Message: fmt.Sprintf("the server asks for a client identity, none was offered, and it answers the request with HTTP %d, which may be about that or not", o.Presented.Status),
		Evidence: []chain.Evid{{Field: "answer", Got: answer(o.Presented), Want: "an answer to the request"},
			{Field: "acceptable CAs", Got: authorities(o.ClientAuth), Want: "an identity issued under one of them"}}}
}

// authorities prints the names a server announces; an empty list is explained.
func authorities(d *chain.ClientAuthDemand) string {
	if len(d.Authorities) == 0 {
		return "none named: any identity may be offered, the server decides afterwards"
	}
	var names []string
	for i, raw := range d.Authorities {
		if i == 4 {
			names = append(names, fmt.Sprintf("and %d more", len(d.Authorities)-i))
			break
		}
		n, _ := x509read.ParseName(raw)
		names = append(names, n.String())
	}
	return strings.Join(names, "; ")
}
