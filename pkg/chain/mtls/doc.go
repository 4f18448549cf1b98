// Package mtls judges mutual TLS: what a server demands of a client identity,
// whether an identity meets it, and what the server answered. The decision is
// the server's; its log is final.
//
//	e := chain.NewEvaluator(profile, memory, mtls.Rules())
//	e.Hooks[chain.LevelIdentity] = chain.LevelHook{Applies: mtls.Applies, Reason: mtls.Reason}
//	e.Client = func() *chain.Evaluator { return client } // judges the identity as the server would
//
// The promise: level identity passes on an answer of the server or on its demands
// as they were given, never on a guess; an answer that says nothing is unknown.
package mtls

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	attempts.go   the handshakes in which an identity was shown
//	causes.go     what alerts and findings have in common
//	preflight.go  why a server is likely to refuse an identity
var rules chain.Book

// isClient reports whether a client's chain is judged.
func isClient(c *chain.Case) bool { return c.Question.Purpose == chain.PurposeClient }

// demands is what the server asks of the chain that is judged; nil where that
// is not a client's: a policy says nothing about the server's own certificates.
func demands(c *chain.Case) *chain.ServerDemands {
	if !isClient(c) {
		return nil
	}
	return c.Question.ServerDemands
}
