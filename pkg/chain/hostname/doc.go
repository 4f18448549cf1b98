// Package hostname judges level 2, the name: does item 0 cover the reference
// name, after RFC 2818, RFC 6125 and RFC 9525, strictly – subjectAltName only,
// a wildcard only as the whole left-most label. The rules "apple-hostname-…"
// say where an Apple platform is stricter than RFC 9525; they are here, and not
// among the other rules of their prefix, because they compare names.
package hostname

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	judge.go      the names of item 0 against the reference name
//	matching.go   one presented name of each kind against another
//	readings.go   how Apple platforms read the same names
//	reference.go  what the user asked for
//	repairs.go    the nearest name, and a certificate that covers it
var rules chain.Book

// appleCode is errSecHostNameMismatch (apple: section 3). A function and no variable, so
// that the compiler can lay out the rules that have it.
func appleCode() chain.AppleError { return chain.AppleError{Class: chain.ClassName, Sec: -67602} }
