// Package apple holds the rules by which Apple platforms add to the basic X.509
// level: lifetimes, extended key usages, keys, hashes, parsing, distrust and
// Certificate Transparency. The identifiers in the rules' sources (V-02, K-05 …)
// are those of docs/apple-coverage.md.
package apple

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	distrust_table.go  what is refused below an issuer, read from distrust.tsv
//	repairs.go         how a CA issues anew what Apple refuses
//	scope.go           whom the policy for TLS servers is about
//	subtrees.go        name constraints as Apple compares them
//	transparency.go    what the timestamps of a leaf add up to
var rules chain.Book
