// Package lint holds the certificate-profile MUSTs that path validation does
// not look at: RFC 5280 section 4 ("lint-…") and the TLS Baseline Requirements
// of the CA/Browser Forum ("lint-br-…"), which are about TLS servers and so not
// asked of a client's certificate. They say what a CA did wrong; whether
// that matters is the profile's.
package lint

import (
	"fmt"
	"slices"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	names.go  the syntax of host names and mailboxes
var rules chain.Book

// ofFaults are hits of the reader's faults: one for each that has one of the codes.
func ofFaults(it *chain.Item, codes ...x509read.FaultCode) (hits []chain.Hit) {
	for _, f := range it.Cert.Faults {
		if slices.Contains(codes, f.Code) {
			h := chain.Hit{Item: it, Message: fmt.Sprintf("the field %s of {item} is not as RFC 5280 has it: %s", f.Field, f.Message),
				Evidence: []chain.Evid{{Field: f.Field, Got: fmt.Sprintf("malformed, at byte %d", f.Offset), Want: "as RFC 5280 section 4 has it"}}}
			if hits == nil { // what is issued again has none of the faults
				h.Try(chain.RepairReissue(it, func(*x509read.Certificate) {}), "")
			}
			hits = append(hits, h)
		}
	}
	return hits
}

// one makes the hit of a rule that has one thing to say about an item.
func one(it *chain.Item, message, field, got, want string) []chain.Hit {
	return []chain.Hit{{Item: it, Message: message, Evidence: []chain.Evid{{Field: field, Got: got, Want: want}}}}
}

// reissued gives a hit of one the repair that the CA issues its item again with a change.
func reissued(hits []chain.Hit, change func(*x509read.Certificate)) []chain.Hit {
	hits[0].Try(chain.RepairReissue(hits[0].Item, change), "")
	return hits
}

// ownSignature reports whether a certificate is signed by its own key. An anchor's
// own signature proves nothing, and is not worth the time to check.
func ownSignature(c *chain.Case, it *chain.Item) bool {
	return it.SelfIssued() && (it.Anchor != nil || c.VerifySignature(it, it).Status != x509read.Wrong)
}

// isRoot reports whether the item is a trusted anchor that signed itself.
func isRoot(c *chain.Case, it *chain.Item, at chain.Place) bool {
	return at.Anchor && ownSignature(c, it)
}

// critical is the hit of an extension of the item that is there and is not (want
// true) or is (want false) marked critical.
func critical(it *chain.Item, oid x509read.OID, want bool) []chain.Hit {
	e := it.Cert.Extension(oid)
	if e == nil || e.Critical == want {
		return nil
	}
	hits := one(it, fmt.Sprintf("%s of {item} is marked critical, it must not be", oid.Name()), oid.Name(), "critical", "not critical")
	if want {
		hits = one(it, fmt.Sprintf("%s of {item} is not marked critical, it has to be", oid.Name()), oid.Name(), "not critical", "critical")
	}
	return reissued(hits, func(cert *x509read.Certificate) {
		cert.Extensions = slices.Clone(cert.Extensions)
		for i := range cert.Extensions {
			if cert.Extensions[i].OID == oid {
				cert.Extensions[i].Critical = want
			}
		}
	})
}
