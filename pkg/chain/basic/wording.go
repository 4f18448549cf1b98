package basic

import (
	"slices"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// notSentBy says who does not have a certificate that a case needs.
func notSentBy(c *chain.Case) string {
	switch {
	case c.Observation != nil && (c.Observation.Transport == chain.TransportFile || c.Observation.Transport == chain.TransportStdin):
		return "the file does not hold"
	case clientIdentity(c):
		return "the client does not send"
	}
	return "the server does not send"
}

// severalIdentities reports whether a file holds more identities than the one
// judged: what is not of this one's chain belongs to the others.
func severalIdentities(c *chain.Case) bool {
	return c.Capture.Identity != nil && len(c.Capture.Identity.Keys) > 1
}

// clientIdentity reports whether item 0 is a client's certificate.
func clientIdentity(c *chain.Case) bool { return c.Question.Purpose == chain.PurposeClient }

// administrator looks after the certificates of a case.
func administrator(c *chain.Case) string {
	if clientIdentity(c) {
		return "whoever made the identity"
	}
	return "server administrator"
}

// unlessFetched says what an issuer that is not sent means to the other side.
func unlessFetched(c *chain.Case, p *chain.Path) string {
	switch list := c.Addresses(p); {
	case clientIdentity(c):
		return "a server that has it will accept the identity, others will not"
	case slices.ContainsFunc(p.Items, func(it *chain.Item) bool { return it.Origin == chain.OriginFetched }):
		return "clients that fetch issuers connect, others do not"
	case len(list) > 0:
		return "clients that fetch issuers connect if they can fetch " + list[0] + ", others do not"
	}
	return "no certificate of the chain says where a client could fetch it"
}

// wholeSeconds drops the fraction: dates in certificates have none, and notAfter
// includes the second it names (RFC 5280 section 4.1.2.5; apple: D-01).
func wholeSeconds(t time.Time) time.Time { return time.Unix(t.Unix(), 0).UTC() }

// intermediates counts the items between leaf and the end of a path that are
// not self-issued, from index 1 up to but not including end (RFC 5280 section 6.1.4 (l)).
func intermediates(p *chain.Path, end int) int {
	n := 0
	for _, it := range p.Items[1:end] {
		if !it.SelfIssued() {
			n++
		}
	}
	return n
}

// complete reports whether any candidate path ends at a trusted anchor.
func complete(c *chain.Case) bool {
	for _, p := range c.Paths {
		if p.End == chain.Anchored {
			return true
		}
	}
	return false
}

// fixCommand is the command that writes the list of the case's target as it
// should be sent, with the issuers from elsewhere: "--with", FILE. It is by hand,
// another command, where the target cannot be named again: standard input, a job's
// own chain, behind a proxy.
func fixCommand(c *chain.Case, byHand string, from ...string) string {
	words := c.TargetWords()
	if words == nil || clientIdentity(c) {
		return byHand
	}
	return strings.Join(append(append([]string{"chainspect fix"}, words...), from...), " ") + " -o fullchain.pem"
}

// introduced is an item's label where it first stands: item 0 says what it is, the
// server's own, or its certificate.
func introduced(c *chain.Case, it *chain.Item, what string) string {
	switch {
	case it != c.Leaf():
		return it.Label()
	case clientIdentity(c):
		return it.Label() + ", the client's " + what
	}
	return it.Label() + ", the server's " + what
}
