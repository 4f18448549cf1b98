package mtls

import (
	"bytes"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

type reached int

const (
	reachYes     reached = iota
	reachForeign         // nothing sent leads to an announced name
	reachGap             // it might, if the intermediate had been sent
)

// reach says whether the certificates sent lead to one of the announced CA names.
func reach(certs []*x509read.Certificate, authorities [][]byte) reached {
	issuer := certs[0].Issuer
	for range certs {
		if announced(issuer, authorities) {
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
	if announced(issuer, authorities) {
		return reachYes
	}
	if len(certs) == 1 {
		return reachGap
	}
	return reachForeign
}

func announced(n x509read.Name, authorities [][]byte) bool {
	for _, raw := range authorities {
		if bytes.Equal(raw, n.Raw) {
			return true
		}
		if a, _ := x509read.ParseName(raw); a.Equal5280(n) {
			return true
		}
	}
	return false
}
