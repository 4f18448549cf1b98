package strict

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keySize)

var keySize = &chain.Rule{
	ID:       "strict-key-size",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "key of a size that some clients refuse",
	Sources:  []chain.Source{{Doc: "SSL_CTX_set_security_level(3)", Section: "levels 1 and 2"}, {Doc: "java.security", Section: "jdk.certpath.disabledAlgorithms"}, {Doc: "CA/Browser Forum Baseline Requirements", Section: "section 6.1.5"}},
	Explain:  "How short a key may be is each client's own limit: 1024 bits are enough for Node and for the private roots of browsers, OpenSSL as Debian and Ubuntu build it wants 112 bits of security, about 2048, in every certificate of the path. There are upper limits too: Go takes no RSA key above 8192 bits in a handshake.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again for a larger key, RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Reads:    x509read.FieldPublicKey,
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		k := &it.Cert.PublicKey
		kind := ""
		switch {
		case k.Bits == 0:
		case (k.Type == x509read.RSA || k.Type == x509read.RSAPSS) && k.Bits < 2048:
			kind = "rsa"
		case (k.Type == x509read.RSA || k.Type == x509read.RSAPSS) && k.Bits > 8192:
			kind = "rsa-huge"
		case (k.Type == x509read.RSA || k.Type == x509read.RSAPSS) && k.Bits > 4096:
			kind = "rsa-large"
		case k.Type == x509read.ECDSA && k.Bits < 224:
			kind = "ec"
		}
		if kind == "" {
			return nil
		}
		h := one(it, fmt.Sprintf("{item} has an %s key of %d bits", k.Type, k.Bits), "subjectPublicKeyInfo", fmt.Sprintf("%d bits", k.Bits), "2048 to 4096 bits, which every client takes", kind)
		h.Measure = k.Bits
		return []chain.Hit{h}
	}),
}
