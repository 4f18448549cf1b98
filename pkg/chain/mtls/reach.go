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

// reach says whether the certificates sent lead to one of the announced CA names.
func reach(certs []*x509read.Certificate, names announced) reached {
	issuer := certs[0].Issuer
	for range certs {
		if names.has(issuer) {
			return reachYes
		}
		next := false
		for _, c := range certs[1:] {
			if c.Subject.Equal5280(issuer) && !c.Subject.Equal5280(c.Issuer) {
				issuer, next = c.Issuer, true
				break
			}
		}
		if !next {
			break
		}
	}
	if names.has(issuer) {
		return reachYes
	}
	if len(certs) == 1 {
		return reachGap
	}
	return reachForeign
}
