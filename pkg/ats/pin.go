package ats

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(pinRule)

var pinRule = &chain.Rule{
	ID:    "ats-pin",
	Level: chain.LevelATS,
	Title: "the chain has none of the pinned keys",
	Sources: []chain.Source{
		{Doc: "SecPolicy.c", Section: "NSPinnedDomains; PIN-01 to PIN-06", Confidence: chain.ConfidenceTested},
		{Doc: "Apple: TLS for App Developers", Section: "overrides"},
	},
	Explain: "The app tightens trust evaluation: besides the default evaluation, the chain must contain a key it has pinned. Pins are compared with the SubjectPublicKeyInfo of item 0 (leaf pins) or of the intermediates and the trusted anchor (CA pins) of the evaluated chain. A chain that is otherwise trusted is then refused with errSSLATSCertificateTrustViolation -9886.",
	Advice:  []chain.Advice{{Who: "app developer", Text: "pin the key of a CA you will stay with, plus a spare one; the pin of every item is in this report", Commands: []string{"chainspect check -v {target}"}}},
	Apple:   chain.AppleError{Class: chain.ClassPinning, Sec: -9886, SSL: -9886},
	Needs: func(c *chain.Case) bool {
		pins := pinsFor(c.Question.AppSettings, host(c.Question))
		return len(c.Question.Pins) > 0 || pins.leaf != nil || pins.ca != nil
	},
	Check: chain.PerPath(checkPins),
}

func checkPins(c *chain.Case, p *chain.Path) (hits []chain.Hit) {
	if c.Question.Purpose == chain.PurposeClient || c.Question.For == "network" {
		return nil
	}
	if want := c.Question.Pins; len(want) > 0 && !pinned(p.Items[1:], want) {
		hits = append(hits, pinHit("no certificate above item 0 has a key given with --pin-ca", p.Items[1:], want,
			"check that the pinned CA is the one that issues for this server, or pin a key listed here"))
	}
	pins := pinsFor(c.Question.AppSettings, host(c.Question))
	where := keyPath(keyATS, keyPinnedDomains, strings.Join(pins.entries, ", "))
	if pins.leaf != nil && !pinned(p.Items[:1], pins.leaf) {
		hits = append(hits, pinHit(emptyOr(pins.leaf, "item 0 has a key that is not in NSPinnedLeafIdentities", keyPinnedLeaf), p.Items[:1], pins.leaf,
			"add the pin of item 0 to "+keyPath(where, keyPinnedLeaf)))
	}
	if pins.ca != nil && !pinned(p.Items[1:], pins.ca) {
		hits = append(hits, pinHit(emptyOr(pins.ca, "no certificate above item 0 has a key that is in NSPinnedCAIdentities", keyPinnedCA), p.Items[1:], pins.ca,
			"add the pin of a CA of this chain to "+keyPath(where, keyPinnedCA)))
	}
	return hits
}

// emptyOr is the message, or the one for a list that nothing can match (PIN-04).
func emptyOr(pins [][]byte, message, key string) string {
	if len(pins) == 0 {
		return fmt.Sprintf("%s is empty or malformed, so that no chain can match it", key)
	}
	return message
}

func pinHit(message string, items []*chain.Item, want [][]byte, fix string) chain.Hit {
	var wanted []string
	for _, w := range want {
		wanted = append(wanted, base64.StdEncoding.EncodeToString(w))
	}
	h := chain.Hit{Message: message, Advice: []chain.Advice{{Who: "app developer", Text: fix}}}
	for _, it := range items {
		h.Evidence = append(h.Evidence, chain.Evid{Field: "pin of " + itemName(it), Got: pinText(it), Want: strings.Join(wanted, " or ")})
	}
	if len(items) == 0 {
		h.Evidence = []chain.Evid{{Field: "certificates above item 0", Got: "0", Want: strings.Join(wanted, " or ")}}
	}
	return h
}

// itemName names an item for a reader: numbers belong to what was sent.
func itemName(it *chain.Item) string {
	if it.Sent() {
		return fmt.Sprintf("item %d", it.Index)
	}
	if cn := it.Cert.Subject.CommonName(); cn != "" {
		return cn
	}
	return "the trusted anchor"
}
