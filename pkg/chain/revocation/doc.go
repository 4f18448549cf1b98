// Package revocation says what CRLs and OCSP responses of the capture say about
// the certificates of a path: RFC 5280 section 6.3 with reasons, indirect,
// delta and partitioned CRLs, and RFC 6960. Nothing is fetched: evidence enters
// through the capture only.
package revocation

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
