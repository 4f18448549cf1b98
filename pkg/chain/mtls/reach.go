package mtls

import (
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type reached int

const (
	reachYes     reached = iota
	reachForeign         // nothing sent leads to an announced name
	reachGap             // it might, if the intermediate had been sent
)

// announced are the names of CAs a server accepts, by x509read.Name.Key: read
// once, since the list is the server's to make long.
type announced map[string]bool

func announcedBy(authorities [][]byte) announced {
	set := announced{}
	for _, raw := range authorities {
		set[x509read.NameKey(raw)] = true
	}
	return set
}

func (a announced) has(n x509read.Name) bool { return a[n.Key()] }

// reach says whether the certificates sent lead to one of the announced CA names,
// and if not, which issuer is the first that is neither sent nor announced.
func reach(certs []*x509read.Certificate, names announced) (missing x509read.Name, at reached) {
	last := certs[0]
	for range certs {
		if names.has(last.Issuer) || names.has(last.Subject) && last != certs[0] {
			return missing, reachYes
		}
		var next *x509read.Certificate
		for _, c := range certs[1:] {
			if c != last && c.Subject.Equal5280(last.Issuer) {
				next = c
				break
			}
		}
		if next == nil || selfIssued(last) {
			break
		}
		last = next
	}
	if selfIssued(last) {
		return last.Issuer, reachForeign
	}
	return last.Issuer, reachGap
}
