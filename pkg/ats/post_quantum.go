package ats

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

var _ = rules.Add(postQuantum)

var postQuantum = &chain.Rule{
	ID:    "ats-post-quantum",
	Level: chain.LevelATS,
	Title: "the key exchange is not quantum-secure",
	Sources: []chain.Source{
		{Doc: "Apple 122756", Section: "section 6g", Confidence: chain.ConfidenceDocument},
	},
	Explain: "From iOS 26 and macOS 26 on URLSession offers X25519MLKEM768, a key exchange that also withstands a quantum computer, and falls back to a classic group where the server does not know it. What is recorded today can then be decrypted one day. Nothing fails because of it.",
	Advice: []chain.Advice{{Who: "server administrator", Text: "with OpenSSL 3.5 or later allow X25519MLKEM768",
		Config: []string{chain.Nginx + "ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1;", chain.Apache + "SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:P-256"}}},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		f, _ := offered(o.Hello)
		if !judged(c) || !f.apple || !f.Large() || !chain.OffersMLKEM(c.Question.Platform) || o.Outcome.Version != tlsname.TLS13.String() || o.Outcome.Group == "" ||
			strings.Contains(o.Outcome.Group, "MLKEM") {
			return nil
		}
		return []chain.Hit{{Message: fmt.Sprintf("the server takes %s although X25519MLKEM768 was offered", o.Outcome.Group),
			Evidence: []chain.Evid{{Field: "group", Got: o.Outcome.Group, Want: "X25519MLKEM768"}}}}
	}),
}
