//go:build js

package load

import (
	"context"

	"github.com/chainspect/chainspect/pkg/chain"
)

// ServerPolicy is the command's: a policy names files, which the page in the
// browser has not, and YAML would be a thirtieth of what the page loads.
func (f *Files) ServerPolicy(_ context.Context, path string, _ []byte) (*chain.ServerDemands, error) {
	return nil, &Error{Kind: "policy", Path: path, Message: "a server policy is not judged here", Remedy: "chainspect identity FILE --server-policy FILE judges it"}
}
