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

// Rules is the book of this package, in the order of the IDs.
func Rules() chain.Book { return rules.Sorted() }

var rules chain.Book
