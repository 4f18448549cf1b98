package mtls

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// What OpenSSL wants of keys at security level 2, 112 bits of security
// (SSL_CTX_set_security_level(3); NIST SP 800-57 part 1, table 2).
const (
	level2Modulus = 2048
	level2Curve   = 224
)

var _ = rules.Add(securityLevel)

var securityLevel = &chain.Rule{
	ID: "mtls-security-level", Level: chain.LevelIdentity, Severity: chain.Warning,
	Title:   "a key is too small for OpenSSL's security level 2",
	Sources: []chain.Source{{Doc: "SSL_CTX_set_security_level", Section: "level 2"}, {Doc: "NIST SP 800-57 part 1", Section: "table 2"}},
	Explain: "OpenSSL measures every key of a client's chain against its security level, before it asks who issued it. At level 2, the default of OpenSSL 3.2 and of Debian's and Ubuntu's builds, RSA keys under 2048 bits and curves under 224 bits are refused with the alert “bad certificate”; Go and Java have limits of their own.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue the identity for a key of 2048 bits or on P-256", Commands: []string{"openssl ecparam -name prime256v1 -genkey -noout -out client.key"}},
		{Who: "server administrator", Text: "or, until then, lower the security level", Config: []string{chain.Nginx + "ssl_ciphers DEFAULT:@SECLEVEL=1;", chain.Apache + "SSLCipherSuite DEFAULT:@SECLEVEL=1"}}},
	Needs: isClient,
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		k := &it.Cert.PublicKey
		limit := 0
		switch k.Type {
		case x509read.RSA, x509read.RSAPSS, x509read.DSA:
			limit = level2Modulus
		case x509read.ECDSA:
			limit = level2Curve
		}
		if k.Bits == 0 || k.Bits >= limit {
			return nil
		}
		return []chain.Hit{{Item: it, Message: fmt.Sprintf("the %s key of {item} has %d bits, OpenSSL wants %d at security level 2", k.Type, k.Bits, limit),
			Evidence: []chain.Evid{{Field: "subjectPublicKeyInfo", Got: fmt.Sprintf("%s, %d bits", k.Type, k.Bits), Want: fmt.Sprintf("at least %d bits", limit)}}}}
	}),
}
