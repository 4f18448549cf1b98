package apple

import (
	"encoding/hex"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(keyIdentifier)

var keyIdentifier = &chain.Rule{
	ID:    "apple-key-identifier",
	Level: chain.LevelX509,
	Title: "authority and subject key identifier differ",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c IdLinkage", Section: "X-17", Confidence: chain.ConfidenceSource},
	},
	Explain: "Where a certificate names its issuer's key by an identifier and the issuer carries one, Apple platforms want the two to be equal, although RFC 5280 means them as a hint for finding the issuer. " +
		"It happens when a private CA was set up again with the same key and another way to compute the identifier. The log says that the certificate is not standards compliant.",
	Advice: []chain.Advice{{Who: "CA", Text: "issue {item} again with the authorityKeyIdentifier of the CA certificate in use", Issue: &chain.Issuing{With: []string{"authorityKeyIdentifier=keyid"}}}},
	Apple:  chain.AppleError{Class: chain.ClassCompliance, Sec: -67610},
	Check: chain.PerLink(func(_ *chain.Case, l *chain.Link) []chain.Hit {
		if !keyIDsDisagree(l.Child.Cert, l.Issuer.Cert) {
			return nil
		}
		return []chain.Hit{{Item: l.Child, Advice: []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(cert *x509read.Certificate) {
			cert.AuthorityKeyID = &x509read.AuthorityKeyID{KeyID: l.Issuer.Cert.SubjectKeyID}
		})}}, Message: "the authority key identifier of {item} is not the issuer's subject key identifier",
			Evidence: []chain.Evid{{Field: "authorityKeyIdentifier", Got: hex.EncodeToString(l.Child.Cert.AuthorityKeyID.KeyID),
				Want: hex.EncodeToString(l.Issuer.Cert.SubjectKeyID)}}}}
	}),
}
