package basic

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(loop)

var loop = &chain.Rule{
	ID:      "basic-loop",
	Level:   chain.LevelX509,
	Title:   "issuers refer to each other in a circle",
	Sources: []chain.Source{{Doc: "RFC 4158", Section: "section 2.4.2"}, {Doc: "RFC 5280", Section: "section 6.1"}},
	Explain: "Every issuer that could carry the chain of trust further is on the path already, so that it turns in a circle and never reaches a root. " +
		"CAs that certify each other make such circles; one of them has to lead out to a trusted anchor.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue a certificate for one CA of the circle from a root the devices trust, and have the server send it"}},
	Apple:  chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.End != chain.Loop {
			return nil
		}
		last := p.Last()
		return []chain.Hit{{
			Item:     last,
			Beside:   chain.Yields,
			Message:  "every certificate that could have issued {item} is below it on the path already",
			Evidence: []chain.Evid{{Field: "issuer", Got: last.Cert.Issuer.String(), Want: "a trusted anchor, or an issuer that is not on the path"}},
		}}
	}),
}
