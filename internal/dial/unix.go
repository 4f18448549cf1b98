package dial

import (
	"context"
	"net"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

// unixSocket reaches a server at a socket of this machine, whatever the target's address.
type unixSocket struct{ Path string }

// viaSocket stands before the path of a socket in chain.Observation.Via.
const viaSocket = "unix:"

// Open connects to the socket.
func (p unixSocket) Open(ctx context.Context, _ ask.Target) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", p.Path)
	switch {
	case err == nil:
		return conn, nil
	case isTimeout(err):
		return nil, &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorTimeout, Via: viaSocket + p.Path, Text: "no connection to the socket " + p.Path + " within the time"}
	}
	return nil, &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Via: viaSocket + p.Path, Text: "no connection to the socket " + p.Path + ": " + rootCause(err)}
}
