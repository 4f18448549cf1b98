package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = Rules.Add(&chain.Rule{
	ID: "mtls-rejected", Level: chain.LevelIdentity,
	Title: "the server rejected the client identity",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "section 6.2"}, {Doc: "nginx", Section: "ngx_http_ssl_module, codes 495 and 496"},
		{Doc: "SecBase.h", Section: "M-06", Confidence: chain.ConfidenceSource}},
	Explain: "The server was shown a client identity and refused it: with a TLS alert, or in TLS 1.3 and behind nginx with a page over HTTP after a handshake that looked fine. The likely reasons named here are found by looking at the identity itself; the decision is the server's, and its log is final. An app sees -1205.",
	Remedy:  chain.Remedy{Who: "app developer and server administrator", Text: "compare the identity with what the server demands, and read the server's log for the moment of the attempt (nginx: error_log … info; Apache: LogLevel ssl:info)"},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1205, SSL: -9825},
	Needs: func(c *chain.Case) bool {
		return slices.ContainsFunc(c.Capture.Observations, func(o chain.Observation) bool { return o.Presented != nil && len(o.Presented.Sent) > 0 })
	},
	Check: chain.PerList(checkRejected),
})

// checkRejected makes one finding of all the ways the identity was shown in. A
// way the server takes beside one it refuses is a warning: it says which to use.
func checkRejected(c *chain.Case) []chain.Hit {
	var refused []*chain.Observation
	taken := ""
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		switch p := o.Presented; {
		case p == nil || len(p.Sent) == 0:
		case p.Fate == "refused":
			refused = append(refused, o)
		case p.Fate == "accepted" && !strings.Contains(taken, ways(p)):
			taken += ", " + ways(p)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	first := refused[0]
	h := chain.Hit{Message: "the server refused the identity " + over(first.Presented) + " (" + ways(first.Presented) + ")"}
	for _, o := range refused {
		h.Evidence = append(h.Evidence, chain.Evid{Field: "answer, " + o.Presented.Version + ", " + ways(o.Presented), Got: answer(o.Presented), Want: "no refusal"})
	}
	if taken != "" {
		h.AtMost = chain.Warning
		h.Message += ", and takes it sent as" + strings.TrimPrefix(taken, ",")
		h.Fix = "send the identity as" + strings.TrimPrefix(taken, ",") + ": put the intermediates into the .p12 or PEM file, and give them to URLCredential's certificates"
	}
	reasons := preflight(c, first)
	for _, r := range reasons {
		h.Evidence = append(h.Evidence, chain.Evid{Field: "likely reason", Got: r.what, Want: r.want})
	}
	if len(reasons) > 0 && taken == "" {
		h.Fix = strings.Join(fixes(reasons), "; ")
	}
	return []chain.Hit{h}
}

// ways names the list an identity was sent as.
func ways(p *chain.Presented) string {
	if len(p.Sent) == 1 {
		return "item 0 alone"
	}
	return fmt.Sprintf("item 0 and %d more", len(p.Sent)-1)
}

func over(p *chain.Presented) string {
	if p.Over == "http" {
		return "over HTTP"
	}
	return "over TLS"
}

// answer is what the server said.
func answer(p *chain.Presented) string {
	switch {
	case p.Over == "http":
		return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", p.Status, p.Sentence))
	case p.Alert != nil:
		return fmt.Sprintf("alert %d (%s)", *p.Alert, alertMeaning(*p.Alert))
	}
	return "refused"
}

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
