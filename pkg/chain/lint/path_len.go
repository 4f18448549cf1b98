package lint

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(pathLen)

var pathLen = &chain.Rule{
	ID:      "lint-path-len",
	Level:   chain.LevelX509,
	Title:   "a path length without the right to issue",
	Sources: []chain.Source{{Doc: "RFC 5280", Section: "section 4.2.1.9"}},
	Explain: "pathLenConstraint limits how many CAs may follow below. " +
		"It only makes sense, and is only allowed, where the certificate is a CA and its keyUsage has keyCertSign.",
	Advice: []chain.Advice{{Who: "CA", Text: "leave pathlen out, or issue the certificate as a CA: basicConstraints=critical,CA:TRUE,pathlen:0 with keyUsage=critical,keyCertSign,cRLSign"}},
	Check:  chain.PerCertificate(checkPathLen),
}

func checkPathLen(it *chain.Item, _ chain.Place) []chain.Hit {
	bc, ku := it.Cert.BasicConstraints, it.Cert.KeyUsage
	if bc == nil || bc.PathLen < 0 {
		return nil
	}
	got := fmt.Sprintf("pathlen:%d", bc.PathLen)
	switch {
	case !bc.CA:
		return one(it, fmt.Sprintf("{item} has the limit %s and is no CA's", got), "basicConstraints", got, "none without CA:TRUE")
	case ku != nil && ku.Bits&x509read.KeyCertSign == 0:
		return one(it, fmt.Sprintf("{item} has the limit %s and a keyUsage without keyCertSign", got), "keyUsage", "no keyCertSign", "keyCertSign")
	}
	return nil
}
