package strict

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signature)

var signature = &chain.Rule{
	ID:       "strict-signature",
	Level:    chain.LevelX509,
	Severity: chain.Off,
	Title:    "signature algorithm that some clients refuse",
	Sources:  []chain.Source{{Doc: "RFC 8446", Section: "section 4.2.3"}, {Doc: "RFC 4055", Section: "section 3.1"}, {Doc: "RFC 5758", Section: "section 3"}, {Doc: "java.security", Section: "jdk.certpath.disabledAlgorithms"}},
	Explain:  "SHA-256, SHA-384 and SHA-512 with RSA or ECDSA are what every client verifies. SHA-1 under a private root still passes in Java and nowhere else; SHA-224, RSA-PSS, Edwards curves and DSA are each missing in some clients. The signature of the root counts for none of them.",
	Advice:   []chain.Advice{{Who: "CA", Text: "issue {item} again, signed with SHA-256", Issue: &chain.Issuing{}}},
	Reads:    x509read.FieldSignature,
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		kind := signatureKind(l.Child.Cert.Signature)
		if kind == "" {
			return nil
		}
		return []chain.Hit{one(l.Child, fmt.Sprintf("{item} is signed by an algorithm that some clients refuse: %s", kind), "signatureAlgorithm", kind, "SHA-256, SHA-384 or SHA-512 with RSA or ECDSA", kind)}
	}),
}

// hashKind is a hash as kinds have it.
func hashKind(hash string) string {
	switch hash { // nearly all there are
	case "SHA-256":
		return "sha256"
	case "SHA-384":
		return "sha384"
	case "SHA-512":
		return "sha512"
	}
	return strings.ToLower(strings.ReplaceAll(hash, "-", ""))
}

// signatureKind names the algorithm where it is none of those every client takes:
// "sha1-rsa", "sha224-ecdsa", "pss" (one of SHA-256, SHA-384, SHA-512), "sha1-pss",
// "pss-odd" (another hash in MGF1, or a salt of another length).
func signatureKind(a x509read.Algorithm) string {
	hash := hashKind(a.SignatureHash())
	mgf, salt, pss := a.SignaturePSS()
	key := a.SignatureKey()
	switch {
	case a.OID == x509read.OIDRSASSAPSS && !pss:
		return "pss-odd"
	case pss:
		size := map[string]int{"sha256": 32, "sha384": 48, "sha512": 64}[hash]
		switch {
		case size == 0:
			return hash + "-pss"
		case mgf != a.SignatureHash() || salt != size:
			return "pss-odd"
		}
		return "pss"
	case key == x509read.RSA || key == x509read.ECDSA:
		if hash == "sha256" || hash == "sha384" || hash == "sha512" {
			return ""
		}
		return hash + "-" + strings.ToLower(string(key))
	case key == "" || key == x509read.Unknown:
		return "unknown"
	}
	return strings.ToLower(string(key))
}
