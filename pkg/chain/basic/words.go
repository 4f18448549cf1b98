package basic

import (
	"fmt"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// label names an item in a message: by number where it was sent, by subject otherwise.
func label(it *chain.Item) string {
	if it.Sent() {
		return fmt.Sprintf("item %d", it.Index)
	}
	if it.Anchor != nil {
		return "the trusted anchor " + short(it.Cert.Subject)
	}
	return "the certificate " + short(it.Cert.Subject)
}

// short is the common name, or the whole name where it has none.
func short(n x509read.Name) string {
	if cn := n.CommonName(); cn != "" {
		return cn
	}
	if n.Empty() {
		return "(empty name)"
	}
	return n.String()
}

// lacks says who does not have a certificate that a case needs.
func lacks(c *chain.Case) string {
	switch {
	case c.Observation != nil && (c.Observation.Transport == "file" || c.Observation.Transport == "stdin"):
		return "the file does not hold"
	case c.Question.Purpose == chain.PurposeClient:
		return "the client did not send"
	}
	return "the server did not send"
}

// stamp writes an instant in whole seconds, as certificates have them.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

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
