package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(unfitIdentity)

var unfitIdentity = &chain.Rule{
	ID: "mtls-unfit-identity", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title: "the server takes an identity that is not in order",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 6"}, {Doc: "nginx", Section: "ssl_verify_client optional_no_ca"},
		{Doc: "URLSession", Section: "M-07", Confidence: chain.ConfidenceInferred}},
	Explain:  "A server may ask for an identity and look at it carelessly, at another layer, or not at all, and URLSession never evaluates the identity it sends. It works until the server starts to check; then every client that holds such an identity is shut out at once.",
	Advice:   []chain.Advice{{Who: "app developer", Text: "replace the identity; the administrator of the server looks whether it is meant to be taken", Config: []string{chain.Nginx + "ssl_verify_client on;", "Node: rejectUnauthorized: true"}}},
	Needs:    identityShown,
	Instants: chain.AtValidity,
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		now, _ := attempts(c)
		for _, o := range withFate(now, chain.FateAccepted) {
			reasons := unfitReasons(c, o)
			if len(reasons) == 0 {
				continue
			}
			h := chain.Hit{Message: fmt.Sprintf("the server takes %s, which trust evaluation refuses", named(c, o.Presented)), Advice: steps(reasons)}
			h.Short = fmt.Sprintf("%s: %s", h.Message, reasons[0].short)
			for _, r := range reasons {
				h.Evidence = append(h.Evidence, chain.Evid{Field: "identity", Got: r.what, Want: r.want})
			}
			return []chain.Hit{h}
		}
		return nil
	}),
}
