package chain

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// RepairOwnCA has a small CA of one's own issue the item for 90 days, and the CA's
// root installed.
func RepairOwnCA(it *Item) Repair {
	return func(in Input) (Input, bool) {
		now := in.Question.Time.Truncate(time.Second)
		root, ok := ownRoot(now)
		if !ok {
			return in, false
		}
		a := &Anchor{Kind: Installed, Origin: "a CA of one's own, for this trial", SHA256: root.SHA256}
		a.parse.Do(func() { a.cert = root })
		a.subjectOnce.Do(func() { a.subjectKey = root.Subject.Key() })
		in.Anchors = in.Anchors.With(a)
		return RepairReissue(it, func(c *x509read.Certificate) {
			c.Issuer, c.AuthorityKeyID, c.BasicConstraints = root.Subject, nil, nil
			c.NotBefore, c.NotAfter = now, now.AddDate(0, 0, 90)
			c.KeyUsage = &x509read.KeyUsage{Bits: x509read.DigitalSignature, Critical: true}
			switch {
			case c.ExtKeyUsage != nil:
			case in.Question.Purpose == PurposeClient:
				c.ExtKeyUsage = []x509read.OID{x509read.OIDClientAuth}
			default:
				c.ExtKeyUsage = []x509read.OID{x509read.OIDServerAuth}
			}
		})(in)
	}
}

// ownRoot is the root that `chainspect lab init` makes, without its key.
func ownRoot(now time.Time) (*x509read.Certificate, bool) {
	der, err := asn1.Marshal(pkix.Name{CommonName: "A CA of one's own"}.ToRDNSequence())
	if err != nil {
		return nil, false
	}
	name, _ := x509read.ParseName(der)
	alg := x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256}
	sum := sha256.Sum256(der)
	return &x509read.Certificate{
		Version: 3, Serial: sum[:16], Subject: name, Issuer: name, NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(10, 0, 0),
		PublicKey: x509read.PublicKey{Type: x509read.ECDSA, Bits: 256, Curve: "P-256", SHA256: sum, Algorithm: x509read.Algorithm{OID: x509read.OIDECPublicKey}},
		Signature: alg, TBSSignature: alg, SHA256: sum, Reissued: true,
		BasicConstraints: &x509read.BasicConstraints{CA: true, Critical: true},
		KeyUsage:         &x509read.KeyUsage{Bits: x509read.KeyCertSign | x509read.CRLSign, Critical: true},
	}, true
}
