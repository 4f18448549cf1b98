// Package revocation says what CRLs and OCSP responses of the capture say about
// the certificates of a path: RFC 5280 section 6.3 with reasons, indirect,
// delta and partitioned CRLs, and RFC 6960. Nothing is fetched: evidence enters
// through the capture only.
package revocation

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	answer.go   what an answer says of a certificate
//	crl.go      a revocation list and its extensions
//	entries.go  the entries of a list, which may be millions
//	lists.go    which lists of the capture are about a certificate
//	ocsp.go     an OCSP response and its single answers
//	replies.go  which responses of the capture are about a certificate
//	signer.go   whether a list or a response is signed by who may
var rules chain.Book
