package mtls

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID: "mtls-rejected", Level: chain.LevelIdentity,
	Title: "the server rejected the client identity",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 6.2"}, {Doc: "nginx", Section: "ngx_http_ssl_module, codes 495 and 496"},
		{Doc: "SecBase.h", Section: "M-06", Confidence: chain.ConfidenceSource}},
	Explain: "The server was shown a client identity and refused it: with a TLS alert, or in TLS 1.3 and behind nginx with a page over HTTP after a handshake that looked fine. The reasons below are what an own look at the identity finds; the decision is the server's, and its log is final. An app sees -1205.",
	Remedy:  chain.Remedy{Who: "app developer and server administrator", Text: "compare the identity with what the server demands, and read the server's log for the moment of the attempt"},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1205, SSL: -9825},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		var out []chain.Hit
		for i := range c.Capture.Observations {
			o := &c.Capture.Observations[i]
			p := o.Presented
			if p == nil || p.Fate != "refused" || len(p.Sent) == 0 {
				continue
			}
			how := "over TLS"
			got := "refused"
			if p.Over == "http" {
				how, got = "over HTTP", fmt.Sprintf("HTTP %d", p.Status)
				if p.Sentence != "" {
					got += " " + p.Sentence
				}
			} else if p.Alert != nil {
				got = fmt.Sprintf("alert %d (%s)", *p.Alert, alertMeaning(*p.Alert))
			}
			reasons := preflight(c, o)
			h := chain.Hit{Message: fmt.Sprintf("the server refused the identity %s (%s, %d certificates sent)", how, p.Version, len(p.Sent)),
				Evidence: []chain.Evid{{Field: "answer", Got: got, Want: "no refusal"}}}
			for _, r := range reasons {
				h.Evidence = append(h.Evidence, chain.Evid{Field: "likely reason", Got: r.what, Want: r.want})
			}
			if len(reasons) > 0 {
				h.Fix = strings.Join(fixes(reasons), "; ")
			}
			out = append(out, h)
		}
		return out
	}),
})

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
	case 116:
		return "certificate required"
	}
	return "refused"
}
