package lint

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(certSignWithoutCa)

var certSignWithoutCa = &chain.Rule{
	ID:      "lint-cert-sign-without-ca",
	Level:   chain.LevelX509,
	Title:   "keyCertSign in a certificate that is no CA",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "sections 4.2.1.3 and 4.2.1.9"}},
	Explain: "The right to sign certificates is given twice, by CA:TRUE and by keyCertSign, and one without the other is a contradiction. " +
		"Old clients that looked at one of them only would take this certificate for a CA.",
	Advice:    []chain.Advice{{Who: "CA", Text: "issue {item} again with keyUsage=critical,digitalSignature; a CA needs basicConstraints=critical,CA:TRUE besides", Issue: &chain.Issuing{With: []string{"keyUsage=critical,digitalSignature"}}}},
	InsteadOf: []string{"lint-path-len"},
	Reads:     x509read.FieldBasicConstraints | x509read.FieldKeyUsage,
	Check:     chain.PerCertificate(checkCertSignWithoutCA),
}

func checkCertSignWithoutCA(it *chain.Item, _ chain.Place) []chain.Hit {
	ku := it.Cert.KeyUsage
	if ku == nil || ku.Bits&x509read.KeyCertSign == 0 || it.Cert.IsCA() || it.Cert.Version < 3 {
		return nil
	}
	return one(it, "{item} has keyCertSign in its keyUsage, and no CA:TRUE in basicConstraints", "keyUsage", "keyCertSign", "no keyCertSign without CA:TRUE")
}
