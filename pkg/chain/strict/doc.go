// Package strict holds what the standards allow and only some clients refuse: an
// item for each habit on which clients differ. No profile grades these rules; the
// tables of package client do, each for its own client.
package strict

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it.
var rules chain.Book

// one is a hit about one field of one item, of one kind or of several.
func one(it *chain.Item, message, field, got, want string, kinds ...string) chain.Hit {
	return chain.Hit{Item: it, Message: message, Evidence: []chain.Evid{{Field: field, Got: got, Want: want}}, Kinds: kinds}
}

// handshake reports whether the case's list was sent in a TLS handshake: what a
// file holds says nothing of staples, versions and suites.
func handshake(c *chain.Case) bool {
	return c.Observation != nil && c.Observation.Transport == chain.TransportTLS && c.Observation.Outcome.Version != ""
}
