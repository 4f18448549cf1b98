// Package reach says what stands between client and server before any
// certificate is judged.
package reach

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Rules is the book of this package.
var Rules chain.Book

var _ = Rules.Add(&chain.Rule{
	ID: "reach-large-clienthello", Level: chain.LevelATS,
	Title: "no answer to a ClientHello of more than one packet",
	Sources: []chain.Source{{Doc: "Apple 122756", Section: "quantum-secure TLS", Confidence: chain.ConfidenceDocument},
		{Doc: "draft-ietf-tls-hybrid-design", Section: "section 1.5"}},
	Explain: "Since iOS 26 and macOS 26 the first message of a TLS connection carries a post-quantum key share and no longer fits one packet. A firewall, load balancer or server that expects it in one piece drops the connection: apps see a timeout or a closed connection, older systems connect.",
	Remedy:  chain.Remedy{Who: "server administrator", Text: "update the middlebox or server that reads the ClientHello in one read; packet captures on both sides of it show which one drops the second packet"},
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		large, small := "", ""
		for i := range c.Capture.Observations {
			o := &c.Capture.Observations[i]
			if o.Transport != "tls" {
				continue
			}
			isSmall := strings.Contains(o.Hello, "small")
			if !isSmall && o.Outcome.Version == "" && o.Outcome.Alert == nil && (o.Outcome.ErrorKind == "timeout" || o.Outcome.ErrorKind == "closed") {
				large = o.Outcome.Error
			}
			if isSmall && o.Outcome.Version != "" {
				small = o.Outcome.Version
			}
		}
		if large == "" || small == "" {
			return nil
		}
		return []chain.Hit{{Message: "the ClientHello with the post-quantum key share got no answer, one without it did",
			Evidence: []chain.Evid{{Field: "with X25519MLKEM768", Got: large, Want: "an answer, as without it (" + small + ")"}}}}
	}),
})
