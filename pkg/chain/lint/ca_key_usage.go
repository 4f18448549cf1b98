package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(caKeyUsage)

var caKeyUsage = &chain.Rule{
	ID:      "lint-ca-key-usage",
	Level:   chain.LevelX509,
	Title:   "a CA has no keyUsage",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.3"}},
	Explain: "A CA certificate has to carry keyUsage with keyCertSign (and cRLSign where it signs CRLs). " +
		"Path validation lets an absent extension pass as \"everything is allowed\", which is more than any CA should be trusted with.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with keyUsage=critical,keyCertSign,cRLSign", Issue: &chain.Issuing{Anew: true}}},
	Reads:  x509read.FieldKeyUsage,
	Check:  chain.PerCertificate(checkCAKeyUsage),
}

func checkCAKeyUsage(it *chain.Item, _ chain.Place) []chain.Hit {
	if !it.Cert.IsCA() || it.Cert.Extension(x509read.OIDExtKeyUsage) != nil {
		return nil
	}
	hits := one(it, "{item} is a CA's and has no keyUsage", "keyUsage", "none", "keyCertSign, cRLSign")
	hits[0].AtMost = chain.Warning // section 6.1.4 (n) takes absence for consent
	return hits
}
