package strict

import (
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(key)

var key = &chain.Rule{
	ID:       "strict-key",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "kind of key that some clients do not know",
	Sources:  []chain.Source{{Doc: "RFC 8422", Section: "section 5.1.1"}, {Doc: "RFC 5480", Section: "section 2"}, {Doc: "RFC 8410", Section: "section 3"}, {Doc: "RFC 4055", Section: "section 1.2"}},
	Explain:  "P-256, P-384 and RSA are the keys that every client takes. P-224 and P-521, Edwards curves, RSA keys that are marked for PSS and points in compressed form are valid, but browsers, Java and Go each lack some of them: as the key of item 0 the handshake comes to nothing, further up the signature cannot be checked.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again for a key of RSA 2048 or P-256", Issue: &chain.Issuing{NewKey: true}}},
	Reads:    x509read.FieldPublicKey,
	Check: chain.PerCertificate(func(it *chain.Item, _ chain.Place) []chain.Hit {
		var hits []chain.Hit
		k := &it.Cert.PublicKey
		if kind := keyKind(k); kind != "" {
			hits = append(hits, one(it, fmt.Sprintf("{item} has a key of a kind that some clients do not know: %s", strings.TrimSpace(k.Curve+" "+string(k.Type))), "subjectPublicKeyInfo", kind, "RSA, P-256 or P-384", kind))
		}
		if k.Type == x509read.RSA && largeExponent(k.Key) {
			hits = append(hits, one(it, "{item} has an RSA key with a public exponent of more than 31 bits", "subjectPublicKeyInfo", "a large exponent", "65537", "large-exponent"))
		}
		if it.Cert.HasFault(x509read.FaultECPointCompressed) {
			hits = append(hits, one(it, "{item} has the point of its key compressed", "subjectPublicKeyInfo", "compressed point", "an uncompressed point", "compressed"))
		}
		return hits
	}),
}

// keyKind names the key where it is none of those every client takes.
func keyKind(k *x509read.PublicKey) string {
	switch k.Type {
	case x509read.RSA:
		return ""
	case x509read.ECDSA:
		switch k.Curve {
		case "P-256", "P-384", "":
			return ""
		case "P-224", "P-521", "explicit parameters":
			return strings.ReplaceAll(k.Curve, " ", "-")
		}
		return "other-curve"
	}
	return string(k.Type)
}

// largeExponent reports whether the exponent of an RSA key has more than 31 bits,
// be it negative.
func largeExponent(key []byte) bool {
	s, e := cryptobyte.String(key), new(big.Int)
	return s.ReadASN1(&s, asn1.SEQUENCE) && s.SkipASN1(asn1.INTEGER) && s.ReadASN1Integer(e) && e.BitLen() > 31
}
