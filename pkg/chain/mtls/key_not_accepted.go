package mtls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(keyNotAccepted)

var keyNotAccepted = &chain.Rule{
	ID: "mtls-key-not-accepted", Level: chain.LevelIdentity,
	Title: "the server takes no signature this identity can make",
	Sources: []chain.Source{{Doc: "RFC 8446", Section: "sections 4.3.2 and 4.4.3"}, {Doc: "RFC 5246", Section: "section 7.4.4"},
		{Doc: "SecBase.h", Section: "M-06, M-09", Confidence: chain.ConfidenceSource}},
	Explain: "With its request for an identity the server lists the signature algorithms it verifies. A client whose private key can make none of them has to go on without an identity: nothing is sent, however good the certificate is. An app sees -1206.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "take the key's algorithms as well",
		Config: []string{chain.Nginx + "ssl_conf_command ClientSignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256;", chain.Apache + "SSLOpenSSLConfCmd ClientSignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256"}}, {Who: "CA", Text: "or issue an identity with a key of the kind the server asks for"}},
	Apple: chain.AppleError{Class: chain.ClassTLS, URL: -1206, SSL: -9863},
	Needs: identityShown,
	Check: chain.PerList(func(c *chain.Case) []chain.Hit {
		now, _ := attempts(c)
		for _, o := range now {
			if keyUnusable(c, o) {
				key := identityKey(c, o.Presented)
				kind := strings.TrimSpace(fmt.Sprintf("%s %d", key.Type, key.Bits))
				return []chain.Hit{{Message: fmt.Sprintf("none of the signature algorithms the server asks for can be made with the identity's key (%s)", kind),
					Evidence: []chain.Evid{{Field: "key", Got: kind, Want: "one that signs by " + schemeNames(o.ClientAuth.Schemes)}}}}
			}
		}
		return nil
	}),
}

// keyUnusable reports whether an identity was kept back since its key makes no
// signature that the server asked for.
func keyUnusable(c *chain.Case, o *chain.Observation) bool {
	if o.Presented.Fate != chain.FateUnknown || len(o.Presented.Withheld) == 0 || o.ClientAuth == nil || len(o.ClientAuth.Schemes) == 0 {
		return false
	}
	key := identityKey(c, o.Presented)
	return key != nil && !slices.ContainsFunc(o.ClientAuth.Schemes, func(s tlsname.Scheme) bool { return makes(key, s, o.Presented.Version) })
}

func identityKey(c *chain.Case, p *chain.Presented) *x509read.PublicKey {
	cert, err := x509read.Parse(c.Capture.Blobs[identityOf(p)[0]])
	if err != nil {
		return nil
	}
	return &cert.PublicKey
}

// makes reports whether a key can sign by a SignatureScheme. TLS 1.3 binds ECDSA
// to a curve and has no PKCS #1 v1.5 (RFC 8446 section 4.2.3).
func makes(key *x509read.PublicKey, scheme tlsname.Scheme, version string) bool {
	in13 := version == tlsname.TLS13.String()
	signer := scheme.Signer()
	switch key.Type {
	case x509read.RSA:
		return signer == tlsname.ByRSAPSS || signer == tlsname.ByRSA && (scheme.InTLS13() || !in13)
	case x509read.ECDSA:
		return signer == tlsname.ByECDSA && (!in13 || scheme.Curve() != 0 && scheme.Curve().String() == key.Curve)
	case x509read.Ed25519:
		return signer == tlsname.ByEd25519
	case x509read.Ed448:
		return signer == tlsname.ByEd448
	}
	return true // it is not for us to say
}

// schemeNames writes the registered names (IANA TLS SignatureScheme).
func schemeNames(list []tlsname.Scheme) string {
	var out []string
	for _, s := range list {
		out = append(out, s.String())
	}
	return strings.Join(out, ", ")
}
