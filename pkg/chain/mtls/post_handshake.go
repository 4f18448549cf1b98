package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

// askInHandshake is the advice where a path asks for the identity too late.
func askInHandshake() chain.Advice {
	return chain.Advice{Who: "server administrator", Text: "ask in the handshake, for the whole virtual host, and require the identity in the Location alone; or give these paths a host of their own",
		Config: []string{chain.Apache + "SSLVerifyClient optional"}}
}

var _ = rules.Add(postHandshakeRule)

var postHandshakeRule = &chain.Rule{
	ID: "mtls-post-handshake", Level: chain.LevelIdentity,
	Title: "the server asks for the identity after the handshake",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 4.6.2"}, {Doc: "RFC 8740", Section: "section 2"},
		{Doc: "mod_ssl", Section: "SSLVerifyClient in a Location"}},
	Explain: "Where only some paths of a server want a client identity, it has to ask after the request has come. TLS 1.2 renegotiates for that; in TLS 1.3 a client has to have offered post-handshake authentication, which URLSession and browsers do not. Apache then answers with HTTP 403, whatever identity the client has.",
	Advice:  []chain.Advice{askInHandshake()},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1206},
	Needs:   identityShown,
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		now, older := attempts(c)
		for _, o := range now {
			if !postHandshake(o.Presented) {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("the server wants the identity after the %s handshake, where clients cannot give it", o.Presented.Version),
				Evidence: []chain.Evid{evidence(o, "a certificate request in the handshake")}}
			for _, x := range older {
				h.Evidence = append(h.Evidence, evidence(x, "the same in every version"))
			}
			return []chain.Hit{h}
		}
		return nil
	}),
}

// postHandshake reports whether the server said that it cannot ask any more.
func postHandshake(p *chain.Presented) bool {
	return len(p.Sent) == 0 && p.Sentence == chain.SentencePostHandshake
}
