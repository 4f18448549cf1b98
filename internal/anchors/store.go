package anchors

import (
	"fmt"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Names lists the trust stores that can be named.
func Names() []string { return []string{"apple", "mozilla", "system", "none"} }

// Store returns the trust store of a name ("apple", "mozilla", "system",
// "none") with its version and date; the anchors are of kind builtin. The error
// names an unknown store, or says why the system's own cannot be read.
func Store(name string) (*chain.Anchors, error) {
	if store := embedded.Store(name); store != nil {
		return store, nil
	}
	if name != "system" {
		return nil, fmt.Errorf("there is no trust store %q: it is one of apple, mozilla, system, none", name)
	}
	info, list, err := system()
	return chain.NewAnchors(info, list...), err
}
