package basic

import (
	"bytes"
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(signature)

var signature = &chain.Rule{
	ID:    "basic-signature",
	Level: chain.LevelX509,
	Title: "signature does not verify with the issuer's key",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.3 (a)(1)"},
	},
	Explain: "The name of the issuer fits, but its key did not make the signature: either the certificate was changed after it was issued, or a CA has two certificates with the same name and different keys and the wrong one is here. " +
		"A signature that does not verify proves nothing, whatever else is right.",
	Advice: []chain.Advice{
		{Who: "server administrator", Text: "send the intermediate that belongs to item 0: its subjectKeyIdentifier is the authorityKeyIdentifier of item 0; if item 0 itself was damaged, install it again from the CA", Commands: []string{"openssl x509 -in server.pem -noout -ext authorityKeyIdentifier", "openssl x509 -in intermediate.pem -noout -ext subjectKeyIdentifier"}},
		{For: chain.ForClient, Who: "whoever made the identity", Text: "put the intermediate into its file that issued item 0: its subjectKeyIdentifier is the authorityKeyIdentifier of item 0; if item 0 itself was damaged, get it again from the CA", Commands: []string{"openssl x509 -in client.pem -noout -ext authorityKeyIdentifier", "openssl x509 -in intermediate.pem -noout -ext subjectKeyIdentifier"}},
	},
	Apple: chain.AppleError{Class: chain.ClassTrust, Sec: -25318},
	InsteadOf: []string{"apple-key-identifier", "apple-md5", "apple-name-chaining", "apple-sha1", "apple-signature-unsupported", "ats-signature-hash",
		"basic-encoding", "basic-key-identifier", "basic-name-chaining", "basic-signature-uncheckable"},
	Reads: x509read.FieldSignature | x509read.FieldPublicKey,
	Check: chain.PerLink(func(c *chain.Case, l *chain.Link) []chain.Hit {
		if l.Signature.Status != x509read.Wrong {
			return nil
		}
		h := chain.Hit{
			Item:     l.Child,
			Message:  fmt.Sprintf("the signature of {item} does not verify with the key of %s", l.Issuer.Label()),
			Evidence: []chain.Evid{{Field: "signatureValue", Got: l.Signature.Reason, Want: "a signature by " + l.Issuer.Cert.Subject.Short()}},
			Advice:   []chain.Advice{{Repair: chain.RepairReissue(l.Child, func(*x509read.Certificate) {})}},
		}
		switch aki := l.Child.Cert.AuthorityKeyID; {
		case aki == nil || len(aki.KeyID) == 0:
		case bytes.Equal(aki.KeyID, l.Issuer.Cert.SubjectKeyID): // the key is the right one
			h.Advise(administrator(c), "get "+l.Child.Label()+" from the CA once more and install it: it was changed or damaged since the CA signed it, for the key it names is that of "+l.Issuer.Label())
		default:
			h.Evidence = append(h.Evidence, chain.Evid{
				Field: "subjectKeyIdentifier of " + l.Issuer.Label(), Got: fmt.Sprintf("%x", l.Issuer.Cert.SubjectKeyID), Want: fmt.Sprintf("%x, which %s names", aki.KeyID, l.Child.Label())})
			h.Advise(administrator(c), "replace the certificate of "+l.Issuer.Cert.Subject.Short()+" by the one whose subjectKeyIdentifier "+l.Child.Label()+" names")
		}
		return []chain.Hit{h}
	}),
}
