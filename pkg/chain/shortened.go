package chain

import "github.com/chainspect/chainspect/pkg/chain/x509read"

// What a report shows of a certificate that is made to fill it, in octets.
const (
	maxName    = 1000
	maxMessage = 4000
)

// shortEvidence is evidence with its values shortened; it is never nil.
func shortEvidence(list []Evid) []Evid {
	out := make([]Evid, 0, len(list))
	for _, e := range list {
		e.Got, e.Want = x509read.Shortened(e.Got, maxName), x509read.Shortened(e.Want, maxName)
		out = append(out, e)
	}
	return out
}
