package anchors

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

// Store returns the trust store of a name ("apple", "mozilla", "system",
// "none") with its version and date; the anchors are of kind builtin. The list
// is shared: callers must not change it. The error names an unknown store, or
// says why the system's own cannot be read.
func Store(name string) (chain.StoreInfo, []*chain.Anchor, error) {
	switch name {
	case "apple":
		info, list := Apple()
		return info, list, nil
	case "mozilla":
		info, list := Mozilla()
		return info, list, nil
	case "system":
		return System()
	case "none":
		return chain.StoreInfo{Name: "none"}, nil, nil
	}
	return chain.StoreInfo{}, nil, fmt.Errorf("there is no trust store %q: it is one of apple, mozilla, system, none", name)
}
