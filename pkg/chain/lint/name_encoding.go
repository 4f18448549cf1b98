package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(nameEncoding)

var nameEncoding = &chain.Rule{
	ID:      "lint-name-encoding",
	Level:   chain.LevelX509,
	Title:   "a name is not encoded as its string type wants",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.1.2.4 and 4.1.2.6"}, {Doc: "X.680", Section: "section 41"}},
	Explain: "Subject and issuer are lists of typed strings, and every type has its own characters: no umlaut in a PrintableString, no half pair in a BMPString. " +
		"A chain of trust is built by comparing names, and a damaged string compares differently from client to client.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with UTF8String for everything beyond ASCII: string_mask = utf8only in openssl.cnf"}},
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		return ofFaults(it, x509read.FaultNameSyntax, x509read.FaultNameEmptyRDN, x509read.FaultNameValueEmpty, x509read.FaultNameStringType, x509read.FaultPrintableString, x509read.FaultUTF8String, x509read.FaultIA5String, x509read.FaultNumericString, x509read.FaultVisibleString, x509read.FaultBMPString, x509read.FaultUniversalString)
	}),
}
