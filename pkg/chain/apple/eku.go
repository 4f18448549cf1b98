package apple

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(eku)

var eku = &chain.Rule{
	ID:    "apple-eku",
	Level: chain.LevelX509,
	Title: "item 0's extended key usage shuts the purpose out",
	Sources: []chain.Source{
		{Doc: "SecPolicy.c", Section: "E-01", Confidence: chain.ConfidenceTested},
		{Doc: "SecPolicy.c", Section: "M-01", Confidence: chain.ConfidenceTested},
	},
	Explain: "Where item 0 has an extended key usage, Apple platforms want to see what it is used for: serverAuth or one of the old server-gated-crypto purposes for a server, clientAuth for a client identity, or anyExtendedKeyUsage. " +
		"Without the extension nothing is shut out at this point; under a built-in root and under an anchor the app adds, serverAuth by name is asked for besides.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with extendedKeyUsage=serverAuth", Issue: &chain.Issuing{Anew: true}},
		{For: chain.ForClient, Who: "CA", Text: "issue {item} again with extendedKeyUsage=clientAuth", Issue: &chain.Issuing{Anew: true}}},
	Apple:     chain.AppleError{Class: chain.ClassUsage, Sec: -67609},
	InsteadOf: []string{"apple-server-auth-eku"},
	Reads:     x509read.FieldExtKeyUsage,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, place chain.Place) []chain.Hit {
		have := it.Cert.ExtKeyUsage
		if have == nil || place.Anchor && !place.Leaf {
			return nil
		}
		var absent []x509read.OID
		if want := leafPurposes(c.Question.Purpose); place.Leaf && len(want) > 0 && !hasPurpose(it.Cert, want...) {
			absent = want[:1]
		}
		// Purposes asked for besides bind every certificate below the anchor.
		for _, want := range c.Question.EKU {
			if !hasPurpose(it.Cert, want, x509read.OIDAnyExtKeyUsage) && !slices.Contains(absent, want) {
				absent = append(absent[:len(absent):len(absent)], want)
			}
		}
		if len(absent) == 0 {
			return nil
		}
		return []chain.Hit{{Item: it, Message: fmt.Sprintf("the extended key usage of {item} is %s and lacks %s", purposes(have), purposes(absent)),
			Advice:   []chain.Advice{{Repair: chain.RepairReissue(it, func(cert *x509read.Certificate) { cert.ExtKeyUsage = append(slices.Clone(have), absent...) })}},
			Evidence: []chain.Evid{{Field: "extendedKeyUsage", Got: purposes(have), Want: purposes(absent)}}}}
	}),
}

// leafPurposes lists the purposes that will do, the proper one first; nil where
// no purpose is asked for.
func leafPurposes(p chain.Purpose) []x509read.OID {
	switch p {
	case chain.PurposeServer:
		return []x509read.OID{x509read.OIDServerAuth, x509read.OIDAnyExtKeyUsage, x509read.OIDMSServerGatedCrypto, x509read.OIDNetscapeServerGatedCrypto}
	case chain.PurposeClient:
		return []x509read.OID{x509read.OIDClientAuth, x509read.OIDAnyExtKeyUsage}
	}
	return nil
}
