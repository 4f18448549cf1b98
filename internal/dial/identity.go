package dial

import (
	"bytes"
	"crypto"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// An Identity is lent by the loader for the time of a probe: what is sent, and
// who signs. The key never leaves the signer.
type Identity struct {
	Chain  [][]byte // DER, leaf first; what is sent is exactly this
	Signer crypto.Signer
	Place  int // where the leaf stands among the certificates of its PEM file, from 0
}

// Variants are the ways to send the identity: the leaf alone, with the
// intermediates, with the root, as far as the chain has them.
func (id Identity) Variants() []Identity {
	if len(id.Chain) == 0 {
		return nil
	}
	withoutRoot := len(id.Chain)
	for withoutRoot > 1 && selfIssued(id.Chain[withoutRoot-1]) {
		withoutRoot--
	}
	var out []Identity
	for n := range len(id.Chain) + 1 {
		if n == 1 || n == withoutRoot || n == len(id.Chain) {
			out = append(out, Identity{Chain: id.Chain[:n:n], Signer: id.Signer, Place: id.Place})
		}
	}
	return out
}

func selfIssued(der []byte) bool {
	cert, err := x509read.Parse(der)
	return err == nil && bytes.Equal(cert.Subject.Raw, cert.Issuer.Raw)
}
