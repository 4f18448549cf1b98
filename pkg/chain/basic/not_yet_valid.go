package basic

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(notYetValid)

var notYetValid = &chain.Rule{
	ID:    "basic-not-yet-valid",
	Level: chain.LevelX509,
	Title: "certificate is not valid yet",
	Sources: []chain.Source{
		{Doc: "RFC 5280", Section: "section 6.1.3 (a)(2)"},
		{Doc: "SecPolicyServer.c", Section: "D-01", Confidence: chain.ConfidenceSource},
	},
	Explain: "A certificate must not be used before its notBefore date. Very often the certificate is right and a clock is wrong: that of the device, of the CA, or of the machine that evaluates trust. " +
		"Apple platforms report this with the same code as an expired certificate.",
	Advice: []chain.Advice{
		{Who: "device owner", Text: "set the clock of the evaluating device right; if the clock is right, wait until the date, or have the CA issue the certificate again with an earlier one"},
		{For: chain.ForClient, Who: "server administrator", Text: "set the clock of the server right; if it is right, wait until the date, or have the CA issue the identity again with an earlier one"},
	},
	Apple: chain.AppleError{Class: chain.ClassExpired, Sec: -67818},
	// Both fire where notAfter lies before notBefore, which the other one says.
	Instants: chain.AtValidity,
	Check: chain.PerItem(func(c *chain.Case, it *chain.Item, _ chain.Place) []chain.Hit {
		t, nb := c.Question.Time, it.Cert.NotBefore
		if nb.IsZero() || !wholeSeconds(t).Before(nb) {
			return nil
		}
		return []chain.Hit{{
			Item:     it,
			Message:  fmt.Sprintf("{item} becomes valid on %s, %s after the time of the evaluation", chain.Instant(nb), chain.Between(t, nb)),
			Evidence: []chain.Evid{{Field: "notBefore", Got: chain.Stamp(nb), Want: "not after " + chain.Stamp(t)}},
			Advice:   []chain.Advice{{Repair: chain.RepairTime(nb)}},
		}}
	}),
}
