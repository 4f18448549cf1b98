package ats

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(groupRule)

var groupRule = &chain.Rule{
	ID:        "ats-group",
	Level:     chain.LevelATS,
	Otherwise: chain.LevelX509,
	Title:     "the server has no key exchange group that is offered",
	Sources: []chain.Source{
		{Doc: "RFC 8446", Section: "section 4.2.7"},
		{Doc: "URLSession's ClientHello", Section: "supported_groups", Confidence: chain.ConfidenceField},
	},
	Explain: "Both sides have to know the group in which the ephemeral keys are exchanged. Apple's hello offers X25519MLKEM768, X25519, P-256, P-384 and P-521; a server limited to others, such as X448 or a Brainpool curve, answers with a handshake failure whatever its certificate chain is worth.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "allow X25519 and P-256", Config: groups()}},
	Apple:   chain.AppleError{Class: chain.ClassHandshake, URL: -1200, SSL: -9824},
	Check: chain.PerObservation(func(c *chain.Case, _ *chain.Observation) []chain.Hit {
		o := faultsOf(c).group
		if o == nil {
			return nil
		}
		return []chain.Hit{{
			Message:  fmt.Sprintf("the server exchanges keys only in groups that no Apple platform offers, such as %s", o.Outcome.Group),
			Evidence: []chain.Evid{{Field: "group", Got: o.Outcome.Group, Want: "one of " + groupNames(appleHello().Groups)}},
			Advice:   withException(c, chain.Advice{Who: "server administrator", Text: "allow X25519 and P-256", Config: groups()}),
		}}
	}),
}

func groupNames(groups []tlsname.Group) string {
	var names []string
	for _, g := range groups {
		names = append(names, g.String())
	}
	return strings.Join(names, ", ")
}
