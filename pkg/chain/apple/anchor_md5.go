package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(anchorMd5)

var anchorMd5 = &chain.Rule{
	ID:    "apple-anchor-md5",
	Level: chain.LevelX509,
	Title: "the installed root is signed with MD5",
	Sources: []chain.Source{
		{Doc: "Apple TS4133, as quoted", Section: "K-04", Confidence: chain.ConfidenceField},
	},
	Explain: "Apple's code leaves the hash of a self-signed root aside, but users report since iOS 5 that a root signed with MD5 cannot be made trusted on the device. " +
		"Take it as a likely cause where such a root is installed and the server is still not trusted.",
	Advice: []chain.Advice{{Who: "CA", Text: "sign the root again with the same key and name and SHA-256, and install that", Commands: []string{chain.RootAgain}}},
	Apple:  chain.AppleError{Class: chain.ClassWeakHash, Sec: -67815},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		if p.Anchor == nil || p.Anchor.Kind != chain.Installed || !brokenHash(p.Last().Cert) {
			return nil
		}
		return []chain.Hit{{Item: p.Last(), AtMost: chain.Warning, Message: fmt.Sprintf("the signature of {item}, an installed root, is over %s", p.Last().Cert.Signature.SignatureHash()),
			Evidence: []chain.Evid{{Field: "signatureAlgorithm", Got: p.Last().Cert.Signature.OID.Name(), Want: "SHA-256 or better"}}}}
	}),
}
