package apple

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(anchorUnrecognised)

var anchorUnrecognised = &chain.Rule{
	ID:    "apple-anchor-unrecognised",
	Level: chain.LevelX509,
	Title: "the installed anchor does not count as self-signed",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPVCIsAnchorPerConstraints", Section: "X-07", Confidence: chain.ConfidenceSource},
	},
	Explain: "Plain full trust makes a certificate an anchor only if Apple platforms recognise it as self-signed: issuer and subject are equal, the key identifiers agree and the signature can be verified. " +
		"A root signed with RSASSA-PSS, or an intermediate in a root's place, needs the trust setting trustAsRoot, which only macOS and device management offer.",
	Advice: []chain.Advice{{Who: "device owner", Text: "install the self-signed root; on macOS this setting does", Commands: []string{trustAsRoot}}},
	Apple:  chain.AppleError{Class: chain.ClassTrust, Sec: -67843},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		if p.Anchor == nil || p.Anchor.Kind != chain.Installed {
			return nil
		}
		it := p.Last()
		cert := it.Cert
		h := chain.Hit{Item: it, AtMost: chain.Warning, Evidence: []chain.Evid{{Field: "issuer", Got: cert.Issuer.String(), Want: cert.Subject.String()}}}
		switch alg := cert.Signature.OID; {
		case !cert.Subject.EqualApple(cert.Issuer):
			h.Message = "{item} is installed and not self-signed: it is trusted only with the setting trustAsRoot"
		case alg != "" && !verifiable(alg) && !it.Reissued:
			h.Message = fmt.Sprintf("{item} is installed and signed with %s, which cannot be verified: it is trusted only with the setting trustAsRoot", alg.Name())
			h.Evidence = []chain.Evid{{Field: "signatureAlgorithm", Got: alg.Name(), Want: "sha256WithRSAEncryption or ecdsa-with-SHA256"}}
			h.Advice = []chain.Advice{{Who: "CA", Text: "sign the root anew, with its key and name, with RSA PKCS #1 v1.5 and SHA-256, and have that installed", Commands: []string{chain.RootAgain}},
				{Who: "device owner", Text: "or, on macOS, give the present one this setting", Commands: []string{trustAsRoot}}}
			if alg == x509read.OIDRSASSAPSS && !strings.HasPrefix(c.Question.Platform, "macos") {
				h.AtMost = ""
			}
		case keyIDsDisagree(cert, cert):
			h.Message = "the two key identifiers of {item}, an installed root, differ: it is trusted only with the setting trustAsRoot"
			h.Evidence = []chain.Evid{{Field: "authorityKeyIdentifier", Got: "not its own subjectKeyIdentifier", Want: "equal"}}
		default:
			return nil
		}
		return []chain.Hit{h}
	}),
}

const trustAsRoot = "sudo security add-trusted-cert -d -r trustAsRoot -k /Library/Keychains/System.keychain ca.pem"
