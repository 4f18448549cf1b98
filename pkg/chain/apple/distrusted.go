package apple

import (
	"fmt"
	"strings"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(distrustedRule)

var distrustedRule = &chain.Rule{
	ID:    "apple-distrusted",
	Level: chain.LevelX509,
	Title: "Apple has withdrawn trust from an issuer",
	Sources: []chain.Source{
		{Doc: "Apple 121668", Section: "R-11", Confidence: chain.ConfidenceDocument},
		{Doc: "Valid database, November 2023", Section: "R-09, R-12, R-13, R-14", Confidence: chain.ConfidenceSource},
	},
	Explain: "Apple pushes to its devices a list of CAs whose certificates are refused: all of them, those issued after a date, or those for some purposes. It counts also where the user has installed the CA's root again. " +
		"The list on a device may be newer than the one this judgement rests on, which is of November 2023, with the documents Apple published since.",
	Advice:   []chain.Advice{{Who: "server administrator", Text: "get item 0 from another CA; installing the root on the devices does not help"}},
	Apple:    chain.AppleError{Class: chain.ClassRevoked, Sec: -67820},
	Instants: func(*chain.Case) []time.Time { return []time.Time{allowListsKnown} },
	Check: chain.PerPath(func(c *chain.Case, p *chain.Path) []chain.Hit {
		for i := 1; i < len(p.Items); i++ {
			for _, d := range distrusts(p.Items[i].Cert.SHA256) {
				if h, ok := d.hit(c, p); ok {
					return []chain.Hit{h}
				}
			}
		}
		return nil
	}),
}

// allowListsKnown is when the first CAs were taken back to lists of single
// certificates (apple: R-12); the lists themselves carry no date.
var allowListsKnown = time.Date(2021, 9, 10, 0, 0, 0, 0, time.UTC)

// hit judges the leaf of a path by one line of the table.
func (d distrust) hit(c *chain.Case, p *chain.Path) (chain.Hit, bool) {
	leaf := p.Leaf()
	nb := issuedAt(c, p)
	h := chain.Hit{Item: leaf, Evidence: []chain.Evid{{Field: "issued", Got: chain.Stamp(nb)}}}
	switch d.rule {
	case "issued-after":
		if !d.concerns(c.Question.Purpose) {
			return h, false
		}
		// The document gives a day; its last second is taken as the end.
		cut := d.from.AddDate(0, 0, 1)
		h.Evidence[0].Want = "before " + chain.Stamp(cut)
		if nb.Before(cut) {
			h.AtMost = chain.Warning
			h.Message = fmt.Sprintf("{item} is issued under %s, which is trusted for certificates issued until %s only: a renewed certificate will be refused", d.name, d.from.Format(time.DateOnly))
			return h, true
		}
		h.Message = fmt.Sprintf("{item} was issued on %s under %s, trusted for certificates issued until %s only", nb.Format(time.DateOnly), d.name, d.from.Format(time.DateOnly))
	case "issued-window":
		if !nb.Before(d.from) && nb.Before(d.until) {
			return h, false
		}
		h.Message = fmt.Sprintf("{item} was issued on %s under %s, trusted for certificates issued from %s to %s only", nb.Format(time.DateOnly), d.name, chain.Instant(d.from), chain.Instant(d.until))
		h.Evidence[0].Want = chain.Stamp(d.from) + " to " + chain.Stamp(d.until)
	case "allowed-purposes":
		if c.Question.Purpose == chain.PurposeAny || d.concerns(c.Question.Purpose) {
			return h, false
		}
		h.Message = fmt.Sprintf("{item} is issued under %s, which is trusted for %s only, not for %s", d.name, strings.ReplaceAll(d.purposes, ",", ", "), tlsPurpose(c.Question.Purpose))
		h.Evidence = []chain.Evid{{Field: "purpose", Got: tlsPurpose(c.Question.Purpose), Want: d.purposes}}
	case "allowlist-only":
		if c.Question.Time.Before(allowListsKnown) {
			return h, false
		}
		h.Message = fmt.Sprintf("{item} is issued under %s, which is no longer trusted: next to none of its certificates is accepted", d.name)
		h.Evidence = []chain.Evid{{Field: "issuer", Got: d.name, Want: "a CA that is trusted"}}
	default:
		return h, false
	}
	return h, true
}

// issuedAt is when the leaf was issued: the earliest time of its SCTs where
// they satisfy Certificate Transparency, since notBefore can be set at will
// (apple: R-09); else notBefore.
func issuedAt(c *chain.Case, p *chain.Path) time.Time {
	issued := p.Leaf().Cert.NotBefore
	if p.Leaf().Reissued || len(p.Leaf().Cert.SCTList) == 0 {
		return issued
	}
	n := count(c, p)
	if !n.compliant {
		return issued
	}
	first := time.Time{}
	for _, d := range n.all {
		if (d.now || d.retiredLog) && (first.IsZero() || d.sct.Time.Before(first)) {
			first = d.sct.Time
		}
	}
	return first
}

// concerns reports whether the line names the purpose. Only purposes of TLS are
// enforced on the device (apple: R-09).
func (d distrust) concerns(p chain.Purpose) bool {
	if d.purposes == "any" || p == chain.PurposeAny {
		return true
	}
	for name := range strings.SplitSeq(d.purposes, ",") {
		if name == tlsPurpose(p) {
			return true
		}
	}
	return false
}

func tlsPurpose(p chain.Purpose) string {
	if p == chain.PurposeClient {
		return "tlsClient"
	}
	return "tlsServer"
}
