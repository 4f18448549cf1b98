// Package identity says what a digital identity file is (a certificate and its
// private key, or only half of that) and where it imports.
package identity

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
