// Package apple holds the rules by which Apple platforms add to the basic X.509
// level: lifetimes, extended key usages, keys, hashes, parsing, distrust and
// Certificate Transparency. The identifiers in the rules' sources (V-02, K-05 …)
// are those of docs/apple-coverage.md.
package apple

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
