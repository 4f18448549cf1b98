package reach

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestKeyProof(t *testing.T) {
	for proof, fires := range map[chain.KeyProof]bool{"wrong": true, "verified": false, "": false, "not checkable: Ed448": false} {
		n := 0
		for _, r := range Rules() {
			if check, ok := r.Check.(chain.PerObservation); ok {
				n += len(check(&chain.Case{}, &chain.Observation{Outcome: chain.Outcome{KeyProof: proof}}))
			}
		}
		if (n > 0) != fires {
			t.Errorf("proof %q: %d hits", proof, n)
		}
	}
}
