package revocation

import (
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// signedBy looks for a certificate that may vouch for a list: its subject is the
// list's issuer, its key verifies the signature and may sign CRLs, and it has a
// path to the same trusted anchor as the certificate in question (RFC 5280
// section 6.3.3 (f), (g)). It returns "" or why there is none, and whether that
// is because a signature cannot be checked here.
func (b *book) signedBy(l *crlEvidence, issuers, visiting []*chain.Item) (why string, uncheckable bool) {
	why = "is not signed by any certificate here"
	for _, onPath := range []bool{true, false} {
		list := issuers
		if !onPath {
			list = b.c.Items
		}
		for i, it := range list {
			key := &it.Cert.PublicKey
			if onPath {
				key = completed(issuers[i:])
			}
			if it.Err != nil || !it.Cert.Subject.Equal5280(l.Issuer) || !onPath && slices.Contains(issuers, it) {
				continue
			}
			switch s := b.verify(l, key); s {
			case x509read.Verified:
			case x509read.NotCheckable:
				why, uncheckable = "is signed with "+l.Algorithm.OID.Name()+", which cannot be checked here", true
				continue
			default:
				continue
			}
			if ku := it.Cert.KeyUsage; ku != nil && ku.Bits&x509read.CRLSign == 0 {
				why = "is signed by " + it.Cert.Subject.String() + ", whose keyUsage lacks cRLSign"
				continue
			}
			if onPath {
				return "", false
			}
			fault := b.delegatedSigner(it, issuers, visiting)
			if fault == "" {
				return "", false
			}
			why = "is signed by " + it.Cert.Subject.String() + ", " + fault
		}
	}
	return why, uncheckable
}

// completed is the key of the first item, with the DSA parameters it may inherit
// from those above (RFC 3279 section 2.3.2).
func completed(issuers []*chain.Item) *x509read.PublicKey {
	key := &issuers[len(issuers)-1].Cert.PublicKey
	for i := len(issuers) - 2; i >= 0; i-- {
		key = issuers[i].Cert.PublicKey.Inherit(key)
	}
	return key
}

// verify checks the list's signature with a certificate's key, once per key.
func (b *book) verify(l *crlEvidence, key *x509read.PublicKey) x509read.SignatureStatus {
	k := signature{l, key.SHA256}
	if ok, known := b.signers[k]; known {
		return ok
	}
	if b.checks++; b.checks > maxChecks {
		return x509read.Wrong
	}
	ok := x509read.CheckSignatureOver(l.Algorithm, l.Signed, l.Signature, key).Status
	b.signers[k] = ok
	return ok
}

// delegatedSigner says why a signer beside the path has no path of its own to the same
// anchor on which nothing is revoked; "" where it has.
func (b *book) delegatedSigner(it *chain.Item, issuers, visiting []*chain.Item) string {
	if slices.Contains(visiting, it) {
		// Its issuer sends those who ask for its status to a list it signs itself
		// (PKITS 4.14.30); the path was found when the question came up.
		return ""
	}
	above := b.pathUp(it, issuers, []*chain.Item{it})
	if above == nil {
		return "which has no path to the same trusted anchor"
	}
	path := append([]*chain.Item{it}, above...)
	for i, x := range path {
		if slices.Contains(issuers, x) {
			break // on the path in question, judged there
		}
		switch a := b.statusOf(x, path[i+1:], visiting); {
		case a.state == revoked:
			return "which is revoked itself"
		case a.state == undetermined && b.hardFail():
			return "whose own status is not known: " + a.why
		}
	}
	return ""
}

// pathUp finds issuers of a certificate up to the anchor of the path in
// question, by signature, names, time, and the right to sign certificates.
func (b *book) pathUp(it *chain.Item, issuers, seen []*chain.Item) []*chain.Item {
	t := b.c.Question.Time
	if len(seen) > maxDepth || t.Before(it.Cert.NotBefore) || t.After(it.Cert.NotAfter) {
		return nil
	}
	for i, y := range issuers {
		if b.issued(y, it) {
			return issuers[i:]
		}
	}
	for _, y := range b.c.Items {
		if slices.Contains(seen, y) || y.Err != nil || !b.issued(y, it) {
			continue
		}
		if ku := y.Cert.KeyUsage; !y.Cert.IsCA() || ku != nil && ku.Bits&x509read.KeyCertSign == 0 {
			continue
		}
		if above := b.pathUp(y, issuers, append(seen[:len(seen):len(seen)], y)); above != nil {
			return append([]*chain.Item{y}, above...)
		}
	}
	return nil
}

func (b *book) issued(issuer, child *chain.Item) bool {
	if issuer == child || !issuer.Cert.Subject.Equal5280(child.Cert.Issuer) {
		return false
	}
	if b.checks++; b.checks > maxChecks {
		return false
	}
	return b.c.VerifySignature(child, issuer).Status == x509read.Verified
}
