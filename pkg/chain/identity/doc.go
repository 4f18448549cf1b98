// Package identity says what a digital identity file is (a certificate and its
// private key, or only half of that) and where it imports.
//
//	e := chain.NewEvaluator(profile, memory, identity.Rules())
//	e.Hooks[chain.LevelIdentity] = chain.LevelHook{Applies: identity.Applies}
//	rows := identity.Imports(capture.Identity) // each importer, and what it would take
//
// The promise: it looks at what was read of the file, in which there is no private
// key and no password, and asks no importer: what each does is a table with sources.
package identity

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	convert.go  commands that write an identity anew
//	file.go     what stands in the file, and how it is protected
//	imports.go  what each importer takes
var rules chain.Book
