package apple

import (
	"encoding/hex"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(anchorOtherKey)

var anchorOtherKey = &chain.Rule{
	ID:    "apple-anchor-other-key",
	Level: chain.LevelX509,
	Title: "the anchor has the right subject but another key",
	Sources: []chain.Source{
		{Doc: "SecTrustServer.c", Section: "X-06", Confidence: chain.ConfidenceSource},
	},
	Explain: "A private CA that was set up again under its old name is another CA: the root on the devices has the name the server's certificate asks for, but not the key that signed it. " +
		"On the device it looks as if the right root were installed, and still the certificate is not trusted.",
	Advice:    []chain.Advice{{Who: "device owner", Text: "install the root that belongs to the CA in use; compare the subject key identifiers", Commands: []string{"openssl x509 -in root.pem -noout -ext subjectKeyIdentifier"}}},
	Apple:     chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"basic-anchor-not-trusted", "basic-signature"},
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		for _, l := range p.Links {
			a := l.Issuer.Anchor
			if l.IssuerIsAnchor && a != nil && a.Kind != chain.Builtin && l.Signature.Status == x509read.Wrong && l.Child.Cert.Issuer.EqualApple(l.Issuer.Cert.Subject) && !namesKey(l) {
				return []chain.Hit{{Item: l.Child, Named: true, Message: fmt.Sprintf("the anchor %s has the issuer's name, but its key did not sign this certificate", l.Issuer.Cert.Subject.String()),
					Evidence: []chain.Evid{{Field: "issuer key", Got: keyHash(l.Issuer.Cert), Want: "the key that signed it"}}}}
			}
		}
		root := p.Last()
		if p.End != chain.SelfSigned || len(p.Items) == 1 {
			return nil
		}
		for _, a := range c.Anchors.BySubject(root.Cert.Subject.Key()) { // the CA's own root was sent along
			if a.Kind != chain.Builtin && a.Cert().Subject.EqualApple(root.Cert.Subject) && a.Cert().PublicKey.SHA256 != root.Cert.PublicKey.SHA256 {
				return []chain.Hit{{Item: root, Named: true, Message: fmt.Sprintf("the anchor %s has the name of this root, but another key", root.Cert.Subject.String()),
					Evidence: []chain.Evid{{Field: "root key", Got: keyHash(a.Cert()), Want: keyHash(root.Cert)}}, Advice: []chain.Advice{{Repair: chain.RepairInstall(root)}}}}
			}
		}
		return nil
	}),
}

// namesKey reports whether the child names the very key of the issuer: then the
// key is right, and the certificate was changed or damaged (basic-signature).
func namesKey(l *chain.Link) bool {
	aki, ski := l.Child.Cert.AuthorityKeyID, l.Issuer.Cert.SubjectKeyID
	return aki != nil && len(aki.KeyID) > 0 && string(aki.KeyID) == string(ski)
}

func keyHash(c *x509read.Certificate) string { return hex.EncodeToString(c.PublicKey.SHA256[:]) }
