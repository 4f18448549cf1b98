package chain

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// leaf finds the server's (or client's) own certificate among the items sent
// and returns its index: item 0, unless that is plainly a CA's and a better one
// stands behind it. Everything else is then judged as if the list were in order;
// a rule of package basic says that it is not.
func (b *builder) leaf() int {
	first := b.c.Leaf()
	if first == nil || first.Err != nil || !first.Cert.IsCA() || b.keyed() || b.covers(first) {
		return 0
	}
	var ends []*Item
	for _, it := range b.c.Sent() {
		if it.Err != nil || it.Repeats >= 0 || it.Cert.IsCA() || b.issued(it) {
			continue
		}
		if b.covers(it) {
			return it.Index
		}
		ends = append(ends, it)
	}
	if len(ends) == 1 && !namesHost(first.Cert) {
		return ends[0].Index
	}
	return 0
}

// keyed reports whether a private key says that item 0 is the leaf: it signed the
// handshake, or the list is an identity file's, which is read by its keys.
func (b *builder) keyed() bool {
	o := b.c.Observation
	return o.Outcome.KeyProof == ProofVerified || o.Transport != TransportTLS && b.c.Capture.Identity != nil
}

// covers reports whether a certificate covers the reference name, where there is
// one and somebody to compare it.
func (b *builder) covers(it *Item) bool {
	q := &b.c.Question
	return b.compare != nil && q.Name != "" && q.NameKind != NameNone && b.compare(q, it.Cert)
}

// issued reports whether another item sent names this one as its issuer.
func (b *builder) issued(it *Item) bool {
	key := it.Cert.Subject.Key()
	for _, x := range b.c.Sent() {
		if x.Err == nil && x != it && x.Repeats != it.Index && x.Cert.Issuer.Key() == key {
			return true
		}
	}
	return false
}

// namesHost reports whether a certificate is made out to a host, as a CA's is not.
func namesHost(c *x509read.Certificate) bool {
	for _, n := range c.SubjectAltName {
		if n.Tag == x509read.TagDNS || n.Tag == x509read.TagIP {
			return true
		}
	}
	return false
}
