package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(duplicateExtension)

var duplicateExtension = &chain.Rule{
	ID:    "apple-duplicate-extension",
	Level: chain.LevelX509,
	Title: "an extension occurs twice",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c", Section: "X-14", Confidence: chain.ConfidenceTested},
	},
	Explain: "A certificate may have each extension once. " +
		"If one occurs twice it is open which of the two counts, so Apple platforms refuse the certificate wherever it stands on the path, even as the trusted anchor. " +
		"The log on the device says that the certificate is not standards compliant.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with every extension once", Issue: &chain.Issuing{Anew: true}}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67903},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		for _, f := range it.Cert.Faults {
			if f.Code == x509read.FaultExtensionDuplicate {
				return []chain.Hit{{Item: it, Advice: []chain.Advice{{Repair: reissueWell(it)}}, Message: fmt.Sprintf("the extension %s of {item} occurs more than once", f.OID.Name()),
					Evidence: []chain.Evid{{Field: "extensions." + f.OID.Name(), Got: "repeated", Want: "once"}}}}
			}
		}
		return nil
	}),
}
