package load

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// leafFirst puts the certificates of a PKCS#7, a SET without an order (RFC 2315
// section 6.6), into the order a server sends: first the one that is no CA and
// issued none of the others, after it each one's issuer, by name. What belongs to
// no chain follows as it came.
func leafFirst(set []Block) []Block {
	if len(set) < 2 {
		return set
	}
	certs := make([]*x509read.Certificate, len(set))
	bySubject := map[string][]int{}
	for i, b := range set {
		if c, err := x509read.Parse(b.DER); err == nil {
			certs[i] = c
			bySubject[c.Subject.Key()] = append(bySubject[c.Subject.Key()], i)
		}
	}
	issuer := map[string]bool{} // the names that issued another certificate
	for _, c := range certs {
		if c != nil && c.Issuer.Key() != c.Subject.Key() {
			issuer[c.Issuer.Key()] = true
		}
	}
	at := -1
	for i, c := range certs {
		if c != nil && !issuer[c.Subject.Key()] && (c.BasicConstraints == nil || !c.BasicConstraints.CA) {
			at = i
			break
		}
	}
	out := make([]Block, 0, len(set))
	placed := make([]bool, len(set))
	for at >= 0 {
		out, placed[at] = append(out, set[at]), true
		key := certs[at].Issuer.Key()
		above := bySubject[key]
		for len(above) > 0 && placed[above[0]] {
			above = above[1:]
		}
		bySubject[key] = above // none is looked at twice
		if at = -1; len(above) > 0 {
			at = above[0]
		}
	}
	for i, b := range set {
		if !placed[i] {
			out = append(out, b)
		}
	}
	return out
}
