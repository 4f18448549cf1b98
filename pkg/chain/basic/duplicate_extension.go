package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(duplicateExtension)

var duplicateExtension = &chain.Rule{
	ID:    "basic-duplicate-extension",
	Level: chain.LevelX509,
	Title: "certificate has the same extension twice",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 4.2"},
		{Doc: "SecPolicyServer.c", Section: "X-14", Confidence: chain.ConfidenceSource},
	},
	Explain:   "An extension may stand in a certificate once. With two, one client may read the first and another the second, so that they disagree about what the certificate allows; all of them refuse it instead, and Apple platforms do so for the root as well.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with every extension once; look for one that both the request and the profile of the CA add", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassCompliance, Sec: -67903},
	InsteadOf: []string{"apple-duplicate-extension", "lint-extension-duplicate"},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		if !it.Cert.HasFault(x509read.FaultExtensionDuplicate) {
			return nil
		}
		var hits []chain.Hit
		seen := map[x509read.OID]int{}
		for _, x := range it.Cert.Extensions {
			if seen[x.OID]++; seen[x.OID] != 2 {
				continue
			}
			if len(hits) == maxExtensionHits {
				break
			}
			oid := x.OID
			hits = append(hits, chain.Hit{
				Item:     it,
				Message:  fmt.Sprintf("{item} has the extension %s more than once", oid.Name()),
				Evidence: []chain.Evid{{Field: "extension", Got: oid.Name() + " repeated", Want: "once"}},
				Kinds:    []string{knownKind(oid)},
				Advice: []chain.Advice{{Repair: chain.RepairReissue(it, func(c *x509read.Certificate) {
					var keep []x509read.Extension
					found := false
					for _, y := range c.Extensions {
						if y.OID != oid || !found {
							keep = append(keep, y)
						}
						found = found || y.OID == oid
					}
					c.Extensions = keep
				})}},
			})
		}
		return hits
	}),
}

// knownKind names the extension, "unknown" where it has no name here: some clients
// mind the repetition of extensions they process only, and each its own.
func knownKind(oid x509read.OID) string {
	if oid.Name() == oid.String() {
		return "unknown"
	}
	return oid.Name()
}
