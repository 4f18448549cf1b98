// Package basic holds the rules of level 1: certification path validation after
// RFC 5280 section 6, and what the list of certificates itself should look like.
//
//	e := chain.NewEvaluator(chain.ProfileByName("rfc"), memory, basic.Rules())
//	report := e.Evaluate(input)
//
// The promise: every breach on every candidate path is a hit, never the first
// alone. The rules know no profile; what Apple's own procedure decides otherwise,
// profile apple switches off here, and package apple judges it.
package basic

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	missing_issuer.go  an issuer that is nowhere, and where to get it
//	policy_graph.go    the policy part of RFC 5280 section 6.1, by RFC 9618
//	subtrees.go        names and the subtrees of name constraints
//	wording.go         how messages and commands speak of a case
var rules chain.Book
