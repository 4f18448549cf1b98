// Package reach says what stands between client and server before any
// certificate is judged.
//
//	e := chain.NewEvaluator(profile, memory, reach.Rules())
//	report := e.Evaluate(input) // of a capture with the handshakes that were tried
//
// The promise: it reads what was observed and opens no connection, so that a
// capture is judged again without a network; silence is no refusal.
package reach

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it.
var rules chain.Book

// handshakes lists the TLS handshakes with the judged peer under the server_name
// that was asked for first: the one a device sends.
func handshakes(c *chain.Case) []*chain.Observation {
	var out []*chain.Observation
	for i := range c.Capture.Observations {
		o := &c.Capture.Observations[i]
		if o.Transport == chain.TransportTLS && reached(o) && samePeer(c, o) && (len(out) == 0 || o.ServerName == out[0].ServerName) {
			out = append(out, o)
		}
	}
	return out
}

// reached reports whether there was a connection to speak TLS on.
func reached(o *chain.Observation) bool {
	return o.Outcome.Stage != chain.StageDNS && o.Outcome.Stage != chain.StageConnect
}

// answered reports whether a ServerHello came.
func answered(o *chain.Observation) bool { return o.Outcome.Version != "" }

// samePeer reports whether an attempt went where the judged list came from.
func samePeer(c *chain.Case, o *chain.Observation) bool {
	return c.Observation == nil || o.Network == c.Observation.Network || o.Network == "" || c.Observation.Network == ""
}
