package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(rootRemoved)

var rootRemoved = &chain.Rule{
	ID:    "apple-root-removed",
	Level: chain.LevelX509,
	Title: "the root was removed from Apple's store",
	Sources: []chain.Source{
		{Doc: "security_certificates-55349.0.11", Section: "R-12, R-13", Confidence: chain.ConfidenceSource},
	},
	Explain: "The chain of trust ends at a root that Apple once trusted and has taken out of its store since. Older devices and other platforms may still have it, so the same server works there. " +
		"For current devices it is a root like any unknown one, and some of the removed roots are refused even when the user installs them.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "get item 0 from a CA whose root is in the store; ask the CA for a cross-signed intermediate that leads to one"}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf: []string{"apple-distrusted", "basic-anchor-not-trusted", "basic-intermediate-missing"},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		last := p.Last()
		if p.Anchor != nil {
			return nil
		}
		for _, d := range distrusts(last.Cert.SHA256) {
			if d.store == "removed" {
				return []chain.Hit{{Item: last, Named: true, Message: fmt.Sprintf("the root %s was removed from Apple's store", d.name),
					Evidence: []chain.Evid{{Field: "root", Got: d.name, Want: "a root of the store"}}}}
			}
		}
		if name := last.Cert.Issuer.Short(); p.End == chain.NoIssuer && removedNames()[name] {
			return []chain.Hit{{Item: last, Message: fmt.Sprintf("the issuer of {item}, %s, was not sent; the root of that name was removed from Apple's store", name),
				Evidence: []chain.Evid{{Field: "issuer", Got: last.Cert.Issuer.String(), Want: "a root of the store"}}}}
		}
		return nil
	}),
}
