// Package mtls judges mutual TLS: what a server demands of a client identity,
// whether an identity meets it, and what the server answered. The decision is
// the server's; its log is final.
package mtls

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
