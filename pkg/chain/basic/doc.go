// Package basic holds the rules of level 1: certification path validation after
// RFC 5280 section 6, and what the list of certificates itself should look like.
// One rule is one file; name constraints, the policy tree and the words for items
// have files of their own.
//
//	e := chain.NewEvaluator(chain.ProfileByName("rfc"), memory, basic.Rules())
//	report := e.Evaluate(input)
//
// The promise: every breach on every candidate path is a hit, never the first
// alone. The rules know no profile; what Apple's own procedure decides otherwise,
// profile apple switches off here, and package apple judges it.
package basic

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
