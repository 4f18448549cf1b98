package client

import (
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// A Client is one row: a program in one version, as its makers ship it.
type Client struct {
	Name    string   // "chrome", "openssl": what --clients takes
	Version string   // "156", "3.0 level 2"
	Label   string   // as people call it: "Chrome", "Java 17"
	About   string   // what was asked: a program, a library, how it is set
	Tables  []*Table // its own first, then those of what it is built on
	// Platform is that of an Apple row, which the rules of profile apple judge and no
	// table; "" of all others.
	Platform string
	Fetches  bool            // issuers over http from caIssuers
	Asks     bool            // the OCSP responder of item 0, over http
	Hello    string          // its hello, by the name of tlsname; "": not known
	Floor    tlsname.Version // the oldest version with which it goes through
	Store    string          // the public roots it trusts, by the name of their store; "": none are known
	Roots    string          // where an installed root has to be put, if not into the system's store
	Shows    []Show          // what its user sees
	Frame    string          // what the program puts around that
}

// A Show is what a client's user sees where something was found.
type Show struct {
	On   string // as in Cell.On
	Text string
}

// shows is what the user sees for a hit; the first fit of the closest kind.
func (k *Client) shows(seen *chain.Seen) string {
	text, weight := "", 0
	kinds := append([]string{""}, seen.Hit.Kinds...)
	for _, s := range k.Shows {
		p := (&Cell{On: s.On}).pattern()
		for _, kind := range kinds {
			if w := p.matches(seen.Rule.ID, kind, seen.Place); w > weight {
				text, weight = s.Text, w
			}
		}
	}
	if text == "" {
		return ""
	}
	return strings.Replace(k.Frame, "%s", text, 1)
}

// grade is what the client makes of one hit.
func (k *Client) grade(seen *chain.Seen) (chain.Severity, chain.Status) {
	h := seen.Hit
	switch {
	case k.Fetches && fetched(h):
		return chain.Off, h.Status
	case k.Fetches && address(seen) != "":
		return chain.Error, chain.Unknown
	}
	if h.AtMost != "" && h.AtMost != chain.Error && h.Beside != chain.OnlyBest && !k.ownTableRefuses(seen) {
		return chain.Off, h.Status // a remark
	}
	kinds := h.Kinds
	if kinds == nil {
		kinds = []string{""}
	}
	refused, open := 0, false
	for _, kind := range kinds {
		cell := k.cell(seen.Rule.ID, kind, seen.Place)
		switch {
		case cell == nil:
			open = true
		case cell.refuses(h):
			refused++
		case h.Status != chain.Unknown: // a way out is enough
			return chain.Off, chain.Broken
		}
	}
	switch {
	case refused == len(kinds) && h.Status == chain.Unknown && len(kinds) == 1:
		return chain.Error, chain.Unknown
	case refused == len(kinds):
		return chain.Error, chain.Broken
	case refused == 0 && !open:
		return chain.Off, chain.Broken
	}
	return chain.Error, chain.Unknown
}

// ownTableRefuses reports whether one of the client's own tables refuses what others take for
// a remark.
func (k *Client) ownTableRefuses(seen *chain.Seen) bool {
	for _, t := range k.Tables {
		if c := t.find(seen.Rule.ID, "", seen.Place); c != nil && t != common && t != path {
			return c.refuses(seen.Hit)
		}
	}
	return false
}

// cell finds what the client says of a hit; nil: nobody knows.
func (k *Client) cell(rule, kind, place string) *Cell {
	for _, t := range k.Tables {
		if c := t.find(rule, kind, place); c != nil {
			return c
		}
	}
	return nil
}

// confidence is that of the cell that decides; a hit without one has none.
func (k *Client) confidence(seen *chain.Seen) Confidence {
	best := Confidence("")
	kinds := seen.Hit.Kinds
	if kinds == nil {
		kinds = []string{""}
	}
	for _, kind := range kinds {
		if c := k.cell(seen.Rule.ID, kind, seen.Place); c != nil && (best == "" || rank(c.From.Confidence) > rank(best)) {
			best = c.From.Confidence
		}
	}
	return best
}

// address is where a client that fetches finds the issuer that a hit says is
// missing; "" where nothing is missing, or nothing says where it can be had over http.
func address(seen *chain.Seen) string {
	it := seen.Hit.Item
	switch seen.Rule.ID {
	case "basic-intermediate-missing":
	case "basic-anchor-not-trusted":
		if it != nil && it.SelfIssued() {
			return ""
		}
	default:
		return ""
	}
	if it == nil {
		return ""
	}
	if list := overHTTP(it.Cert, x509read.OIDAccessCAIssuers); len(list) > 0 {
		return list[0]
	}
	return ""
}

// overHTTP lists where a certificate says that something can be had over http.
func overHTTP(c *x509read.Certificate, method x509read.OID) (list []string) {
	for _, d := range c.AuthorityInfo {
		where := string(d.Location.Value)
		if d.Method == method && d.Location.Tag == x509read.TagURI && strings.HasPrefix(strings.ToLower(where), "http://") {
			list = append(list, where)
		}
	}
	return list
}

// fetched reports whether a hit is about an issuer that the network gave: then a
// client that fetches has it as well.
func fetched(h *chain.Hit) bool { return slices.Contains(h.Kinds, string(chain.OriginFetched)) }
