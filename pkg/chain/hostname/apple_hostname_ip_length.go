package hostname

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(hostnameIpLength)

var hostnameIpLength = &chain.Rule{
	ID:    "apple-hostname-ip-length",
	Level: chain.LevelName,
	Title: "one iPAddress has a wrong length and spoils the others",
	Sources: []chain.Source{
		{Doc: "CERT SecCertificateCopyIPAddresses", Section: "H-12", Confidence: chain.ConfidenceTested},
	},
	Explain: "An iPAddress has 4 or 16 octets; some tools write an address with its mask, or the text of the address, into it. " +
		"An Apple platform that meets such an entry discards every iPAddress of item 0, so that a server reached by its address fails level 2 even where another entry has that address.",
	Advice:    []chain.Advice{{Who: "whoever issues the certificate", Text: "issue item 0 again with plain addresses only: subjectAltName=IP:192.0.2.1"}},
	Apple:     appleCode(),
	InsteadOf: []string{"basic-unreadable"},
	Check:     chain.PerLeaf(checkAppleIPLength),
}

func checkAppleIPLength(c *chain.Case, leaf *chain.Item) []chain.Hit {
	j := judge(c)
	if j == nil || j.kind != chain.NameIP || j.cause != covered {
		return nil
	}
	n, ok := strayIP(leaf.Cert.SubjectAltName)
	if !ok {
		return nil
	}
	return j.hit(leaf, fmt.Sprintf("an iPAddress of %d octets, 4 or 16 are allowed: an Apple platform discards all addresses of {item}", n), fmt.Sprintf("iPAddress of %d octets", n), chain.Advice{Who: "server administrator", Text: "have item 0 issued again without the malformed iPAddress"})
}
