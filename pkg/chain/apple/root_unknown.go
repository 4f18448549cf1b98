package apple

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

//go:embed public_roots.tsv
var publicRootsTable string

// publicRoots reads the table on first use: names by the SHA-256 of the root's
// certificate and by that of its subject.
var publicRoots = sync.OnceValue(func() map[[32]byte]string {
	table := map[[32]byte]string{}
	for line := range strings.Lines(publicRootsTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		for _, text := range f[:2] {
			var sum [32]byte
			if n, err := hex.Decode(sum[:], []byte(text)); err == nil && n == len(sum) {
				table[sum] = f[2]
			}
		}
	}
	return table
})

var _ = rules.Add(rootUnknown)

var rootUnknown = &chain.Rule{
	ID:    "apple-root-unknown",
	Level: chain.LevelX509,
	Title: "the root is newer than the table of Apple's store",
	Sources: []chain.Source{
		{Doc: "security_certificates-55349.0.11", Section: "X-04", Confidence: chain.ConfidenceSource},
		{Doc: "Apple", Section: "available root certificates for Apple operating systems", Confidence: chain.ConfidenceDocument},
	},
	Explain: "The chain of trust leads to a public root that Mozilla trusts and that was not in Apple's store when the table of this tool was made. Apple adds roots with its updates, so a current device may trust it by now and an older one will not. " +
		"Nothing but a device, or Apple's own list of roots, can tell.",
	Advice:      []chain.Advice{{Who: "server administrator", Text: "ask the CA for the intermediate that is cross-signed by an older root and send it too, so that devices without the new root find a path"}},
	Apple:       chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	InsteadOf:   []string{"basic-anchor-not-trusted", "basic-intermediate-missing"},
	EvenUnknown: true,
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.Anchor != nil || c.Anchors == nil || c.Anchors.Store.Name != "apple" {
			return nil
		}
		last := p.Last()
		name, ok := publicRoots()[last.Cert.SHA256]
		if !ok && p.End == chain.NoIssuer && len(last.Cert.Issuer.Raw) > 0 {
			name, ok = publicRoots()[sha256.Sum256(last.Cert.Issuer.Raw)]
		}
		if !ok {
			return nil
		}
		asOf := c.Anchors.Store.Date.Format(time.DateOnly)
		return []chain.Hit{{Item: last, Named: true, Status: chain.Unknown,
			Message:  fmt.Sprintf("the root %s was not in Apple's store on %s%s; it may have been added since", name, asOf, chain.Aged(c.Anchors.Store.Date, c.Question.Time)),
			Evidence: []chain.Evid{{Field: "root", Got: name, Want: "a root of the store of " + asOf}}}}
	}),
}
